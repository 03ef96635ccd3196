"""Workflows of kind graph and their immutable versions."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    Connection,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from everyrun.domain.changes import ChangeType
from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.errors import NotOnRecord, StaleVersion
from everyrun.domain.identifiers import id_bytes, new_id
from everyrun.domain.status import WorkflowKind
from everyrun.store.append.registering import insert_if_absent, node_ids
from everyrun.store.changes.telling import tell_change
from everyrun.store.tables import Node, Workflow, WorkflowVersion

MOST_VERSIONS = 1_000
MOST_WORKFLOWS = 10_000
_GRAPH = WorkflowKind.GRAPH.value

workflows = cast("Table", Workflow.__table__)
versions = cast("Table", WorkflowVersion.__table__)
nodes = cast("Table", Node.__table__)

_w = workflows.c
_v = versions.c


class NodeIdentity(NamedTuple):
    """What stays known of a node beside its key: its type, and how it is retried."""

    type: str
    retry_config: dict[str, Any]


class SavedVersion(NamedTuple):
    """The newest version after a save; ``created`` when the save made it. µs UTC."""

    workflow_id: str
    id: str
    version: int
    created: bool
    created_at: int
    created_by: str | None


class VersionRecord(NamedTuple):
    """One version, whole. ``created_at`` is microseconds UTC."""

    workflow_id: str
    workflow: str
    id: str
    version: int
    definition: dict[str, Any]
    digest: str
    created_at: int
    created_by: str | None


class VersionSummary(NamedTuple):
    """One version without its definition. ``created_at`` is microseconds UTC."""

    id: str
    version: int
    digest: str
    created_at: int
    created_by: str | None


class WorkflowRecord(NamedTuple):
    """One workflow; ``version`` is its newest one's number, None when it has none. µs UTC."""

    id: str
    name: str
    kind: str
    active: bool
    execution_order: int
    description: str | None
    version: int | None
    updated_at: int
    deleted: bool


def save_version(
    connection: Connection,
    definition: dict[str, Any],
    *,
    name: str,
    digest: str,
    by: str | None,
    now: int,
    expected_version: int | None = None,
    nodes: Mapping[str, NodeIdentity],
) -> SavedVersion:
    """Make a definition the newest version of its workflow, unless it is that already.

    A deleted workflow comes back. ``expected_version`` is the version that the change was made to
    (0: none), ``nodes`` are all nodes by their whole keys.

    Raises :class:`StaleVersion` that says who saved what since ``expected_version``.
    """
    workflow_id = _locked_workflow(connection, name, now)
    newest = _newest(connection, workflow_id)
    is_news = newest is None or newest.digest != digest
    if is_news:
        _refuse_stale(name, newest, expected_version)
        newest = _insert_version(connection, workflow_id, newest, definition, digest, by, now)
        _save_nodes(connection, workflow_id, nodes, now)
    assert newest is not None
    description = definition.get("description")
    is_other = or_(_w.deleted_at.is_not(None), _w.description.is_distinct_from(description))
    row_moves = true() if is_news else is_other
    connection.execute(
        update(workflows)
        .where(_w.id == workflow_id, row_moves)
        .values(description=description, deleted_at=None, updated_at=to_datetime(now))
    )
    if is_news:
        told = {"version": newest.version}
        tell_change(connection, ChangeType.WORKFLOW_SAVED, now, workflow_id=workflow_id, data=told)
    return SavedVersion(
        workflow_id, newest.id, newest.version, is_news, newest.created_at, newest.created_by
    )


def _locked_workflow(connection: Connection, name: str, now: int) -> str:
    moment = to_datetime(now)
    last = select(func.coalesce(func.max(_w.execution_order), 0)).where(_w.kind == _GRAPH)
    row = {
        "id": new_id(),
        "kind": _GRAPH,
        "name": name,
        "execution_order": connection.execute(last).scalar_one() + 1,
        "created_at": moment,
        "updated_at": moment,
    }
    insert_if_absent(connection, workflows, [row])
    query = select(_w.id).where(_w.kind == _GRAPH, _w.name == name).with_for_update(key_share=True)
    found: str = connection.execute(query).scalar_one()
    return found


def _newest(connection: Connection, workflow_id: str) -> VersionSummary | None:
    found = _summaries(connection, workflow_id, limit=1)
    return found[0] if found else None


