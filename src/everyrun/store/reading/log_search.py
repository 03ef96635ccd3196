"""Searching all logs: newest first, by text, level, workflow and time, by bounded work."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, literal, select, tuple_

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.errors import InvalidCursor
from everyrun.domain.views.logs import FoundLine, LogSearchPage
from everyrun.store.reading.cursors import LineCursor, PositionCursor
from everyrun.store.reading.known_ids import one_of, pinned, record_id
from everyrun.store.reading.lanes import FIRST_ID, executions
from everyrun.store.reading.limits import checked_limit
from everyrun.store.reading.lines import checked_levels, execution_logs, line_columns
from everyrun.store.reading.matching import contains
from everyrun.store.reading.moments import BEGINNING, END, aware
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.workflow_names import WorkflowChoice, choose_workflows, workflows
from everyrun.store.tables.executions import ALARMING_LINES

LINES_PER_SEARCH = 20_000
ALARMING = frozenset({"warning", "error"})
_l = execution_logs.c
_KEYS = (_l.timestamp, _l.workflow_execution_id, _l.id)


@dataclass(frozen=True, order=True)
class Place:
    """Where a line lies in time."""

    timestamp: datetime
    execution_id: str = FIRST_ID
    id: str = FIRST_ID

    def bound(self) -> list[ColumnElement[Any]]:
        """The place as values that compare with ``_KEYS``."""
        values = (self.timestamp, self.execution_id, self.id)
        return [literal(value, key.type) for value, key in zip(values, _KEYS, strict=True)]


@dataclass(frozen=True)
class _Stretch:
    """Lines from ``oldest`` (included) up to ``newest`` (excluded)."""

    oldest: Place
    newest: Place


@dataclass(frozen=True)
class _Question:
    """What lines are looked for, checked and resolved."""

    text: str | None
    levels: tuple[str, ...]
    workflows: WorkflowChoice
    limit: int

    def conditions(self, dialect: str, *, levels: bool) -> list[ColumnElement[bool]]:
        """What a line must fulfil, besides its place in time; ``levels`` too, where asked."""
        found: list[ColumnElement[bool]] = []
        if self.text:
            found.append(contains(_l.message, self.text, dialect))
        if self.levels and levels:
            found.append(_l.level.in_(self.levels))
        e = executions.c
        of_line = select(e.workflow_id).where(pinned(e.id, _l.workflow_execution_id))
        of_line = of_line.order_by(e.id).limit(1)
        workflow = self.workflows.condition(of_line.scalar_subquery())
        if workflow is not None:
            found.append(workflow)
        return found


def search(
    connection: Connection,
    *,
    text: str | None = None,
    levels: Sequence[str] = (),
    workflow: str | None = None,
    execution_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 100,
    cursor: str | None = None,
) -> LogSearchPage:
    """Lines whose message contains ``text`` (in any case), newest first, 1 to 500 at a time.

    ``since`` (included) and ``until`` (excluded) are aware times. A call looks at 20,000 lines at
    most. Lines are ordered by (timestamp, execution, id); within one execution by position, as they
    arrived. Raises :class:`InvalidCursor`, :class:`InvalidQuery`, and :class:`NotOnRecord` for an
    ``execution_id`` that is no id.
    """
    stretch = _Stretch(
        Place(aware(since) or BEGINNING),
        Place(aware(until) or END),
    )
    question = _Question(
        text,
        checked_levels(levels),
        choose_workflows(connection, name=workflow),
        checked_limit(limit),
    )
    if execution_id is not None:
        of = record_id(execution_id)
        return _search_execution(connection, question, of, stretch, cursor)
    return _search_time(connection, question, stretch, cursor)


class _Track:
    """The lines of one index, by time: all of them, or those of one alarming level."""

    def __init__(self, connection: Connection, level: str | None) -> None:
        self._connection = connection
        self._level = level

    def _narrowed(
        self, statement: Select[*tuple[Any, ...]], stretch: _Stretch
    ) -> Select[*tuple[Any, ...]]:
        newest, oldest = stretch.newest.bound(), stretch.oldest.bound()
        keys: list[ColumnElement[Any]] = list(_KEYS)
        if self._level is not None:
            # Said in the index's own words, for it is partial; the level joins the comparison,
            # so that no other index can answer in this order.
            statement = statement.where(ALARMING_LINES)
            level = literal(self._level, _l.level.type)
            keys, newest, oldest = [_l.level, *keys], [level, *newest], [level, *oldest]
        bounds = tuple_(*keys)
        return statement.where(bounds < tuple_(*newest), bounds >= tuple_(*oldest)).order_by(
            *(key.desc() for key in keys)
        )

    def floor(self, stretch: _Stretch, number: int) -> Place | None:
        """The place of the ``number``-th newest line, from 1; None when there are fewer."""
        statement = self._narrowed(select(*_KEYS), stretch).offset(number - 1).limit(1)
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else Place(*row)

    def lines(self, stretch: _Stretch, question: _Question) -> list[dict[str, Any]]:
        """The newest lines that fulfil the question, one more than its limit."""
        columns = (_l.workflow_execution_id.label("execution_id"), *line_columns())
        statement = self._narrowed(select(*columns), stretch)
        dialect = self._connection.dialect.name
        statement = statement.where(*question.conditions(dialect, levels=self._level is None))
        rows = self._connection.execute(statement.limit(question.limit + 1)).mappings()
        return [dict(row) for row in rows]


def _place_of(row: dict[str, Any]) -> Place:
    return Place(row["timestamp"], row["execution_id"], row["id"])


def _search_time(
    connection: Connection, question: _Question, stretch: _Stretch, cursor: str | None
) -> LogSearchPage:
    if question.workflows.ids == ():
        return LogSearchPage(lines=[], next=None)
    if cursor is not None:
        at, execution_id, id_ = LineCursor.read(cursor)
        from_cursor = Place(_moment(at), execution_id, id_)
        stretch = replace(stretch, newest=min(stretch.newest, from_cursor))
    alarming = bool(question.levels) and ALARMING.issuperset(question.levels)
    levels: Sequence[str | None] = question.levels if alarming else (None,)
    tracks = [_Track(connection, level) for level in levels]
    with kept_to_indexes(connection, plan_once=True):
        floors = [track.floor(stretch, LINES_PER_SEARCH // len(tracks)) for track in tracks]
        floor = max((floor for floor in floors if floor is not None), default=None)
        if floor is not None:
            stretch = replace(stretch, oldest=floor)
        rows = [row for track in tracks for row in track.lines(stretch, question)]
    rows.sort(key=_place_of, reverse=True)
    lines = _filled(connection, rows[: question.limit])
    if len(rows) > question.limit:
        return LogSearchPage(lines=lines, next=_cursor_after(_place_of(rows[question.limit - 1])))
    if floor is None:
        return LogSearchPage(lines=lines, next=None)
    return LogSearchPage(lines=lines, next=_cursor_after(floor), searched_to=floor.timestamp)


def _moment(at: int) -> datetime:
    try:
        return to_datetime(at)
    except OverflowError:
        raise InvalidCursor from None


def _cursor_after(place: Place) -> str:
    return LineCursor.after(to_microseconds(place.timestamp), place.execution_id, place.id)


def _search_execution(
    connection: Connection,
    question: _Question,
    execution_id: str,
    stretch: _Stretch,
    cursor: str | None,
) -> LogSearchPage:
    positions = select(executions.c.log_position).where(executions.c.id == execution_id)
    end = (connection.execute(positions).scalar() or 0) + 1
    before = end if cursor is None else min(end, PositionCursor.read(cursor))
    first = max(0, before - LINES_PER_SEARCH)
    of_execution = _l.workflow_execution_id == execution_id
    statement = (
        select(_l.workflow_execution_id.label("execution_id"), *line_columns(execution_id))
        .where(
            of_execution,
            _l.position < before,
            _l.position >= first,
            _l.timestamp >= stretch.oldest.timestamp,
            _l.timestamp < stretch.newest.timestamp,
            *question.conditions(connection.dialect.name, levels=True),
        )
        .order_by(_l.position.desc())
        .limit(question.limit + 1)
    )
    oldest = select(_l.timestamp).where(of_execution, _l.position >= first)
    with kept_to_indexes(connection):
        rows = [dict(row) for row in connection.execute(statement).mappings()]
        searched_to = connection.execute(oldest.order_by(_l.position).limit(1)).scalar()
    lines = _filled(connection, rows[: question.limit])
    if len(rows) > question.limit:
        return LogSearchPage(lines=lines, next=PositionCursor.after(lines[-1].position))
    if first == 0:
        return LogSearchPage(lines=lines, next=None)
    return LogSearchPage(lines=lines, next=PositionCursor.after(first), searched_to=searched_to)


def _filled(connection: Connection, rows: list[dict[str, Any]]) -> list[FoundLine]:
    """Lines with the names of what they belong to."""
    if not rows:
        return []
    named = select(executions.c.id, workflows.c.name, workflows.c.kind).join_from(
        executions, workflows, workflows.c.id == executions.c.workflow_id
    )
    ids = sorted({row["execution_id"] for row in rows})
    names = {
        id_: (name, kind)
        for id_, name, kind in connection.execute(
            named.where(one_of(connection, executions.c.id, ids))
        )
    }
    return [
        FoundLine(
            **row,
            workflow=names[row["execution_id"]][0],
            kind=names[row["execution_id"]][1],
        )
        for row in rows
    ]
