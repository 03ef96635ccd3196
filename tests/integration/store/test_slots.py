"""Concurrency keys: never more at once than the limit, and none leaked by the dead."""

import threading

from everyrun.domain.identifiers import new_id
from everyrun.store import leases
from everyrun.store.database import Database
from everyrun.store.slots import claim_slot, free_slot
from tests.support.facts import NOON
from tests.support.queue import LATER, queue_up, save


def _running(database: Database) -> str:
    workflow_id = save(database).workflow_id
    return queue_up(database, workflow_id, owner=new_id(), host="host-a", expires_at=LATER)


def _claim(database: Database, execution_id: str, node: str, limit: int = 1) -> bool:
    return database.transact(lambda c: claim_slot(c, "db", limit, execution_id, node, NOON))


def test_a_key_gives_as_many_slots_as_its_limit(database: Database) -> None:
    one, other = _running(database), _running(database)
    first, second = new_id(), new_id()

    assert _claim(database, one, first, limit=2)
    assert _claim(database, other, second, limit=2)
    assert not _claim(database, one, new_id(), limit=2)
    database.transact(lambda c: free_slot(c, "db", first))
    assert _claim(database, one, new_id(), limit=2)


def test_who_has_a_slot_may_ask_again(database: Database) -> None:
    execution_id, node = _running(database), new_id()

    assert _claim(database, execution_id, node)
    assert _claim(database, execution_id, node)


def test_a_killed_engine_leaks_no_slot(database: Database) -> None:
    killed, alive = _running(database), _running(database)
    assert _claim(database, killed, new_id())

    assert not database.transact(lambda c: claim_slot(c, "db", 1, alive, new_id(), LATER - 1))
    assert database.transact(lambda c: claim_slot(c, "db", 1, alive, new_id(), LATER))


def test_what_settles_gives_its_slots_back(database: Database) -> None:
    workflow_id, me = save(database).workflow_id, new_id()
    done = queue_up(database, workflow_id, owner=me, host="host-a", expires_at=LATER)
    assert _claim(database, done, new_id())

    database.transact(lambda c: leases.release(c, done, me))

    assert _claim(database, _running(database), new_id())


def test_claims_at_the_same_time_never_pass_the_limit(database: Database) -> None:
    execution_id = _running(database)
    together, granted = threading.Barrier(4), list[bool]()

    def claim_some() -> None:
        together.wait(10)
        granted.extend(_claim(database, execution_id, new_id(), limit=3) for _ in range(3))

    threads = [threading.Thread(target=claim_some) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert (12, 3) == (len(granted), sum(granted))
