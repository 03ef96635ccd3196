"""Definitions made ready to run, kept for the passes that follow."""

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from everyrun.domain.graph import WorkflowDefinition, from_plain
from everyrun.store.history import ExecutionHistory, usual_durations
from everyrun.store.versions import register_nodes, version_by_id
from everyrun.workflows.running.engine import edited
from everyrun.workflows.running.preparing import PreparedGraph, prepare
from everyrun.workflows.templates import Templates

MOST = 64


class Graph(NamedTuple):
    """What executions of one version with the same edits have in common."""

    definition: WorkflowDefinition
    prepared: PreparedGraph
    templates: Templates


class Graphs:
    """The last few that were used."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, bytes], Graph] = OrderedDict()

    def of(self, connection: Connection, execution: ExecutionHistory, now: int) -> Graph:
        """The graph of an execution. Raises ``CannotRun`` for node types unknown here."""
        edits = execution.metadata.get("edits")
        key = (str(execution.version_id), msgspec.json.encode(edits))
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        version = version_by_id(connection, key[0])
        definition = edited(from_plain(version.definition), edits)
        templates = Templates()
        seconds = usual_durations(connection, execution.workflow_id)
        graph = Graph(definition, prepare(definition.nodes, templates, seconds), templates)
        register_nodes(connection, execution.workflow_id, graph.prepared.types(), now)
        with self._lock:
            self._kept[key] = graph
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return graph
