"""A workflow under another name: its newest definition, none of its history and schedules."""

from typing import NamedTuple

from msgspec.structs import replace
from sqlalchemy import Connection

from everyrun.domain.graph import from_plain
from everyrun.store.schedules import list_schedules
from everyrun.store.versions import WorkflowRecord, find_version, set_active
from everyrun.store.workflows import WorkflowExists, create_workflow, is_there
from everyrun.workflows.saving import save_within


class Duplicated(NamedTuple):
    """What was made. ``version`` is None without a definition; ``schedules`` are the original's."""

    workflow_id: str
    version: int | None
    active: bool
    schedules: list[str]


def duplicate(
    connection: Connection,
    original: WorkflowRecord,
    name: str,
    by: str | None,
    now: int,
    *,
    active: bool | None = None,
) -> Duplicated:
    """Make a workflow of the same kind; switched on as the original where ``active`` is None.

    Raises :class:`~everyrun.store.workflows.WorkflowExists`.
    """
    active = original.active if active is None else active
    schedules = [each.name for each in list_schedules(connection, workflow=original.name)]
    if original.version is None:
        id_ = create_workflow(
            connection, name, original.kind, now, description=original.description, active=active
        )
        return Duplicated(id_, None, active, schedules)
    if is_there(connection, name, original.kind):
        raise WorkflowExists(f"there is a {original.kind} {name!r} already")
    definition = from_plain(find_version(connection, original.name).definition)
    saved = save_within(connection, replace(definition, workflow=name), by, now)
    set_active(connection, name, active, now)
    return Duplicated(saved.workflow_id, saved.version, active, schedules)
