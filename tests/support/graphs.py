"""Graphs for tests: saved from YAML, run by an engine, read back as plain facts."""

from textwrap import dedent
from typing import Any, NamedTuple

from everyrun.domain.clock import SystemClock
from everyrun.domain.graph import WorkflowDefinition, digest_of, to_plain
from everyrun.store.database import Database
from everyrun.store.history import NodeHistory, read_execution, read_history
from everyrun.store.versions import SavedVersion, save_version
from everyrun.workflows.defining import read_text
from everyrun.workflows.launching import LaunchRequest
from everyrun.workflows.running import Engine, Finished


class Ran(NamedTuple):
    """An execution that ended, and its rows by label (``key`` or ``key[turn]``)."""

    finished: Finished
    rows: dict[str, NodeHistory]

    def statuses(self) -> dict[str, str]:
        """Label -> status."""
        return {label: row.status.value for label, row in self.rows.items()}

    def outputs(self) -> dict[str, Any]:
        """Label -> output, of those that have one."""
        return {label: row.output for label, row in self.rows.items() if row.output is not None}


def defined(text: str) -> WorkflowDefinition:
    """A definition written in YAML; it must be readable."""
    read = read_text(dedent(text), "test.yaml")
    assert read.definition is not None, read.problems
    return read.definition


def saved(database: Database, text: str | WorkflowDefinition) -> SavedVersion:
    """A definition, saved as a version."""
    definition = text if isinstance(text, WorkflowDefinition) else defined(text)
    return database.transact(
        lambda connection: save_version(
            connection,
            to_plain(definition),
            name=definition.workflow,
            digest=digest_of(definition),
            by="tests",
            now=SystemClock().now(),
            nodes={},
        )
    )


def rows_of(database: Database, execution_id: str) -> dict[str, NodeHistory]:
    """The node executions of an execution, by label."""
    with database.reading() as connection:
        history = read_history(connection, execution_id)
    return {
        row.key if row.iteration is None else f"{row.key}[{row.iteration}]": row for row in history
    }


def ran(engine: Engine, database: Database, text: str | WorkflowDefinition, **inputs: Any) -> Ran:
    """Save a graph, run it once and read it back."""
    definition = text if isinstance(text, WorkflowDefinition) else defined(text)
    saved(database, definition)
    launched = engine.launch(LaunchRequest(workflow=definition.workflow, input=inputs))
    finished = engine.run(launched.execution_id)
    return Ran(finished, rows_of(database, launched.execution_id))


def status_of(database: Database, execution_id: str) -> str:
    """The status of an execution on record."""
    with database.reading() as connection:
        return read_execution(connection, execution_id).status.value
