"""Which lanes answer which filters.

A route is a set of lanes that together hold everything wanted, and the conditions that remain to be
checked on what they hold. Without remaining conditions the page comes straight from the indexes.
With them, the sparsest route is searched, a bounded stretch at a time.
"""

from dataclasses import dataclass, field, replace
from itertools import product

from sqlalchemy import ColumnElement, Connection, and_, select, true, type_coerce
from sqlalchemy.dialects.postgresql import JSONB

from everyrun.store.reading.known_ids import one_of
from everyrun.store.reading.lanes import (
    Lane,
    Span,
    entry_in,
    execution_tags,
    executions,
    sift,
)
from everyrun.store.reading.many_lanes import newest_in_each
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.workflow_names import WorkflowChoice

LANES_TOGETHER = 400
FEW_LANES = 16
GLANCED_ENTRIES = 500
LANES_TO_SEARCH = 4
ENTRIES_PER_SEARCH = 3_000
TAGS_PER_SEARCH = 1_500
"""Fewer, for each entry of a tag's lane means looking up an execution elsewhere."""

SHARE_PROBED = 10


@dataclass(frozen=True)
class Wanted:
    """What executions are asked for, with names turned into ids and times into a span."""

    span: Span
    workflows: WorkflowChoice
    kind: str | None = None
    statuses: tuple[str, ...] = ()
    trigger: str | None = None
    tag: str | None = None
    parent_execution_id: str | None = None
    batch_id: str | None = None

    def conditions(self, dialect: str) -> dict[str, ColumnElement[bool]]:
        """Every condition but the span, by the name of the column that it is about."""
        columns = executions.c
        found: dict[str, ColumnElement[bool]] = {}
        if (workflows := self.workflows.condition(columns.workflow_id)) is not None:
            found["workflow_id"] = workflows
        if self.kind is not None:
            found["kind"] = columns.kind == self.kind
        if self.statuses:
            found["status"] = columns.status.in_(self.statuses)
        if self.trigger is not None:
            found["trigger_type"] = columns.trigger_type == self.trigger
        if self.tag is not None:
            found["tag"] = _is_tagged(self.tag, dialect)
        if self.parent_execution_id is not None:
            found["parent_execution_id"] = columns.parent_execution_id == self.parent_execution_id
        if self.batch_id is not None:
            found["batch_id"] = columns.batch_id == self.batch_id
        return found


def _is_tagged(tag: str, dialect: str) -> ColumnElement[bool]:
    """Whether an execution has a tag: by its own list, where the database looks into JSON fast."""
    if dialect == "postgresql":
        return type_coerce(executions.c.tags, JSONB).contains([tag])
    t = execution_tags.c
    tagged = select(1).where(t.tag == tag, t.workflow_execution_id == executions.c.id)
    return tagged.scalar_subquery() == 1


@dataclass(frozen=True)
class Route:
    """Lanes of one shape, and the names of the conditions that they leave open."""

    lanes: tuple[Lane, ...]
    open: frozenset[str]

    @property
    def entries_each(self) -> int:
        """How many entries of each lane one search looks at."""
        tagged = self.lanes[0].columns == ("tag",)
        return (TAGS_PER_SEARCH if tagged else ENTRIES_PER_SEARCH) // len(self.lanes)


@dataclass(frozen=True)
class Found:
    """Ids, newest first; ``searched_to`` is the oldest id looked at when more may lie beyond."""

    ids: list[str] = field(default_factory=list)
    searched_to: str | None = None


_SHAPES = (
    ("parent_execution_id",),
    ("batch_id",),
    ("tag",),
    ("workflow_id", "status"),
    ("workflow_id", "trigger_type"),
    ("kind", "status"),
    ("kind", "trigger_type"),
    ("trigger_type", "status"),
    ("workflow_id",),
    ("status",),
    ("kind",),
    ("trigger_type",),
    (),
)
"""The leading columns of every index that ends in the execution's id."""


