"""Workflows of whatever kind as the seeds' scripts: by number, in an order, switched on and off."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Row, Table, exists, func, select, update

from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import AmbiguousId, EveryrunError, NotOnRecord
from everyrun.domain.identifiers import canonical_id, new_id
from everyrun.domain.status import WorkflowKind
from everyrun.store.append.registering import insert_if_absent
from everyrun.store.numbers import number_workflows, workflow_numbered
from everyrun.store.reading.lanes import executions
from everyrun.store.reading.matching import as_stored
from everyrun.store.reading.workflow_names import workflows
from everyrun.store.tables import WorkflowVersion

MOST_SCRIPTS = 10_000

versions = cast("Table", WorkflowVersion.__table__)
_w = workflows.c
_v = versions.c


class ScriptExists(EveryrunError):
    """There is a script of this name already."""

    status_code = 409


class HasHistory(EveryrunError):
    """This script has been run without a definition, so it cannot be given one; make another."""

    status_code = 409


class ScriptRecord(NamedTuple):
    """One workflow as a script. ``number`` is 0 until it is given (:func:`with_numbers`)."""

    id: str
    kind: str
    name: str
    description: str | None
    active: bool
    execution_order: int
    created_at: datetime
    updated_at: datetime
    version: int | None
    number: int = 0


_newest = select(func.max(_v.version)).where(_v.workflow_id == _w.id).scalar_subquery()
_SCRIPT = select(
    _w.id,
    _w.kind,
    _w.name,
    _w.description,
    _w.active,
    _w.execution_order,
    _w.created_at,
    _w.updated_at,
    _newest,
).where(_w.deleted_at.is_(None))


def find_script(connection: Connection, given: str) -> ScriptRecord:
    """A script by its number, its id or its whole name.

    Raises :class:`NotOnRecord`, also for a deleted one, and :class:`AmbiguousId` when workflows of
    several kinds have that name.
    """
    found = [_record(row) for row in connection.execute(_SCRIPT.where(_is(connection, given)))]
    if not found:
        raise NotOnRecord(f"there is no script {given!r}")
    if len(found) > 1:
        kinds = ", ".join(script.kind for script in found)
        raise AmbiguousId(f"{given!r} is the name of workflows of several kinds: {kinds}")
    return found[0]


def _is(connection: Connection, given: str) -> Any:
    text = given.strip()
    if text.isascii() and text.isdigit() and len(text) < 20:
        id_ = workflow_numbered(connection, int(text))
        if id_ is not None:
            return _w.id == id_
    try:
        return _w.id == canonical_id(text)
    except ValueError:
        return _w.name == as_stored(given)


def list_scripts(
    connection: Connection, *, active: bool | None = None, limit: int = MOST_SCRIPTS
) -> list[ScriptRecord]:
    """All scripts but the deleted ones, in execution order, then by age; 10,000 at most."""
    query = _SCRIPT if active is None else _SCRIPT.where(_w.active.is_(active))
    query = query.order_by(_w.execution_order, _w.id).limit(min(limit, MOST_SCRIPTS))
    return [_record(row) for row in connection.execute(query)]


def with_numbers(connection: Connection, scripts: Sequence[ScriptRecord]) -> list[ScriptRecord]:
    """The scripts with their numbers, given where there is none. Needs a writing transaction."""
    numbers = number_workflows(connection, [script.id for script in scripts])
    return [script._replace(number=numbers[script.id]) for script in scripts]


def create_script(
    connection: Connection, name: str, description: str | None, active: bool, now: int
) -> ScriptRecord:
    """A script without a definition; a deleted one of that name comes back, with its history.

    Raises :class:`ScriptExists`, whatever the kind of what has the name.
    """
    stored, moment = as_stored(name), to_datetime(now)
    require_free_name(connection, stored)
    last = connection.execute(select(func.coalesce(func.max(_w.execution_order), 0))).scalar_one()
    kind = WorkflowKind.SCRIPT.value
    row = {"id": new_id(), "kind": kind, "name": stored, "created_at": moment}
    insert_if_absent(connection, workflows, [{**row, "updated_at": moment}])
    connection.execute(
        update(workflows)
        .where(_w.kind == kind, _w.name == stored)
        .values(
            description=description,
            active=active,
            execution_order=last + 1,
            updated_at=moment,
            deleted_at=None,
        )
    )
    query = _SCRIPT.where(_w.kind == kind, _w.name == stored)
    return _record(connection.execute(query).one())


def require_free_name(connection: Connection, name: str) -> None:
    """Raise :class:`ScriptExists` when a workflow of this name is there."""
    taken = select(_w.id).where(_w.name == as_stored(name), _w.deleted_at.is_(None)).limit(1)
    if connection.execute(taken).scalar() is not None:
        raise ScriptExists(f"there is a script {name!r} already")


def change_script(connection: Connection, id_: str, now: int, **values: Any) -> None:
    """Set columns of a script: ``description``, ``active``, ``execution_order``.

    Raises :class:`NotOnRecord` for one that was deleted.
    """
    statement = update(workflows).where(_w.id == id_, _w.deleted_at.is_(None))
    if not connection.execute(statement.values(**values, updated_at=to_datetime(now))).rowcount:
        raise NotOnRecord(f"there is no script {id_!r}")


def order_scripts(connection: Connection, places: Sequence[tuple[str, int]], now: int) -> None:
    """Give scripts their places in the execution order. Raises :class:`NotOnRecord`."""
    for id_, place in sorted(places):
        change_script(connection, id_, now, execution_order=place)


def delete_script(connection: Connection, id_: str, now: int) -> None:
    """Take a script off the list; its history stays. Raises :class:`NotOnRecord`."""
    change_script(connection, id_, now, deleted_at=to_datetime(now))


def hide_workflow(connection: Connection, id_: str, now: int) -> None:
    """Keep a workflow as if it were deleted."""
    connection.execute(
        update(workflows)
        .where(_w.id == id_, _w.deleted_at.is_(None))
        .values(deleted_at=to_datetime(now))
    )


def make_graph(connection: Connection, script: ScriptRecord) -> None:
    """Let a script that was made without a definition be given one.

    Raises :class:`HasHistory` once it has run: its executions say what kind they are of.
    """
    if script.kind == WorkflowKind.GRAPH.value:
        return
    has_run = select(exists().where(executions.c.workflow_id == script.id))
    if script.kind != WorkflowKind.SCRIPT.value or connection.execute(has_run).scalar():
        raise HasHistory
    graph = WorkflowKind.GRAPH.value
    other = select(_w.id).where(_w.kind == graph, _w.name == script.name)
    if connection.execute(other).scalar() is not None:
        raise ScriptExists(
            f"there is, or was, a workflow {script.name!r} with a definition already"
        )
    connection.execute(update(workflows).where(_w.id == script.id).values(kind=graph))


def _record(row: Row[*tuple[Any, ...]]) -> ScriptRecord:
    return ScriptRecord(*row)
