"""What templates can speak of."""

from collections.abc import Mapping
from typing import Any

from everyrun.domain.clock import to_datetime
from everyrun.domain.graph import WorkflowDefinition
from everyrun.store.history import ExecutionHistory
from everyrun.workflows.templates import Secrets, Templates


def first_names(
    definition: WorkflowDefinition,
    execution: ExecutionHistory,
    inputs: Any,
    templates: Templates,
) -> Mapping[str, Any]:
    """The names of an execution as a whole. Variables may be templates over the inputs."""
    names: dict[str, Any] = {
        "inputs": inputs or {},
        "secrets": Secrets(),
        "execution": {
            "id": execution.id,
            "workflow": execution.workflow,
            "trigger": execution.trigger,
            "started_at": None
            if execution.started_at is None
            else to_datetime(execution.started_at),
        },
    }
    names["variables"] = templates.render(dict(definition.variables), names, "variables")
    return names
