"""One execution's log, followed by cursor."""

from typing import Any

import pytest

from everyrun.domain.errors import InvalidQuery, NotOnRecord
from everyrun.domain.status import LogLevel
from everyrun.domain.views.logs import LogPage
from everyrun.store.database import Database
from everyrun.store.reading import logs
from everyrun.store.reading.logs import last_lines, tail
from tests.integration.reading.runs import NOBODY, Run, tell_runs
from tests.support.facts import NOON, SECOND


def _tail(database: Database, execution_id: str, **how: Any) -> LogPage:
    with database.reading() as connection:
        return tail(connection, execution_id, **how)


def _messages(page: LogPage) -> list[str]:
    return [line.message for line in page.lines]


def test_a_tail_goes_on_where_it_stopped(database: Database) -> None:
    run = Run().lines("1", "2", "3")
    tell_runs(database, [run])
    first = _tail(database, run.id, limit=2)
    second = _tail(database, run.id, after=first.next)
    tell_runs(database, [run.lines("4")])
    third = _tail(database, run.id, after=second.next)

    assert (["1", "2"], 2, 0) == (_messages(first), first.next, first.poll_after_ms)
    assert (["3"], 3, 2_000) == (_messages(second), second.next, second.poll_after_ms)
    assert (["4"], 4) == (_messages(third), third.next)
    assert [False] * 3 == [first.done, second.done, third.done]


def test_it_is_done_when_the_execution_has_settled_and_all_is_read(database: Database) -> None:
    run = Run().lines("1", "2").finished()
    tell_runs(database, [run])
    some, rest = _tail(database, run.id, limit=1), _tail(database, run.id, limit=2)
    nothing = _tail(database, run.id, after=2)

    assert (False, 0) == (some.done, some.poll_after_ms)
    assert (True, 0, 2) == (rest.done, rest.poll_after_ms, rest.next)
    assert (True, [], 2) == (nothing.done, nothing.lines, nothing.next)


def test_a_message_that_says_completed_does_not_end_a_log(database: Database) -> None:
    run = Run().lines("completed", "done", "success")
    tell_runs(database, [run])

    assert not _tail(database, run.id).done


def test_a_late_line_is_not_missed(database: Database) -> None:
    run = Run().lines("second", after=SECOND)
    tell_runs(database, [run])
    read = _tail(database, run.id)
    tell_runs(database, [run.lines("first")])

    assert ["first"] == _messages(_tail(database, run.id, after=read.next))


def test_an_execution_without_lines_is_empty_not_unknown(database: Database) -> None:
    run = Run()
    tell_runs(database, [run])
    page = _tail(database, run.id)

    assert ([], 0, False, 2_000) == (page.lines, page.next, page.done, page.poll_after_ms)


@pytest.mark.parametrize("unknown", [NOBODY, "job_1"])
def test_an_unknown_execution_is_not_an_empty_one(database: Database, unknown: str) -> None:
    with pytest.raises(NotOnRecord):
        _tail(database, unknown)


@pytest.mark.parametrize(
    ("quiet_seconds", "expected"), [(0, 2_000), (60, 2_000), (150, 5_000), (3_600, 10_000)]
)
def test_the_longer_nothing_moves_the_less_often_it_is_to_ask(
    database: Database, quiet_seconds: int, expected: int
) -> None:
    run = Run().started()
    tell_runs(database, [run])
    page = _tail(database, run.id, now=NOON + quiet_seconds * SECOND)

    assert expected == page.poll_after_ms


def test_levels_and_nodes_narrow_a_tail(database: Database) -> None:
    run = Run().lines("plain").lines("bad", level=LogLevel.ERROR)
    node = run.node("load")
    run.lines("of the node", node="load", node_execution_id=node)
    run.lines("bad of the node", node="load", node_execution_id=node, level=LogLevel.ERROR)
    tell_runs(database, [run.finished()])
    errors = _tail(database, run.id, levels=["error"])
    of_node = _tail(database, run.id, node_execution_id=node)
    both = _tail(database, run.id, node_execution_id=node, levels=["error"])

    assert ["bad", "bad of the node"] == _messages(errors)
    assert ["of the node", "bad of the node"] == _messages(of_node)
    assert ["bad of the node"] == _messages(both)
    assert [(True, 4)] * 3 == [(page.done, page.next) for page in (errors, of_node, both)]
    assert [None, "load"] == [line.node for line in errors.lines]


def test_a_narrowed_tail_looks_at_so_many_lines_and_goes_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "LINES_PER_LOOK", 10)
    run = Run().lines(*map(str, range(25)))
    run.lines("bad", level=LogLevel.ERROR).finished()
    tell_runs(database, [run])
    pages = [_tail(database, run.id, levels=["error"])]
    while not pages[-1].done:
        pages.append(_tail(database, run.id, levels=["error"], after=pages[-1].next))

    assert [[], [], ["bad"]] == [_messages(page) for page in pages]
    assert [10, 20, 26] == [page.next for page in pages]
    assert {0} == {page.poll_after_ms for page in pages}


def test_the_last_lines_come_in_order_and_lead_on(database: Database) -> None:
    run = Run().lines("1", "2", "3", "4")
    tell_runs(database, [run])
    with database.reading() as connection:
        page = last_lines(connection, run.id, 2)
        all_of_them = last_lines(connection, run.id, 9)
    tell_runs(database, [run.lines("5")])

    assert (["3", "4"], 4, False) == (_messages(page), page.next, page.done)
    assert ["1", "2", "3", "4"] == _messages(all_of_them)
    assert ["5"] == _messages(_tail(database, run.id, after=page.next))


def test_the_last_lines_of_a_level_are_looked_for_further_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "LINES_PER_LOOK", 10)
    run = Run().lines("bad 1", "bad 2", level=LogLevel.ERROR)
    run.lines(*map(str, range(35)), after=SECOND).finished()
    tell_runs(database, [run])
    with database.reading() as connection:
        page = last_lines(connection, run.id, 5, levels=["error"])
        short = last_lines(connection, run.id, 1, levels=["error"])

    assert (["bad 1", "bad 2"], 37, True) == (_messages(page), page.next, page.done)
    assert ["bad 2"] == _messages(short)


@pytest.mark.parametrize(
    "how", [{"limit": 0}, {"limit": 1_001}, {"after": -1}, {"levels": ["loud"]}]
)
def test_a_tail_that_cannot_be_is_refused(database: Database, how: dict[str, Any]) -> None:
    run = Run()
    tell_runs(database, [run])

    with pytest.raises(InvalidQuery):
        _tail(database, run.id, **how)


def test_a_line_says_everything(database: Database) -> None:
    run = Run().lines("첫 줄", data={"rows": 3}, logger="sales", attempt=2)
    tell_runs(database, [run])
    (line,) = _tail(database, run.id).lines

    assert (1, "info", "첫 줄", {"rows": 3}, "sales", 2) == (
        line.position,
        line.level,
        line.message,
        line.data,
        line.logger,
        line.attempt,
    )
