"""First sight of a name registers it: workflows and their nodes, looked up or made."""

from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from everyrun.domain.clock import to_datetime
from everyrun.domain.identifiers import id_bytes, id_text, new_id
from everyrun.store.tables import Node, Workflow

_CACHE_KEY = "everyrun_registered"
_CACHE_LIMIT = 50_000
_CHUNK = 400

WorkflowKey = tuple[str, str]
NodeKey = tuple[bytes, str]

workflows = cast("Table", Workflow.__table__)
nodes = cast("Table", Node.__table__)

_WORKFLOWS_NAMED = select(workflows.c.kind, workflows.c.name, workflows.c.id).where(
    workflows.c.kind == bindparam("kind"),
    workflows.c.name.in_(bindparam("names", expanding=True)),
)
_NODES_KEYED = select(nodes.c.key, nodes.c.id).where(
    nodes.c.workflow_id == bindparam("workflow"),
    nodes.c.key.in_(bindparam("keys", expanding=True)),
)


def insert_if_absent(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows, leaving those alone that another writer made first."""
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


class Registry:
    """What a connection knows to be registered. Holds only what it has read as committed."""

    def __init__(self) -> None:
        self.workflows: dict[WorkflowKey, bytes] = {}
        self.nodes: dict[NodeKey, bytes] = {}

    @classmethod
    def of(cls, connection: Connection) -> "Registry":
        """The registry that lives as long as the database connection under ``connection``."""
        registry = connection.info.get(_CACHE_KEY)
        if registry is None or len(registry.nodes) > _CACHE_LIMIT:
            registry = connection.info[_CACHE_KEY] = cls()
        return cast("Registry", registry)

    @staticmethod
    def forget(connection: Connection) -> None:
        """Look everything up anew; for when something registered was removed."""
        connection.info.pop(_CACHE_KEY, None)


def workflow_ids(
    connection: Connection, wanted: set[WorkflowKey], now: int
) -> dict[WorkflowKey, bytes]:
    """(kind, name) -> id, registering those not seen before."""
    registry = Registry.of(connection)
    known = {key: registry.workflows[key] for key in wanted if key in registry.workflows}
    missing = sorted(wanted - known.keys())
    if not missing:
        return known
    found = _find_workflows(connection, missing)
    registry.workflows.update(found)
    unseen = [key for key in missing if key not in found]
    if unseen:
        moment = to_datetime(now)
        insert_if_absent(
            connection,
            workflows,
            [
                {
                    "id": new_id(),
                    "kind": kind,
                    "name": name,
                    "created_at": moment,
                    "updated_at": moment,
                }
                for kind, name in unseen
            ],
        )
        found |= _find_workflows(connection, unseen)
    return known | found


def _find_workflows(connection: Connection, wanted: list[WorkflowKey]) -> dict[WorkflowKey, bytes]:
    found: dict[WorkflowKey, bytes] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        for kind in {kind for kind, _name in chunk}:
            names = [name for this, name in chunk if this == kind]
            rows = connection.execute(_WORKFLOWS_NAMED, {"kind": kind, "names": names})
            found.update({(row.kind, row.name): id_bytes(row.id) for row in rows})
    return found


def node_ids(
    connection: Connection, wanted: dict[NodeKey, str | None], now: int
) -> dict[NodeKey, bytes]:
    """(workflow id, node key) -> id, registering those not seen before with their node type."""
    registry = Registry.of(connection)
    known = {key: registry.nodes[key] for key in wanted if key in registry.nodes}
    missing = sorted(wanted.keys() - known.keys())
    if not missing:
        return known
    found = _find_nodes(connection, missing)
    registry.nodes.update(found)
    unseen = [key for key in missing if key not in found]
    if unseen:
        moment = to_datetime(now)
        insert_if_absent(
            connection,
            nodes,
            [
                {
                    "id": new_id(),
                    "workflow_id": id_text(workflow_id),
                    "key": key,
                    "node_type": wanted[workflow_id, key],
                    "retry_config": {},
                    "created_at": moment,
                }
                for workflow_id, key in unseen
            ],
        )
        found |= _find_nodes(connection, unseen)
    return known | found


def _find_nodes(connection: Connection, wanted: list[NodeKey]) -> dict[NodeKey, bytes]:
    found: dict[NodeKey, bytes] = {}
    for workflow_id in sorted({workflow_id for workflow_id, _key in wanted}):
        keys = [key for this, key in wanted if this == workflow_id]
        for start in range(0, len(keys), _CHUNK):
            asked = {"workflow": id_text(workflow_id), "keys": keys[start : start + _CHUNK]}
            rows = connection.execute(_NODES_KEYED, asked)
            found.update({(workflow_id, row.key): id_bytes(row.id) for row in rows})
    return found
