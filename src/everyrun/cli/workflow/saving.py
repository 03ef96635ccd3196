"""A file made the newest version of its workflow, unless it is that already."""

from typing import TYPE_CHECKING

from everyrun.cli.errors import BadDefinition
from everyrun.cli.messages import say

if TYPE_CHECKING:
    from everyrun.domain.graph import WorkflowDefinition
    from everyrun.store.database import Database
    from everyrun.store.versions import SavedVersion


def saved_from(
    database: "Database", file: str, by: str | None, expected_version: int | None = None
) -> "tuple[SavedVersion, WorkflowDefinition]":
    """Save the definition in a file.

    Tells every problem and raises :class:`BadDefinition` when there are any. A file that is the
    newest version already is not judged again. Raises ``StaleVersion``.
    """
    from everyrun.domain.clock import SystemClock
    from everyrun.workflow.defining import read_file
    from everyrun.workflow.saving import save
