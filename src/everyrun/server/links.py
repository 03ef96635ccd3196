"""Which answers lead where: OpenAPI links, by which tools go from what was made to what it is."""

from collections.abc import Iterator
from typing import Any, NamedTuple

_FIRST = "/items/0"


class _Lead(NamedTuple):
    """Where in an answer stands what the operations of a kind are asked with."""

    operation: str
    pointer: str
    parameter: str
    targets: tuple[str, ...]


_OF_EXECUTION = (
    "execution",
    "execution_progress",
    "execution_nodes",
    "execution_attempts",
    "execution_relations",
    "execution_requests",
    "execution_logs",
    "execution_bundle",
    "rerun_preview",
    "preview_rerun",
    "rerun_execution",
    "cancel_execution",
    "pause_execution",
    "resume_execution",
    "delete_execution",
)
_OF_WORKFLOW = (
    "one_workflow",
    "save_workflow",
    "change_workflow",
    "enable_workflow",
    "disable_workflow",
    "duplicate_workflow",
    "workflow_versions",
    "workflow_as_yaml",
    "delete_one_workflow",
)
_OF_SCHEDULE = (
    "one_schedule",
    "change_schedule",
    "pause_schedule",
    "resume_schedule",
    "schedule_fires",
    "schedule_next",
    "preview_backfill",
    "backfill_schedule",
    "delete_schedule",
)
_OF_BATCH = ("one_batch", "batch_members", "stop_batch")
_OF_USER = ("one_user", "change_user", "remove_user")
_OF_SCRIPT = (
    "one_script",
    "update_script",
    "put_script_active",
    "execute_script",
    "record_execution",
    "remove_script",
)
_OF_NODE_LOG = ("one_node_execution", "delete_node_execution")

_LEADS = (
    _Lead("executions", f"{_FIRST}/id", "execution", _OF_EXECUTION),
    _Lead("start_execution", "/execution_id", "execution", _OF_EXECUTION),
    _Lead("rerun_execution", "/execution_id", "execution", _OF_EXECUTION),
    _Lead("workflows", f"{_FIRST}/name", "name", _OF_WORKFLOW),
    _Lead("workflows", f"{_FIRST}/name", "workflow", ("start_execution",)),
    _Lead("create_one_workflow", "/name", "name", _OF_WORKFLOW),
    _Lead("create_one_workflow", "/name", "workflow", ("start_execution",)),
    _Lead("add_schedule", "/id", "schedule", _OF_SCHEDULE),
    _Lead("schedules", f"{_FIRST}/id", "schedule", _OF_SCHEDULE),
    _Lead("run_all", "/id", "batch_id", _OF_BATCH),
    _Lead("run_over_inputs", "/id", "batch_id", _OF_BATCH),
    _Lead("batches", f"{_FIRST}/id", "batch_id", _OF_BATCH),
    _Lead("add_user", "/id", "user_id", _OF_USER),
    _Lead("create_token", "/id", "token_id", ("delete_token",)),
    _Lead("new_script", "/data/id", "script_id", _OF_SCRIPT),
    _Lead("report_node_execution", "/log_id", "log_id", _OF_NODE_LOG),
    _Lead("start_automation_job", "/jobId", "jobId", ("automation_logs",)),
)


def links_of(operation: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The links of an operation's good answer: (name, OpenAPI's link object)."""
    for lead in _LEADS:
        if lead.operation == operation:
            for target in lead.targets:
                yield (
                    target,
                    {
                        "operationId": target,
                        "parameters": {lead.parameter: f"$response.body#{lead.pointer}"},
                    },
                )


def linked_operations() -> Iterator[str]:
    """Every operation that a link names."""
    for lead in _LEADS:
        yield lead.operation
        yield from lead.targets
