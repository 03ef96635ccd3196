"""Decisions are legal or they raise, whoever decides at the same time (R2.5-R2.8)."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, select

from everyrun.domain import events
from everyrun.domain.errors import NotOnRecord
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.store import transitions
from everyrun.store.checking import check_counters
from everyrun.store.database import Database
from everyrun.store.tables import WorkflowExecution
from tests.support.facts import NOON, SECOND, Facts, a_recorder, tell

Decision = Callable[[Connection, str], None]

DECISIONS: dict[str, Decision] = {
    "start": lambda c, id_: transitions.start(c, a_recorder(), id_, NOON),
    "complete": lambda c, id_: transitions.complete(c, a_recorder(), id_, NOON + SECOND, {}),
    "fail": lambda c, id_: transitions.fail(c, a_recorder(), id_, NOON + SECOND, "broken"),
    "cancel": lambda c, id_: transitions.cancel(c, a_recorder(), id_, NOON + SECOND),
}
BECOMES = {"start": "running", "complete": "completed", "fail": "failed", "cancel": "cancelled"}
LEGAL = {
    ("start", "pending"),
    ("complete", "running"),
    ("fail", "running"),
    ("cancel", "pending"),
    ("cancel", "running"),
}
STATUSES = ("pending", "running", "completed", "failed", "cancelled", "skipped")


def _execution_in(database: Database, status: str) -> str:
    facts = Facts()
    told: list[Any] = [events.ExecutionCreated(**facts.of, at=NOON - SECOND)]
    if status != "pending":
        told.append(facts.started(at=NOON - SECOND))
    if status not in {"pending", "running"}:
        told.append(facts.finished(at=NOON, status=Status(status)))
    tell(database, *told)
    return facts.execution_id


def _status(database: Database, execution_id: str) -> str:
    with database.reading() as connection:
        query = select(WorkflowExecution.status).where(WorkflowExecution.id == execution_id)
        return str(connection.execute(query).scalar_one())


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("decision", DECISIONS)
def test_only_legal_decisions_are_taken(database: Database, decision: str, status: str) -> None:
    execution_id = _execution_in(database, status)

    if (decision, status) in LEGAL:
        with database.writing() as connection:
            DECISIONS[decision](connection, execution_id)

        assert BECOMES[decision] == _status(database, execution_id)
    else:
        sentence = f"^Cannot {decision} execution in {status} state$"
        with pytest.raises(ValueError, match=sentence), database.writing() as connection:
            DECISIONS[decision](connection, execution_id)

        assert status == _status(database, execution_id)
    with database.reading() as connection:
        assert [] == check_counters(connection)


def test_of_two_who_start_at_once_one_is_told_no(database: Database) -> None:
    execution_id = _execution_in(database, "pending")
    barrier = threading.Barrier(2)
    answers: list[str] = []

    def start() -> None:
        barrier.wait()
        try:
            with database.writing() as connection:
                DECISIONS["start"](connection, execution_id)
            answers.append("started")
        except ValueError as error:
            answers.append(str(error))

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ["Cannot start execution in running state", "started"] == sorted(answers)


def test_an_unknown_execution_is_named(database: Database) -> None:
    unknown = new_id()

    with pytest.raises(NotOnRecord, match=unknown), database.writing() as connection:
        DECISIONS["cancel"](connection, unknown)
