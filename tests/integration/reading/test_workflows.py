"""The list of workflows: every kind, in order, with what ran last and what ran lately."""

from typing import Any

import pytest

from everyrun.domain.errors import InvalidCursor, InvalidQuery
from everyrun.domain.status import Status
from everyrun.domain.views.workflows import WorkflowPage, WorkflowSummary
from everyrun.store import versions
from everyrun.store.database import Database
from everyrun.store.reading.workflows import WorkflowFilters, read_workflows
from everyrun.store.workflows import create_workflow
from tests.support.facts import NOON, SECOND, Facts, tell
from tests.support.queue import save

HOUR = 3_600 * SECOND
EVERYTHING = WorkflowFilters()


def page(
    database: Database,
    *,
    now: int = NOON + HOUR,
    limit: int = 50,
    cursor: str | None = None,
    filters: WorkflowFilters = EVERYTHING,
) -> WorkflowPage:
    """A page of the list."""
    with database.reading() as connection:
        return read_workflows(connection, filters, now=now, limit=limit, cursor=cursor)


def listed(database: Database, now: int = NOON + HOUR) -> dict[str, WorkflowSummary]:
    """The workflows by name."""
    return {each.name: each for each in page(database, now=now).items}


def ran(database: Database, name: str, at: int, status: Status = Status.COMPLETED) -> str:
    """An execution of a function that took a second."""
    facts = Facts(name)
    tell(database, facts.started(at), facts.finished(at + SECOND, status))
    return facts.execution_id


def test_each_has_its_last_run_and_counts_its_recent_ones(database: Database) -> None:
    save(database)
    ran(database, "invoices", NOON - 30 * HOUR)
    ran(database, "invoices", NOON - 2 * HOUR, Status.FAILED)
    last = ran(database, "invoices", NOON - HOUR)
    waits = Facts("invoices")
    tell(database, waits.started(NOON))

    found = listed(database)

    invoices, nightly = found["invoices"], found["nightly"]
    assert invoices.last_run is not None
    assert last < waits.execution_id == invoices.last_run.id
    recent = invoices.recent
    assert (3, 1, 1, 1) == (recent.total, recent.completed, recent.failed, recent.open)
    assert (None, 0) == (nightly.last_run, nightly.recent.total)
    assert 1 == listed(database, now=NOON + 23 * HOUR + HOUR // 2)["invoices"].recent.total


def test_those_with_a_place_come_first_and_pages_hold_all_of_them_once(database: Database) -> None:
    for name in ("d", "b"):
        save(database, name)
    for name in ("c", "a"):
        ran(database, name, NOON)

    assert ["d", "b", "a", "c"] == [each.name for each in page(database).items]
    found, cursor = [], None
    for _ in range(4):
        part = page(database, limit=1, cursor=cursor)
        found += [each.name for each in part.items]
        cursor = part.next
    assert ["d", "b", "a", "c"] == found
    assert cursor is None


def test_filters_leave_out(database: Database) -> None:
    for name in ("backup", "Übersicht", "other_one"):
        save(database, name)
    with database.writing() as connection:
        create_workflow(connection, "backup", "script", NOON, active=False)
        versions.delete_workflow(connection, "other_one", NOON)

    def names(**filters: Any) -> list[str]:
        found = page(database, filters=WorkflowFilters(**filters)).items
        return [f"{each.kind} {each.name}" for each in found]

    assert ["graph backup", "script backup"] == names(text="BACK")
    assert ["script backup"] == names(kind="script") == names(active=False)
    assert ["graph Übersicht"] == names(text="über")
    assert "graph other_one" in names(deleted=True)
    assert [] == names(text="other%one") == names(kind="nothing")


def test_what_cannot_be_asked_is_refused(database: Database) -> None:
    for name in ("a", "b"):
        save(database, name)
    cursor = page(database, limit=1).next
    assert cursor is not None

    with pytest.raises(InvalidQuery):
        page(database, limit=501)
    for wrong in ("", "x", cursor[:-2], f"{cursor}AAAA"):
        with pytest.raises(InvalidCursor):
            page(database, cursor=wrong)
