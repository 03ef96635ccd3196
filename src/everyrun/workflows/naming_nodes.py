"""A node of a graph by the key that people call it by."""

from collections.abc import Mapping

from sqlalchemy import Connection

from everyrun.domain.errors import NotOnRecord
from everyrun.domain.graph import PATH_SEPARATOR, NodeDefinition, from_plain
from everyrun.store.history import read_execution
from everyrun.store.versions import version_by_id
from everyrun.workflows.controlling import NotTheEngines


def node_of(connection: Connection, execution_id: str, name: str) -> NodeDefinition:
    """The node that ``key``, or ``key[turn]`` in a loop, names in what an execution was run with.

    Raises :class:`NotTheEngines` for an execution of no graph, and :class:`NotOnRecord`.
    """
    version_id = read_execution(connection, execution_id).version_id
    if version_id is None:
        raise NotTheEngines
    nodes: Mapping[str, NodeDefinition] = from_plain(
        version_by_id(connection, version_id).definition
    ).nodes
    found = None
    for key in name.partition("[")[0].split(PATH_SEPARATOR):
        found = nodes.get(key)
        nodes = {} if found is None else found.do
    if found is None:
        raise NotOnRecord(f"the workflow of execution {execution_id} has no node {name!r}")
    return found
