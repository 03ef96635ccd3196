"""Searching all logs."""

from datetime import timedelta
from typing import Any

import pytest

from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import InvalidCursor, InvalidQuery
from everyrun.domain.status import LogLevel
from everyrun.domain.views.logs import FoundLine, LogSearchPage
from everyrun.store.database import Database
from everyrun.store.reading import log_search
from everyrun.store.reading.cursors import ExecutionCursor, LineCursor, PositionCursor
from everyrun.store.reading.logs import search
from tests.integration.reading.runs import NOBODY, Run, tell_runs
from tests.support.facts import NOON, SECOND


def _search(database: Database, **how: Any) -> LogSearchPage:
    with database.reading() as connection:
        return search(connection, **how)


def _messages(page: LogSearchPage) -> list[str]:
    return [line.message for line in page.lines]


def _read_through(database: Database, **how: Any) -> list[LogSearchPage]:
    pages = [_search(database, **how)]
    while pages[-1].next is not None:
        pages.append(_search(database, **how, cursor=pages[-1].next))
    return pages


AWKWARD = (
    "100% sure",
    "100x sure",
    "a_b",
    "axb",
    "it's",
    "재고 3개",
    "back\\slash",
    "LOUD",
    "Ärger",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100%", ["100% sure"]),
        ("a_b", ["a_b"]),
        ("'", ["it's"]),
        ("재고", ["재고 3개"]),
        ("\\", ["back\\slash"]),
        ("loud", ["LOUD"]),
        ("äRGER", ["Ärger"]),
        ("nowhere", []),
        (None, list(reversed(AWKWARD))),
    ],
)
def test_text_is_found_literally_in_any_case(
    database: Database, text: str | None, expected: list[str]
) -> None:
    run = Run().lines(*AWKWARD)
    tell_runs(database, [run])

    assert expected == _messages(_search(database, text=text))
    assert expected == _messages(_search(database, text=text, execution_id=run.id))


def test_lines_of_all_executions_come_newest_first(database: Database) -> None:
    early = Run("a", at=NOON).lines("1", after=0).lines("3", after=2 * SECOND)
    late = Run("b", at=NOON, kind="job").lines("2", after=SECOND).lines("4", after=3 * SECOND)
    tell_runs(database, [early, late])
    page = _search(database)

    assert ["4", "3", "2", "1"] == _messages(page)
    assert [("b", "job", late.id), ("a", "function", early.id)] == [
        (line.workflow, line.kind, line.execution_id) for line in page.lines[:2]
    ]


@pytest.mark.parametrize("levels", [(), ("error",), ("warning", "error"), ("info", "error")])
@pytest.mark.parametrize("of_one", [False, True])
def test_pages_join_without_gap_or_repeat(
    history: Database, levels: tuple[str, ...], of_one: bool
) -> None:
    everything = _read_through(history, levels=levels, limit=500)
    lines = [line for page in everything for line in page.lines]
    how: dict[str, Any] = {}
    if of_one:
        how["execution_id"] = max(lines, key=lambda line: line.position).execution_id
        lines = [line for line in lines if line.execution_id == how["execution_id"]]
        lines.sort(key=lambda line: line.position, reverse=True)
    else:
        lines = lines[:900]
    pages = _read_through(history, levels=levels, limit=70, **how, since=_oldest(lines, of_one))
    found = [line for page in pages for line in page.lines]

    assert len(lines) > 30
    assert [line.id for line in lines] == [line.id for line in found]
    assert not levels or {line.level for line in found} <= set(levels)


def _oldest(lines: list[FoundLine], of_one: bool) -> Any:
    return None if of_one else lines[-1].timestamp


def test_times_bound_a_search(database: Database) -> None:
    run = Run()
    for number in range(5):
        run.lines(str(number), after=number * SECOND)
    tell_runs(database, [run])
    times = {"since": to_datetime(NOON + SECOND), "until": to_datetime(NOON + 3 * SECOND)}

    assert ["2", "1"] == _messages(_search(database, **times))
    assert ["2", "1"] == _messages(_search(database, **times, execution_id=run.id))


def test_a_workflow_narrows_a_search(database: Database) -> None:
    runs = [Run("mine").lines("a"), Run("yours").lines("b"), Run("mine", kind="job").lines("c")]
    tell_runs(database, runs)

    assert ["a", "c"] == sorted(_messages(_search(database, workflow="mine")))
    assert [] == _messages(_search(database, workflow="nobody's"))


def test_a_found_line_names_its_node(database: Database) -> None:
    run = Run()
    node = run.node("load")
    run.lines("of the node", node="load", node_execution_id=node)
    tell_runs(database, [run])
    (line,) = _search(database).lines

    assert (node, "load") == (line.node_execution_id, line.node)


@pytest.mark.parametrize("levels", [(), ("error",), ("warning", "error")])
@pytest.mark.parametrize("of_one", [False, True])
def test_a_search_that_stops_early_says_how_far_it_looked(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    levels: tuple[str, ...],
    of_one: bool,
) -> None:
    monkeypatch.setattr(log_search, "LINES_PER_SEARCH", 10)
    run = Run().lines("needle", level=LogLevel.ERROR)
    run.lines(*map(str, range(22)), after=SECOND, level=LogLevel.ERROR)
    tell_runs(database, [run])
    how: dict[str, Any] = {"execution_id": run.id} if of_one else {}
    pages = _read_through(database, text="needle", levels=levels, **how)
    searched = [page.searched_to for page in pages]

    assert len(pages) > 2
    assert ["needle"] == _messages(pages[-1])
    assert all(not page.lines for page in pages[:-1])
    assert searched[-1] is None
    assert to_datetime(NOON) < min(filter(None, searched)) < to_datetime(NOON + 2 * SECOND)
    assert sorted(filter(None, searched), reverse=True) == searched[:-1]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        ExecutionCursor.after(NOBODY),
        PositionCursor.after(3),
        LineCursor.after(2**62, NOBODY, NOBODY),
    ],
)
def test_a_cursor_that_this_search_did_not_make_is_refused(database: Database, cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        _search(database, cursor=cursor)


def test_the_cursor_of_all_logs_is_no_cursor_of_one(database: Database) -> None:
    run = Run().lines("a")
    tell_runs(database, [run])

    with pytest.raises(InvalidCursor):
        _search(database, execution_id=run.id, cursor=LineCursor.after(NOON, NOBODY, NOBODY))


@pytest.mark.parametrize(
    "how",
    [
        {"levels": ["loud"]},
        {"limit": 0},
        {"limit": 501},
        {"text": "x" * 1_001},
        {"since": to_datetime(NOON).replace(tzinfo=None)},
        {"until": to_datetime(NOON).replace(tzinfo=None)},
    ],
)
def test_a_search_that_cannot_be_is_refused(database: Database, how: dict[str, Any]) -> None:
    with pytest.raises(InvalidQuery):
        _search(database, **how)


def test_an_execution_that_is_not_there_has_no_lines(database: Database) -> None:
    page = _search(database, execution_id=NOBODY)

    assert ([], None, None) == (page.lines, page.next, page.searched_to)


def test_lines_from_before_1970_are_not_looked_for(database: Database) -> None:
    run = Run().lines("a")
    tell_runs(database, [run])
    long_ago = to_datetime(0) - timedelta(days=400_000)

    assert ["a"] == _messages(_search(database, since=long_ago))