def _refuse_stale(name: str, newest: VersionSummary | None, expected: int | None) -> None:
    on_record = 0 if newest is None else newest.version
    if expected is None or expected == on_record:
        return
    if newest is None:
        told = f"{name} has no version {expected}: nothing of it is on record"
        raise StaleVersion(told, expected=expected)
    at = to_datetime(newest.created_at)
    who = newest.created_by or "somebody"
    raise StaleVersion(
        f"{name} is at version {on_record} by now, saved by {who} at "
        f"{at.isoformat(timespec='seconds')}; your change was made to version {expected}",
        expected=expected,
        version=on_record,
        saved_by=newest.created_by,
        saved_at=at,
    )


def _insert_version(
    connection: Connection,
    workflow_id: str,
    newest: VersionSummary | None,
    definition: dict[str, Any],
    digest: str,
    by: str | None,
    now: int,
) -> VersionSummary:
    number = 1 if newest is None else newest.version + 1
    made = VersionSummary(new_id(), number, digest, now, by)
    connection.execute(
        insert(versions),
        {
            "id": made.id,
            "workflow_id": workflow_id,
            "version": number,
            "digest": digest,
            "definition": definition,
            "created_at": to_datetime(now),
            "created_by": by,
        },
    )
    return made


def _save_nodes(
    connection: Connection, workflow_id: str, identities: Mapping[str, NodeIdentity], now: int
) -> None:
    if not identities:
        return
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(nodes)
    newer = {name: statement.excluded[name] for name in ("node_type", "retry_config")}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["workflow_id", "key"], set_=newer),
        [
            {
                "id": new_id(),
                "workflow_id": workflow_id,
                "key": key,
                "node_type": identity.type,
                "retry_config": identity.retry_config,
                "created_at": to_datetime(now),
            }
            for key, identity in sorted(identities.items())
        ],
    )


def register_nodes(
    connection: Connection, workflow_id: str, types: Mapping[str, str], now: int
) -> None:
    """Have these nodes (key -> type) known of a workflow; those that are stay as they are."""
    known = connection.execute(select(nodes.c.key).where(nodes.c.workflow_id == workflow_id))
    missing = types.keys() - known.scalars()
    if missing:
        workflow = id_bytes(workflow_id)
        node_ids(connection, {(workflow, key): types[key] for key in missing}, now)


def find_version(connection: Connection, name: str, version: int | None = None) -> VersionRecord:
    """A version of a graph by the graph's name, the newest when None.

    Raises :class:`NotOnRecord` that says what is missing; a deleted workflow is.
    """
    query = _whole_versions().where(_w.kind == _GRAPH, _w.name == name, _w.deleted_at.is_(None))
    if version is not None:
        query = query.where(_v.version == version)
    row = connection.execute(query.order_by(_v.version.desc()).limit(1)).one_or_none()
    if row is not None:
        return _whole(row)
    is_there = _graph_id(connection, name)
    if is_there is None:
        raise NotOnRecord(f"there is no workflow {name!r}")
    if version is None:
        raise NotOnRecord(f"workflow {name!r} has no version yet")
    raise NotOnRecord(f"workflow {name!r} has no version {version}")


def version_by_id(connection: Connection, id_: str) -> VersionRecord:
    """A version by its id, of a deleted workflow too. Raises :class:`NotOnRecord`."""
    row = connection.execute(_whole_versions().where(_v.id == id_)).one_or_none()
    if row is None:
        raise NotOnRecord(f"no workflow version {id_} is on record")
    return _whole(row)


def _whole_versions() -> Select[Any]:
    return select(
        _v.workflow_id,
        _w.name,
        _v.id,
        _v.version,
        _v.definition,
        _v.digest,
        _v.created_at,
        _v.created_by,
    ).join_from(versions, workflows, _w.id == _v.workflow_id)


def _whole(row: Row[*tuple[Any, ...]]) -> VersionRecord:
    found = VersionRecord._make(row)
    return found._replace(created_at=to_microseconds(row.created_at))


def list_versions(
    connection: Connection, name: str, limit: int = 100, before: int | None = None
) -> list[VersionSummary]:
    """A graph's versions, the newest first, those below number ``before``; 1,000 at most.

    Raises :class:`NotOnRecord` for a workflow that is not there or deleted.
    """
    workflow_id = _graph_id(connection, name)
    if workflow_id is None:
        raise NotOnRecord(f"there is no workflow {name!r}")
    return _summaries(connection, workflow_id, min(limit, MOST_VERSIONS), before)


