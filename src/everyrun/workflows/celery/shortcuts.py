"""What needs nothing of the rest of its graph is done without planning all of it.

Each way answers that it was not done for everything else, and for all that is not as it usually
is: a pass does that. Both look at the same rows under the same lock as a pass.
"""

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from everyrun.domain import events
from everyrun.domain.errors import EveryrunError
from everyrun.domain.status import Status
from everyrun.store import claims, leases
from everyrun.store.append import append
from everyrun.store.history import read_execution, read_node_execution, settled_keys
from everyrun.store.requests import was_asked
from everyrun.workflows.celery.taking import Taken, Taker, take_straight
from everyrun.workflows.planning import Outcome, leads_nowhere
from everyrun.workflows.running.activities import Returned
from everyrun.workflows.running.failing import Failure
from everyrun.workflows.running.telling import Telling

if TYPE_CHECKING:
    from everyrun.workflows.celery.passes import Passes


def is_to_take(passes: "Passes", execution_id: str, node_execution_id: str, attempt: int) -> bool:
    """Whether an attempt waits for somebody: a message that comes again finds nothing to do."""
    with passes.database.reading() as connection:
        claim = claims.claim_of(connection, execution_id, node_execution_id)
    return claim is not None and claim.owner is None and claim.attempt == attempt


def take(
    passes: "Passes", execution_id: str, node_execution_id: str, attempt: int, taker: Taker
) -> Taken | None:
    """Begin a node of the outermost graph whose parameters hold no template."""

    def work(connection: Connection) -> Taken | None:
        lease = leases.lease_of(connection, execution_id, lock=True)
        if lease is None or lease.owner != leases.WORKERS or lease.paused_at is not None:
            return None
        claim = claims.claim_of(connection, execution_id, node_execution_id)
        row = read_node_execution(connection, execution_id, node_execution_id)
        if claim is None or row is None or claim.attempt != attempt or claim.stop is not None:
            return None
        if claim.owner is not None or was_asked(connection, execution_id, "cancel", "kill"):
            return None
        execution = read_execution(connection, execution_id)
        if execution.started_at is None:
            return None
        graph = passes.graphs.of(connection, execution, passes.clock.now())
        prepared = graph.prepared.nodes.get(row.key)
        is_plain = prepared is not None and prepared.is_fixed and row.iteration is None
        if not is_plain or graph.definition.policy.timeout is not None:
            return None
        equipment = passes.equipment(connection, execution, graph, {}, {}, (row.order or 0) + 1)
        taken = take_straight(equipment, graph.prepared, row, claim, taker)
        if taken is None:
            return None
        _tell(passes, connection, taken.began)
        claims.save_claims(connection, execution_id, {row.id: taken.taken.claim})
        return taken.taken

    try:
        return passes.database.transact(work)
    except EveryrunError:  # a pass meets it, too, and knows what becomes of it
        return None


def hand_in(passes: "Passes", taken: Taken, end: Returned | Failure) -> bool:
    """Put on record that a node completed, where nothing follows from it yet."""
    activity, execution_id = taken.activity, taken.activity.execution_id
    definition = activity.prepared.definition
    is_in_loop, has_slot = activity.scope.label is not None, definition.concurrency is not None
    if isinstance(end, Failure) or is_in_loop or has_slot:
        return False

    def work(connection: Connection) -> bool:
        lease = leases.lease_of(connection, execution_id, lock=True)
        claim = claims.claim_of(connection, execution_id, activity.id)
        if lease is None or lease.owner != leases.WORKERS or claim is None:
            return False
        is_ours = (claim.owner, claim.attempt) == (taken.claim.owner, taken.claim.attempt)
        if not is_ours or claim.stop is not None:
            return False
        execution = read_execution(connection, execution_id)
        graph = passes.graphs.of(connection, execution, passes.clock.now())
        is_limited = graph.definition.policy.concurrency or passes.engine_settings.concurrency
        if is_limited or activity.key not in graph.prepared.nodes:
            return False
        settled = settled_keys(connection, execution_id) & graph.prepared.nodes.keys()
        outcome = Outcome(Status.COMPLETED, end.branch)
        if not leads_nowhere(
            graph.prepared.definitions, graph.prepared.dependents, activity.key, outcome, settled
        ):
            return False
        telling = Telling(execution_id, execution.workflow)
        ended = telling.ended(activity, Status.COMPLETED, end, passes.clock.now())
        _tell(passes, connection, ended)
        claims.save_claims(connection, execution_id, {activity.id: None})
        return True

    try:
        return passes.database.transact(work)
    except EveryrunError:
        return False


def _tell(passes: "Passes", connection: Connection, event: events.AnyEvent) -> None:
    batch = events.Batch(version=events.WIRE_VERSION, recorder=passes.info, events=[event])
    append(connection, batch, passes.clock.now())
