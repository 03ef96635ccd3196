"""Who gets which execution to run, and who keeps it."""

import threading

from everyrun.domain.identifiers import new_id
from everyrun.store import leases
from everyrun.store.database import Database
from everyrun.store.slots import claim_slot
from tests.support.facts import NOON, SECOND
from tests.support.queue import LATER, lease_of, queue_up, save, take, take_next


def test_the_queue_goes_by_priority_and_then_by_age(database: Database) -> None:
    workflow_id, me = save(database).workflow_id, new_id()
    first = queue_up(database, workflow_id)
    second = queue_up(database, workflow_id)
    urgent = queue_up(database, workflow_id, priority=5)

    taken = [take_next(database, me) for _ in range(4)]

    assert [urgent, first, second, None] == taken


def test_what_is_not_due_yet_or_paused_waits(database: Database) -> None:
    workflow_id = save(database).workflow_id
    queue_up(database, workflow_id, available_at=NOON + 1)
    paused = queue_up(database, workflow_id)
    database.transact(lambda c: leases.set_paused(c, paused, NOON))

    assert take_next(database, new_id()) is None

    assert database.transact(lambda c: leases.set_paused(c, paused, None))
    assert paused == take_next(database, new_id())


def test_a_batch_is_taken_by_whoever_runs_it_alone(database: Database) -> None:
    workflow_id, batch_id = save(database).workflow_id, new_id()
    of_batch = queue_up(database, workflow_id, batch_id=batch_id)

    assert take_next(database, new_id()) is None
    assert take_next(database, new_id(), batch_id=new_id()) is None
    assert of_batch == take_next(database, new_id(), batch_id=batch_id)


def test_what_waits_counts_unless_a_batch_says_when_it_runs(database: Database) -> None:
    workflow_id = save(database).workflow_id
    alone = [queue_up(database, workflow_id) for _ in range(2)]
    members = [queue_up(database, workflow_id, batch_id=new_id()) for _ in range(3)]

    def counted(most: int = 10) -> int:
        with database.reading() as connection:
            return leases.count_unsettled(connection, most)

    assert len(alone) == counted()
    assert take(database, members[0], new_id())
    assert len(alone) + 1 == counted()
    assert 1 == counted(most=1)


def test_no_more_of_a_workflow_are_held_than_it_says(database: Database) -> None:
    limited, free = save(database).workflow_id, save(database, "hourly").workflow_id
    first = queue_up(database, limited, at_most=1)
    second = queue_up(database, limited, at_most=1)
    other = queue_up(database, free)
    me = new_id()

    taken = [take_next(database, me) for _ in range(3)]

    assert [first, other, None] == taken
    database.transact(lambda c: leases.release(c, first, me))
    assert second == take_next(database, me)


def test_takers_at_the_same_time_share_out_the_queue(database: Database) -> None:
    limited, free = save(database).workflow_id, save(database, "hourly").workflow_id
    for _ in range(6):
        queue_up(database, limited, at_most=2)
        queue_up(database, free)
    together, taken = threading.Barrier(4), list[str]()

    def take_all() -> None:
        me = new_id()
        together.wait(10)
        while (found := take_next(database, me)) is not None:
            taken.append(found)

    threads = [threading.Thread(target=take_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    # Takers pass over what another is just taking, so one more look may find something left.
    while (found := take_next(database, new_id())) is not None:
        taken.append(found)

    assert 8 == len(taken) == len(set(taken))
    with database.reading() as connection:
        waiting = [each.owner for each in leases.held_or_waiting(connection, limited)]
    assert 2 == len([owner for owner in waiting if owner])


def test_a_lease_is_taken_over_only_when_it_has_expired(database: Database) -> None:
    execution_id = queue_up(database, save(database).workflow_id)
    first, second = new_id(), new_id()

    assert take(database, execution_id, first)
    assert not take(database, execution_id, second, now=LATER - 1)
    with database.reading() as connection:
        assert [] == leases.expired(connection, LATER - 1, 10)
        assert [execution_id] == [e.execution_id for e in leases.expired(connection, LATER, 10)]
    assert take(database, execution_id, second, now=LATER)
    lease = lease_of(database, execution_id)
    assert lease is not None
    assert (second, "host-a", 2, LATER + 30 * SECOND) == (
        lease.owner,
        lease.host,
        lease.epoch,
        lease.expires_at,
    )


def test_what_has_settled_is_there_for_nobody_to_take(database: Database) -> None:
    assert not take(database, new_id(), new_id())


def test_renewing_tells_what_is_still_held(database: Database) -> None:
    workflow_id, me, other = save(database).workflow_id, new_id(), new_id()
    kept, stolen, given_up = (queue_up(database, workflow_id) for _ in range(3))
    for execution_id in (kept, stolen, given_up):
        assert take(database, execution_id, me)
    assert take(database, stolen, other, now=LATER)

    held = database.transact(lambda c: leases.renew(c, me, [kept, stolen], LATER + SECOND))

    assert {kept} == held
    left = lease_of(database, given_up)
    assert left is not None
    assert LATER == left.expires_at
    lease = lease_of(database, kept)
    assert lease is not None
    assert LATER + SECOND == lease.expires_at


def test_only_the_owner_releases_or_hands_over(database: Database) -> None:
    workflow_id, me, other = save(database).workflow_id, new_id(), new_id()
    execution_id = queue_up(database, workflow_id)
    assert take(database, execution_id, me)

    assert not database.transact(lambda c: leases.release(c, execution_id, other))
    assert not database.transact(lambda c: leases.release(c, execution_id, None))
    assert not database.transact(lambda c: leases.hand_over(c, execution_id, other, NOON))
    assert database.transact(lambda c: leases.hand_over(c, execution_id, me, NOON))
    waiting = lease_of(database, execution_id)
    assert waiting is not None
    assert (None, None, None) == (waiting.owner, waiting.host, waiting.expires_at)
    assert database.transact(lambda c: leases.release(c, execution_id, None))
    assert lease_of(database, execution_id) is None


def test_an_execution_may_start_in_its_owners_hands(database: Database) -> None:
    me = new_id()
    execution_id = queue_up(
        database, save(database).workflow_id, owner=me, host="host-a", expires_at=LATER, priority=3
    )

    lease = lease_of(database, execution_id)

    assert lease is not None
    assert (me, 1, 3, LATER, NOON) == (
        lease.owner,
        lease.epoch,
        lease.priority,
        lease.expires_at,
        lease.available_at,
    )
    assert take_next(database, new_id()) is None


def test_an_execution_that_is_paused_twice_keeps_the_first_time(database: Database) -> None:
    execution_id = queue_up(database, save(database).workflow_id)

    database.transact(lambda c: leases.set_paused(c, execution_id, NOON))
    database.transact(lambda c: leases.set_paused(c, execution_id, NOON + 9))

    lease = lease_of(database, execution_id)
    assert lease is not None
    assert NOON == lease.paused_at
    assert not database.transact(lambda c: leases.set_paused(c, new_id(), NOON))


def test_a_new_owner_finds_no_slots_taken_by_the_former_one(database: Database) -> None:
    execution_id = queue_up(database, save(database).workflow_id)
    assert take(database, execution_id, new_id())
    database.transact(lambda c: claim_slot(c, "db", 1, execution_id, new_id(), NOON))

    assert take(database, execution_id, new_id(), now=LATER)

    assert database.transact(lambda c: claim_slot(c, "db", 1, execution_id, new_id(), LATER))
