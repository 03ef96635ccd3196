"""Workflows as rows of the seed's ``scripts``."""

from datetime import datetime
from typing import Any

import msgspec

from everyrun.store.scripts import ScriptRecord


class ScriptRow(msgspec.Struct, kw_only=True):
    """One script. Beside what the seed has: its kind, its version's number, and the workflow's id.

    ``definition`` is its graph, where it has one and was asked for alone.
    """

    id: int
    name: str
    description: str | None
    active: bool
    execution_order: int
    created_at: datetime
    updated_at: datetime
    kind: str
    version: int | None
    workflow_id: str
    definition: dict[str, Any] | None = None


class ScriptList(msgspec.Struct, kw_only=True):
    """All scripts, in execution order."""

    success: bool = True
    message: str
    data: list[ScriptRow]
    count: int


class ScriptAnswer(msgspec.Struct, kw_only=True):
    """One script."""

    success: bool = True
    message: str
    data: ScriptRow


def row_of(script: ScriptRecord, definition: dict[str, Any] | None = None) -> ScriptRow:
    """A script that has its number, as a row."""
    return ScriptRow(
        id=script.number,
        name=script.name,
        description=script.description,
        active=script.active,
        execution_order=script.execution_order,
        created_at=script.created_at,
        updated_at=script.updated_at,
        kind=script.kind,
        version=script.version,
        workflow_id=script.id,
        definition=definition,
    )