def _values(wanted: Wanted) -> dict[str, tuple[str, ...]]:
    single = {
        "kind": wanted.kind,
        "trigger_type": wanted.trigger,
        "tag": wanted.tag,
        "parent_execution_id": wanted.parent_execution_id,
        "batch_id": wanted.batch_id,
    }
    values: dict[str, tuple[str, ...]] = {
        name: (value,) for name, value in single.items() if value is not None
    }
    if wanted.statuses:
        values["status"] = wanted.statuses
    if wanted.workflows.ids is not None:
        values["workflow_id"] = wanted.workflows.ids
    return values


def routes(wanted: Wanted, asked: frozenset[str]) -> list[Route]:
    """Every route there is to what is wanted, where these are the names of its conditions."""
    values = _values(wanted)
    return [
        Route(
            tuple(
                Lane(tuple(zip(shape, fixed, strict=True)))
                for fixed in product(*(values[name] for name in shape))
            ),
            asked.difference(shape),
        )
        for shape in _SHAPES
        if values.keys() >= set(shape)
    ]


def find_ids(connection: Connection, wanted: Wanted, count: int) -> Found:
    """The newest ids of the executions wanted, ``count`` at most, by bounded work."""
    if wanted.workflows.ids == ():
        return Found()
    conditions = wanted.conditions(connection.dialect.name)
    known = routes(wanted, frozenset(conditions))
    exact = [route for route in known if not route.open and len(route.lanes) <= LANES_TOGETHER]
    with kept_to_indexes(connection, plan_once=True):
        if not exact:
            route = _sparsest(connection, known, wanted.span)
            return _search(connection, route, conditions, wanted.span, count, route.entries_each)
        route = min(exact, key=lambda route: len(route.lanes))
        if len(route.lanes) > FEW_LANES:
            # What many workflows do is mostly what was done last: one look may be enough.
            one = min((r for r in known if len(r.lanes) == 1), key=lambda route: len(route.open))
            glance = _search(connection, one, conditions, wanted.span, count, GLANCED_ENTRIES)
            if len(glance.ids) == count:
                return glance
        return Found(newest_in_each(connection, route.lanes, wanted.span, count))


def only_lane(wanted: Wanted) -> Lane | None:
    """The one lane of executions that holds what is wanted and nothing else, where there is one."""
    if wanted.workflows.ids == ():
        return None
    asked = frozenset(wanted.conditions("sqlite"))
    exact = [each for each in routes(wanted, asked) if not each.open and len(each.lanes) == 1]
    lane = exact[0].lanes[0] if exact else None
    return None if lane is None or lane.columns == ("tag",) else lane


def _sparsest(connection: Connection, known: list[Route], span: Span) -> Route:
    """The route on which a search would get furthest back, judged by its first tenth."""
    fit = [route for route in known if len(route.lanes) <= LANES_TO_SEARCH]
    best = [route for route in fit if not any(other.open < route.open for other in fit)]
    if len(best) == 1:
        return best[0]

    def reach(route: Route) -> str:
        number = max(1, route.entries_each // SHARE_PROBED)
        return max(entry_in(connection, lane, span, number) or "" for lane in route.lanes)

    return min(best, key=reach)


def _search(
    connection: Connection,
    route: Route,
    conditions: dict[str, ColumnElement[bool]],
    span: Span,
    count: int,
    entries: int,
) -> Found:
    """Look through a route's next entries, so many in each of its lanes."""
    left = and_(true(), *(conditions[name] for name in sorted(route.open)))
    floors = [entry_in(connection, lane, span, entries) for lane in route.lanes]
    floor = max((floor for floor in floors if floor is not None), default=None)
    if floor is not None:
        span = replace(span, oldest=floor)
    found: list[str] = []
    for lane in route.lanes:
        found += sift(connection, lane, span, left, count)
    found.sort(reverse=True)
    if len(found) >= count:
        return Found(found[:count])
    return Found(found, floor)


def check_ids(connection: Connection, ids: list[str], wanted: Wanted) -> list[str]:
    """Which of a few given executions are wanted, newest first."""
    span = wanted.span
    statement = select(executions.c.id).where(
        one_of(connection, executions.c.id, ids),
        executions.c.id < span.newest,
        executions.c.id >= span.oldest,
        *wanted.conditions(connection.dialect.name).values(),
    )
    return sorted(connection.execute(statement).scalars(), reverse=True)
