"""What a pass works with: all of it inside the pass's own transaction."""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from everyrun.domain.errors import EveryrunError
from everyrun.domain.status import SETTLED, Status
from everyrun.nodes.sub_workflow import SubWorkflow
from everyrun.store import leases
from everyrun.store.history import child_of_node, read_execution
from everyrun.store.slots import claim_slot, free_slot
from everyrun.workflows.celery.claiming import Elsewhere
from everyrun.workflows.controlling import cancel_within
from everyrun.workflows.launching import Owner, launch_within
from everyrun.workflows.running.activities import Activity
from everyrun.workflows.running.equipment import ChildEnded, Equipment, Limits, child_request
from everyrun.workflows.running.outputs import from_record
from everyrun.workflows.running.run import Finished

WORKERS = Owner(leases.WORKERS, leases.WORKERS_HOST, 3e9, head_start=5.0)
"""Who holds executions that workers run together: for good, in effect."""
UNLIMITED = 1 << 30


@dataclass(kw_only=True)
class PassEquipment(Equipment):
    """Of one pass."""

    connection: Connection
    started_children: list[str] = field(default_factory=list)
    """Executions that were begun for nodes, and that nobody has looked at yet."""
    waits_for_children: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        asked = (self.definition.policy.concurrency, self.settings.concurrency)
        together = min([UNLIMITED, *(limit for limit in asked if limit)])
        self.limits = Limits(UNLIMITED, UNLIMITED, together)

    def claim_slot(self, key: str, limit: int, node_execution_id: str) -> bool:
        now = self.clock.now()
        return claim_slot(self.connection, key, limit, self.execution.id, node_execution_id, now)

    def free_slot(self, key: str, node_execution_id: str) -> None:
        free_slot(self.connection, key, node_execution_id)

    def begin_child(self, activity: Activity, node: SubWorkflow, ended: ChildEnded) -> str:
        now = self.clock.now()
        found = child_of_node(self.connection, activity.execution_id, activity.id)
        if found is not None:
            child = read_execution(self.connection, found)
            settled = child.status in SETTLED
            is_of_attempt = isinstance(activity, Elsewhere) and activity.restored
            if settled and (is_of_attempt or child.status == Status.COMPLETED):
                output, gone = from_record(found, child.output)
                message = gone or child.error_message
                ended(activity, Finished(found, child.status, output, message))
                return found
            if not settled:
                self._see_to(found, now)
                return found
        launched = launch_within(
            self.connection,
            child_request(activity, node),
            now,
            owner=WORKERS,
        )
        self.waits_for_children = True
        if launched.owned:
            leases.wake(self.connection, launched.execution_id, now)
        return launched.execution_id

    def _see_to(self, child: str, now: int) -> None:
        """A child under way; one that waits for others of its workflow is taken in its turn."""
        self.waits_for_children = True
        lease = leases.lease_of(self.connection, child)
        if (
            lease is not None
            and lease.owner is None
            and leases.take_in_turn(
                self.connection, child, leases.WORKERS, leases.WORKERS_HOST, now, leases.NEVER
            )
        ):
            leases.wake(self.connection, child, now)

    def stop_child(self, execution_id: str, *, kill: bool) -> None:
        """Have the execution that runs for a node end; it tells of its end by itself."""
        try:
            cancel_within(
                self.connection,
                execution_id,
                self.clock.now(),
                kill=kill,
                reason="its parent was stopped",
            )
        except EveryrunError:  # it has settled, or it is gone
            return
