"""The list of executions: whatever the filters, it finds what a full look finds."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pytest

from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import InvalidCursor, InvalidQuery
from everyrun.domain.status import Status
from everyrun.domain.views.executions import ExecutionFilters
from everyrun.store.database import Database
from everyrun.store.reading import routes
from everyrun.store.reading.cursors import LineCursor
from everyrun.store.reading.executions import list_executions
from tests.integration.reading.full_look import Row, all_rows, read_through
from tests.integration.reading.runs import HOUR, Run, tell_runs
from tests.support.facts import NOON, SECOND


def _pick(choice: random.Random, name: str, rows: list[Row]) -> Any:
    row = choice.choice(rows)
    if name == "statuses":
        return tuple({row.status, *choice.sample(sorted(Status), choice.randint(0, 3))})
    if name == "tag":
        return choice.choice(row.tags or ("incident",))
    if name in {"since", "until"}:
        return row.born
    if name == "text":
        begin = choice.randrange(len(row.workflow))
        return row.workflow[begin : begin + choice.randint(1, 6)].upper()
    if name in {"parent_execution_id", "batch_id", "external_id"}:
        row = choice.choice([row for row in rows if getattr(row, name)])
    return getattr(row, name)


NAMES = (
    "workflow",
    "kind",
    "statuses",
    "trigger",
    "tag",
    "text",
    "since",
    "until",
    "parent_execution_id",
    "batch_id",
    "external_id",
)


def _draw_filters(rows: list[Row], count: int) -> Iterator[ExecutionFilters]:
    """Every pair of filters, and larger combinations."""
    choice = random.Random(5)
    for number in range(count):
        pair = divmod(number, len(NAMES))
        some = {NAMES[pair[0] % len(NAMES)], NAMES[pair[1]]}
        if number >= len(NAMES) ** 2:
            some = set(choice.sample(NAMES, choice.randint(3, 5)))
        yield ExecutionFilters(**{name: _pick(choice, name, rows) for name in some})


def test_any_combination_of_filters_finds_what_a_full_look_finds(history: Database) -> None:
    rows = all_rows(history)
    for filters in _draw_filters(rows, len(NAMES) ** 2 + 40):
        expected = [row.id for row in rows if row.passes(filters)]

        assert expected == read_through(history, filters)[0], filters


def test_short_searches_find_the_same_in_more_pages(
    history: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "ENTRIES_PER_SEARCH", 40)
    monkeypatch.setattr(routes, "TAGS_PER_SEARCH", 20)
    monkeypatch.setattr(routes, "LANES_TOGETHER", 3)
    rows = all_rows(history)
    more_pages = 0
    for filters in islice(_draw_filters(rows, len(NAMES) ** 2 + 40), 1, None, 3):
        expected = [row.id for row in rows if row.passes(filters)]
        found, pages = read_through(history, filters, limit=60)
        more_pages += pages > len(expected) // 60 + 1

        assert expected == found, filters
    assert more_pages > 5


def test_a_search_that_stops_early_says_how_far_it_looked(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "ENTRIES_PER_SEARCH", 100)
    monkeypatch.setattr(routes, "TAGS_PER_SEARCH", 100)
    sorts: list[dict[str, Any]] = [
        {"tags": ["odd"], "trigger": "manual"},
        {"tags": ["even"], "trigger": "api"},
    ]
    runs = [Run(at=NOON + number * SECOND, **sorts[number % 2]) for number in range(300)]
    tell_runs(database, runs)
    nowhere = ExecutionFilters(tag="odd", trigger="api")
    with database.reading() as connection:
        page = list_executions(connection, nowhere)
        last = list_executions(connection, nowhere, cursor=page.next)

    assert ([], to_datetime(NOON + 100 * SECOND)) == (page.items, page.searched_to)
    assert ([], None, None) == (last.items, last.next, last.searched_to)


def test_a_page_goes_on_where_the_last_one_ended_whatever_arrives_meanwhile(
    database: Database,
) -> None:
    runs = [Run(at=NOON + number * SECOND) for number in range(7)]
    tell_runs(database, runs)
    with database.reading() as connection:
        first = list_executions(connection, ExecutionFilters(), limit=3)
    tell_runs(database, [Run(at=NOON + HOUR)])
    with database.reading() as connection:
        second = list_executions(connection, ExecutionFilters(), limit=3, cursor=first.next)
        third = list_executions(connection, ExecutionFilters(), limit=3, cursor=second.next)

    assert [run.id for run in runs[:3:-1]] == [item.id for item in first.items]
    assert [run.id for run in runs[3:0:-1]] == [item.id for item in second.items]
    assert ([runs[0].id], None) == ([item.id for item in third.items], third.next)


def test_a_full_last_page_has_no_next(database: Database) -> None:
    tell_runs(database, [Run(), Run()])
    with database.reading() as connection:
        page = list_executions(connection, ExecutionFilters(), limit=2)

    assert (2, None) == (len(page.items), page.next)


def test_a_summary_says_everything_but_payloads(database: Database) -> None:
    run = Run(
        "정산", kind="job", trigger="api", external_id="job_1", tags=["b", "a"], nodes_total=3
    ).started()
    run.node("load")
    run.node("save", Status.FAILED)
    run.finished(
        Status.FAILED,
        after=90 * SECOND,
        error_type="ValueError",
        error_message="x" * 300 + "\nmore",
    )
    tell_runs(database, [run])
    with database.reading() as connection:
        (item,) = list_executions(connection, ExecutionFilters()).items

    assert (run.id, "정산", "job", "failed", "api", "job_1", ["a", "b"]) == (
        item.id,
        item.workflow,
        item.kind,
        item.status,
        item.trigger,
        item.external_id,
        sorted(item.tags),
    )
    assert (to_datetime(NOON), to_datetime(NOON + 90 * SECOND), 90.0) == (
        item.started_at,
        item.ended_at,
        item.duration_seconds,
    )
    assert (3, 2, 1, 1) == (
        item.nodes_planned,
        item.nodes_total,
        item.nodes_completed,
        item.nodes_failed,
    )
    assert "ValueError: " + "x" * 187 + "…" == item.error


AWKWARD = ("50%_off", "50x-off", "o'clock", "back\\slash", "주간 보고서", "ÄRGER", "a\x00b")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("%", ["50%_off"]),
        ("0%_O", ["50%_off"]),
        ("_", ["50%_off"]),
        ("'", ["o'clock"]),
        ("\\", ["a\\x00b", "back\\slash"]),
        ("보고", ["주간 보고서"]),
        ("ärger", ["ÄRGER"]),
        ("\0", ["a\\x00b"]),
        ("\udc80", []),
        ("", sorted(name.replace("\0", "\\x00") for name in AWKWARD)),
    ],
)
def test_text_is_found_literally_in_any_case(
    database: Database, text: str, named: list[str]
) -> None:
    tell_runs(database, [Run(name.replace("\0", "\\x00")) for name in AWKWARD])
    with database.reading() as connection:
        page = list_executions(connection, ExecutionFilters(text=text))

    assert named == sorted(item.workflow for item in page.items)


def test_text_finds_an_external_id_beside_names(database: Database) -> None:
    named, called, other = Run("job 7"), Run("x", external_id="job 7"), Run("y", external_id="7")
    tell_runs(database, [named, called, other])
    with database.reading() as connection:
        page = list_executions(connection, ExecutionFilters(text="job 7"))
        by_kind = list_executions(connection, ExecutionFilters(text="job 7", kind="script"))

    assert {named.id, called.id} == {item.id for item in page.items}
    assert [] == by_kind.items


@pytest.mark.parametrize("statuses", [(), ("pending",), ("pending", "failed")])
def test_text_finds_the_newest_of_more_workflows_than_are_asked_one_by_one(
    database: Database, statuses: tuple[str, ...]
) -> None:
    runs = [Run(f"import {number}", at=NOON + number * SECOND) for number in range(230)]
    tell_runs(database, [*runs, Run("other", at=NOON + HOUR)])
    filters = ExecutionFilters(text="IMPORT", statuses=statuses)
    found, _ = read_through(database, filters, limit=100)

    assert [run.id for run in reversed(runs)] == found


@pytest.mark.parametrize(
    "cursor", ["", "x", "AWU", "한글", "AWUAAAAAAAAAAAAAAAAAAAAAAAAA", "=" * 24]
)
def test_a_cursor_that_no_list_made_is_refused(database: Database, cursor: str) -> None:
    with database.reading() as connection, pytest.raises(InvalidCursor):
        list_executions(connection, ExecutionFilters(), cursor=cursor)


def test_another_lists_cursor_is_refused(database: Database) -> None:
    cursor = LineCursor.after(NOON, Run().id, Run().id)
    with database.reading() as connection, pytest.raises(InvalidCursor):
        list_executions(connection, ExecutionFilters(), cursor=cursor)


@pytest.mark.parametrize(
    "filters",
    [
        {"statuses": ("done",)},
        {"since": to_datetime(NOON).replace(tzinfo=None)},
        {"parent_execution_id": "17"},
        {"batch_id": "x"},
        {"text": "x" * 1_001},
    ],
)
def test_a_filter_that_cannot_be_is_refused(database: Database, filters: dict[str, Any]) -> None:
    with database.reading() as connection, pytest.raises(InvalidQuery):
        list_executions(connection, ExecutionFilters(**filters))


@pytest.mark.parametrize("limit", [0, -1, 501])
def test_a_page_has_a_ceiling(database: Database, limit: int) -> None:
    with database.reading() as connection, pytest.raises(InvalidQuery, match="1 to 500"):
        list_executions(connection, ExecutionFilters(), limit=limit)


@pytest.mark.parametrize(
    "moment", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
)
def test_times_at_the_ends_of_the_calendar_are_no_trouble(
    database: Database, moment: datetime
) -> None:
    tell_runs(database, [Run()])
    ever = ExecutionFilters(
        since=datetime.min.replace(tzinfo=UTC), until=datetime.max.replace(tzinfo=UTC)
    )
    never = ExecutionFilters(since=moment, until=moment)
    with database.reading() as connection:
        all_of_it = list_executions(connection, ever)
        nothing = list_executions(connection, never)

    assert (1, 0) == (len(all_of_it.items), len(nothing.items))
