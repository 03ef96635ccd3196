"""Whose runs are reported."""

from typing import NamedTuple

from sqlalchemy import Connection

from everyrun.domain.identifiers import id_text
from everyrun.domain.status import WorkflowKind
from everyrun.store.append.registering import workflow_ids
from everyrun.store.scripts import hide_workflow

NO_SCRIPT = "(no script)"
"""The workflow of what is reported without saying of which script. It is in no list."""


class Script(NamedTuple):
    """The workflow that a report is about."""

    id: str
    name: str
    kind: str

    @property
    def is_known(self) -> bool:
        """Whether the caller said which it is."""
        return (self.kind, self.name) != (WorkflowKind.SCRIPT.value, NO_SCRIPT)


def no_script(connection: Connection, now: int) -> Script:
    """The workflow of reports about no script: kept as deleted ones are, so that none counts it."""
    key = (WorkflowKind.SCRIPT.value, NO_SCRIPT)
    id_ = id_text(workflow_ids(connection, {key}, now)[key])
    hide_workflow(connection, id_, now)
    return Script(id_, NO_SCRIPT, WorkflowKind.SCRIPT.value)
