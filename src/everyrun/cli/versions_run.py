"""The definition that an execution was run with."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from everyrun.domain.graph import WorkflowDefinition
    from everyrun.store.database import Database


def definition_of(database: "Database", execution_id: str) -> "WorkflowDefinition":
    """The definition that an execution was run with.

    Raises ``NotTheEngines`` for what has none: a script, a function, a Celery job.
    """
    from everyrun.domain.graph import from_plain
    from everyrun.store.history import read_execution
    from everyrun.store.versions import version_by_id
    from everyrun.workflows.controlling import NotTheEngines

    with database.reading() as connection:
        version_id = read_execution(connection, execution_id).version_id
        if version_id is None:
            raise NotTheEngines
        return from_plain(version_by_id(connection, version_id).definition)
