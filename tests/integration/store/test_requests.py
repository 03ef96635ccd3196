"""What is asked of an execution is read once, in order, and never missed."""

import threading

from everyrun.domain.identifiers import new_id
from everyrun.store.database import Database
from everyrun.store.requests import ask, requests_after, requests_of_many, was_asked
from tests.support.facts import NOON, SECOND


def _ask(database: Database, execution_id: str, action: str, now: int = NOON) -> str:
    return database.transact(lambda c: ask(c, execution_id, action, by="ana", now=now))


def test_requests_come_in_the_order_in_which_they_were_asked(database: Database) -> None:
    execution_id = new_id()
    for turn, action in enumerate(("pause", "resume", "cancel")):
        _ask(database, execution_id, action, NOON + turn)

    with database.reading() as connection:
        found = requests_after(connection, execution_id)
        rest = requests_after(connection, execution_id, found[0].id)

    assert ["pause", "resume", "cancel"] == [request.action for request in found]
    assert [NOON, NOON + 1, NOON + 2] == [request.at for request in found]
    assert found[1:] == rest


def test_an_answer_keeps_what_was_said_of_which_node(database: Database) -> None:
    execution_id, said = new_id(), {"approved": True, "comment": "좋다"}

    id_ = database.transact(
        lambda c: ask(c, execution_id, "answer", node="sign[2]", data=said, by="bo", now=NOON)
    )

    with database.reading() as connection:
        (found,) = requests_after(connection, execution_id)
    assert (execution_id, id_, "answer", "sign[2]", said, "bo", NOON) == tuple(found)


def test_several_executions_are_read_at_once(database: Database) -> None:
    one, other, silent = new_id(), new_id(), new_id()
    first = _ask(database, one, "pause")
    second = _ask(database, one, "resume")
    third = _ask(database, other, "cancel")

    with database.reading() as connection:
        found = requests_of_many(connection, {one: first, other: None, silent: None})

    assert {one: [second], other: [third], silent: []} == {
        id_: [request.id for request in asked] for id_, asked in found.items()
    }


def test_ids_grow_with_the_commits_whoever_asks(database: Database) -> None:
    execution_id, seen = new_id(), list[str]()
    asked, stopped = threading.Barrier(3), threading.Event()

    def ask_often() -> None:
        asked.wait(10)
        for turn in range(10):
            _ask(database, execution_id, "signal", NOON - turn * SECOND)

    def follow() -> None:
        last: str | None = None
        while True:
            is_last_look = stopped.is_set()
            with database.reading() as connection:
                for request in requests_after(connection, execution_id, last):
                    seen.append(request.id)
                    last = request.id
            if is_last_look:
                return

    askers = [threading.Thread(target=ask_often) for _ in range(3)]
    follower = threading.Thread(target=follow)
    follower.start()
    for thread in askers:
        thread.start()
    for thread in askers:
        thread.join(60)
    stopped.set()
    follower.join(60)

    assert 30 == len(seen) == len(set(seen))


def test_it_is_known_whether_something_was_ever_asked(database: Database) -> None:
    execution_id = new_id()
    _ask(database, execution_id, "kill")

    with database.reading() as connection:
        assert was_asked(connection, execution_id, "cancel", "kill")
        assert not was_asked(connection, execution_id, "pause")
        assert not was_asked(connection, new_id(), "kill")
