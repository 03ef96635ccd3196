"""What happens in a run, in the words of the record."""

from typing import Any

from everyrun.domain import events
from everyrun.domain.identifiers import new_id
from everyrun.domain.payloads import CapturedError
from everyrun.domain.status import Status
from everyrun.workflows.running.activities import Activity, Returned
from everyrun.workflows.running.failing import Failure
from everyrun.workflows.running.places import KIND
from everyrun.workflows.running.scopes import Scope


class Telling:
    """Makes the events of one execution. All times are microseconds UTC."""

    def __init__(self, execution_id: str, workflow: str) -> None:
        self._identity: dict[str, Any] = {
            "execution_id": execution_id,
            "workflow": workflow,
            "kind": KIND,
        }

    def begun(self, now: int) -> events.AnyEvent:
        """The execution begins, or goes on."""
        return events.ExecutionStarted(**self._identity, at=now)

    def finished(
        self, now: int, status: Status, plain: Any, error: CapturedError | None
    ) -> events.AnyEvent:
        """The execution settles."""
        event = events.ExecutionFinished(**self._identity, at=now, status=status, output=plain)
        if error is not None:
            event.error_type = error.type or None
            event.error_message = error.message
            event.error_traceback = error.traceback or None
        return event

    def ended(
        self, activity: Activity, status: Status, end: Returned | Failure, now: int
    ) -> events.AnyEvent:
        """A node execution settles."""
        event = events.NodeFinished(
            **self._identity,
            at=max(now, activity.started_at),
            started_at=activity.started_at or None,
            node=activity.prepared.key,
            node_execution_id=activity.id,
            attempt=activity.attempt,
            node_type=activity.prepared.definition.type,
            order=activity.order,
            iteration=activity.scope.label,
            parent_node_execution_id=activity.scope.parent_id,
            status=status,
            output=end.plain,
        )
        if isinstance(end, Failure):
            event.error_type = end.error.type or None
            event.error_message = end.error.message
            event.error_traceback = end.error.traceback or None
        return event

    def retrying(self, activity: Activity, end: Failure, now: int) -> events.AnyEvent:
        """An attempt failed and another follows."""
        return events.NodeRetrying(
            **self._identity,
            at=max(now, activity.started_at),
            started_at=activity.started_at,
            node=activity.prepared.key,
            node_execution_id=activity.id,
            attempt=activity.attempt,
            node_type=activity.prepared.definition.type,
            order=activity.order,
            iteration=activity.scope.label,
            parent_node_execution_id=activity.scope.parent_id,
            error_type=end.error.type or None,
            error_message=end.error.message,
            error_traceback=end.error.traceback or None,
        )

    def lost(self, activity: Activity, now: int, reason: str) -> events.AnyEvent:
        """An attempt goes on elsewhere, if at all."""
        return events.NodeLost(
            **self._identity,
            at=now,
            node=activity.prepared.key,
            node_execution_id=activity.id,
            attempt=activity.attempt,
            iteration=activity.scope.label,
            parent_node_execution_id=activity.scope.parent_id,
            reason=reason,
        )

    def started(self, activity: Activity, plain_input: Any) -> events.AnyEvent:
        """An attempt begins."""
        scope = activity.scope
        return events.NodeStarted(
            **self._identity,
            at=activity.started_at,
            node=activity.prepared.key,
            node_execution_id=activity.id,
            attempt=activity.attempt,
            node_type=activity.prepared.definition.type,
            order=activity.order,
            iteration=scope.label,
            parent_node_execution_id=scope.parent_id,
            input=plain_input,
        )

    def skipped(self, scope: Scope, key: str, order: int, reason: str, now: int) -> events.AnyEvent:
        """A node will not run."""
        prepared = scope.graph.nodes[key]
        return events.NodeFinished(
            **self._identity,
            at=now,
            node=prepared.key,
            node_execution_id=new_id(),
            node_type=prepared.definition.type,
            order=order,
            iteration=scope.label,
            parent_node_execution_id=scope.parent_id,
            status=Status.SKIPPED,
            error_message=reason,
        )