def _summaries(
    connection: Connection, workflow_id: str, limit: int, before: int | None = None
) -> list[VersionSummary]:
    query = select(_v.id, _v.version, _v.digest, _v.created_at, _v.created_by).where(
        _v.workflow_id == workflow_id
    )
    if before is not None:
        query = query.where(_v.version < before)
    found = connection.execute(query.order_by(_v.version.desc()).limit(limit))
    return [
        VersionSummary(id_, number, digest, to_microseconds(at), by)
        for id_, number, digest, at, by in found
    ]


def list_workflows(
    connection: Connection,
    *,
    active: bool | None = None,
    deleted: bool = False,
    kind: str = _GRAPH,
    limit: int = MOST_WORKFLOWS,
) -> list[WorkflowRecord]:
    """Workflows in execution order, then by name; deleted ones too when ``deleted``."""
    query = workflow_records().where(_w.kind == kind)
    if active is not None:
        query = query.where(_w.active.is_(active))
    if not deleted:
        query = query.where(_w.deleted_at.is_(None))
    found = connection.execute(query.order_by(_w.execution_order, _w.name).limit(limit))
    return list(map(workflow_record, found))


def workflow_records() -> Select[Any]:
    """All workflows, to be narrowed; each row is for :func:`workflow_record`."""
    newest = select(func.max(_v.version)).where(_v.workflow_id == _w.id).scalar_subquery()
    return select(
        _w.id,
        _w.name,
        _w.kind,
        _w.active,
        _w.execution_order,
        _w.description,
        newest,
        _w.updated_at,
        _w.deleted_at,
    )


def workflow_record(row: Row[*tuple[Any, ...]]) -> WorkflowRecord:
    """A row of :func:`workflow_records`."""
    return WorkflowRecord._make((*row[:-2], to_microseconds(row[-2]), row[-1] is not None))


def is_active(connection: Connection, workflow_id: str) -> bool:
    """Whether a workflow is switched on."""
    found: bool | None = connection.execute(select(_w.active).where(_w.id == workflow_id)).scalar()
    return bool(found)


def set_active(
    connection: Connection, name: str, active: bool, now: int, *, kind: str = _GRAPH
) -> None:
    """Say whether a workflow takes part in run-all and schedules. Raises :class:`NotOnRecord`."""
    _change(connection, name, kind, {"active": active}, now)


def delete_workflow(connection: Connection, name: str, now: int, *, kind: str = _GRAPH) -> None:
    """Delete a workflow: its row and history stay (R1.9), and saving it again brings it back.

    Raises :class:`NotOnRecord`.
    """
    _change(connection, name, kind, {"deleted_at": to_datetime(now)}, now)


def set_order(
    connection: Connection, names: Sequence[str], now: int, *, kind: str = _GRAPH
) -> None:
    """Put these workflows of a kind first, in this order; the others follow in theirs.

    Raises :class:`NotOnRecord` for a name that is not there.
    """
    known = dict.fromkeys(record.name for record in list_workflows(connection, kind=kind))
    for name in names:
        if name not in known:
            raise NotOnRecord(f"there is no workflow {name!r}")
    ordered = list(dict.fromkeys([*names, *known]))
    if not ordered:
        return
    place: Any = bindparam("place")
    connection.execute(
        update(workflows)
        .where(_w.kind == kind, _w.name == bindparam("named"), _w.execution_order != place)
        .values(execution_order=place, updated_at=to_datetime(now)),
        [{"named": name, "place": at} for at, name in enumerate(ordered, 1)],
    )


def move_workflow(
    connection: Connection, name: str, place: int, now: int, *, kind: str = _GRAPH
) -> None:
    """Give a workflow this place, from 1, among those of its kind.

    Raises :class:`NotOnRecord`.
    """
    others = [each.name for each in list_workflows(connection, kind=kind) if each.name != name]
    others.insert(max(place, 1) - 1, name)
    set_order(connection, others, now, kind=kind)


def _change(connection: Connection, name: str, kind: str, values: dict[str, Any], now: int) -> None:
    """Change a workflow's row. Raises :class:`NotOnRecord`."""
    changed = connection.execute(
        update(workflows)
        .where(and_(_w.kind == kind, _w.name == name, _w.deleted_at.is_(None)))
        .values(**values, updated_at=to_datetime(now))
    )
    if not changed.rowcount:
        raise NotOnRecord(f"there is no workflow {name!r}")


def _graph_id(connection: Connection, name: str) -> str | None:
    query = select(_w.id).where(_w.kind == _GRAPH, _w.name == name, _w.deleted_at.is_(None))
    found: str | None = connection.execute(query).scalar()
    return found
