"""Running an execution again: whole, from what failed, or from chosen nodes, with edits.

What is taken over is decided before anything runs, so that it can be shown first. A node runs again
when it was asked for, when it did not complete, when it reads an input that was changed, when its
output is not whole on record and something that runs needs it, or when a node that it needs does.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection

from everyrun.domain import events
from everyrun.domain.clock import Clock, SystemClock
from everyrun.domain.errors import EveryrunError
from everyrun.domain.graph import (
    PATH_SEPARATOR,
    NodeDefinition,
    WorkflowDefinition,
    from_plain,
)
from everyrun.domain.identifiers import new_id
from everyrun.domain.payloads import Capturer
from everyrun.domain.status import Status, TriggerType
from everyrun.domain.views.controlling import RerunMode
from everyrun.store.append import append
from everyrun.store.database import Database
from everyrun.store.history import ExecutionHistory, NodeHistory, read_execution, read_history
from everyrun.store.partitions import ensure_partitions
from everyrun.store.reuse import Reuse, record_reuse
from everyrun.store.versions import VersionRecord, version_by_id
from everyrun.workflows.controlling import NotTheEngines
from everyrun.workflows.inputs import InvalidInput
from everyrun.workflows.launching import Launched, LaunchRequest, Owner, launch_within, own_info
from everyrun.workflows.running.outputs import from_record, is_reusable
from everyrun.workflows.running.past import Past
from everyrun.workflows.running.places import KIND
from everyrun.workflows.templates import references


class InvalidRerun(EveryrunError, ValueError):
    """This execution cannot be run again like that."""

    status_code = 422


class StillRunning(EveryrunError):
    """This execution has not settled; cancel it or wait before running it again."""

    status_code = 409


Mode = RerunMode


class Planned(NamedTuple):
    """What becomes of one node, and why. ``node`` is its full key, with ``[turn]`` in a loop."""

    node: str
    reason: str


class RerunPlan(NamedTuple):
    """What a rerun takes over, runs again, and leaves skipped."""

    origin_execution_id: str
    workflow: str
    version: int
    inputs: dict[str, Any]
    reused: list[Planned]
    run: list[Planned]
    skipped: list[Planned]
    edits: dict[str, dict[str, Any]]


def preview(
    database: Database,
    execution_id: str,
    mode: Mode = Mode.WHOLE,
    *,
    nodes: Collection[str] = (),
    inputs: Mapping[str, Any] | None = None,
    edits: Mapping[str, Mapping[str, Any]] | None = None,
) -> RerunPlan:
    """What :func:`rerun` with the same words would do.

    ``nodes`` are those to run again from; ``inputs`` change the execution's; ``edits`` change
    parameters: {node: {parameter: value}}. Raises :class:`InvalidRerun`, :class:`StillRunning`,
    ``InvalidInput`` and ``NotOnRecord``.
    """
    with database.reading() as connection:
        return plan_within(connection, execution_id, mode, nodes=nodes, inputs=inputs, edits=edits)


def plan_within(
    connection: Connection,
    execution_id: str,
    mode: Mode,
    *,
    nodes: Collection[str] = (),
    inputs: Mapping[str, Any] | None = None,
    edits: Mapping[str, Mapping[str, Any]] | None = None,
) -> RerunPlan:
    """:func:`preview` inside the caller's transaction."""
    return _Rerun(connection, execution_id, mode, nodes, inputs or {}, edits or {}).plan()


def rerun(
    database: Database,
    execution_id: str,
    mode: Mode = Mode.WHOLE,
    *,
    nodes: Collection[str] = (),
    inputs: Mapping[str, Any] | None = None,
    edits: Mapping[str, Mapping[str, Any]] | None = None,
    by: str | None = None,
    owner: Owner | None = None,
    clock: Clock | None = None,
) -> Launched:
    """Make an execution that is linked to its origin, with what it takes over on record in it.

    Raises what :func:`preview` raises.
    """
    now = (clock or SystemClock()).now()
    new = new_id()
    database.transact(lambda connection: ensure_partitions(connection, [new]))

    def work(connection: Connection) -> Launched:
        return rerun_within(
            connection,
            execution_id,
            mode,
            now,
            new,
            nodes=nodes,
            inputs=inputs,
            edits=edits,
            by=by,
            owner=owner,
        )

    return database.transact(work)


def rerun_within(
    connection: Connection,
    execution_id: str,
    mode: Mode,
    now: int,
    new: str,
    *,
    nodes: Collection[str] = (),
    inputs: Mapping[str, Any] | None = None,
    edits: Mapping[str, Mapping[str, Any]] | None = None,
    by: str | None = None,
    owner: Owner | None = None,
) -> Launched:
    """:func:`rerun` inside the caller's writing transaction, as the execution ``new``.

    The month's partition must be there (``store.partitions``).
    """
    again = _Rerun(connection, execution_id, mode, nodes, inputs or {}, edits or {})
    plan = again.plan()
    request = LaunchRequest(
        workflow=plan.workflow,
        version=plan.version,
        input=plan.inputs,
        trigger=TriggerType.RERUN.value,
        by=by,
        tags=again.execution.tags,
        origin_execution_id=execution_id,
        metadata=again.metadata(),
        inactive_too=True,
    )
    launched = launch_within(connection, request, now, owner=owner, execution_id=new)
    if launched.status == Status.PENDING:
        again.take_over(new, now)
    return launched


class _Rerun:
    """One execution, looked at for running it again."""

    def __init__(
        self,
        connection: Connection,
        execution_id: str,
        mode: Mode,
        nodes: Collection[str],
        inputs: Mapping[str, Any],
        edits: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self.connection = connection
        self.execution = read_execution(connection, execution_id)
        if self.execution.kind != KIND or self.execution.version_id is None:
            raise NotTheEngines
        if self.execution.status not in _OVER:
            raise StillRunning(f"execution {execution_id} is {self.execution.status}")
        self.version: VersionRecord = version_by_id(connection, self.execution.version_id)
        self.definition: WorkflowDefinition = from_plain(self.version.definition)
        self.mode = mode
        self.changed = dict(inputs)
        self.edits = {
            **_edits_of(self.execution),
            **{key: dict(each) for key, each in edits.items()},
        }
        self.chosen = {*nodes, *edits}
        self._check_names()
        self.past = Past(read_history(connection, execution_id))
        self.rows: list[tuple[NodeHistory, str | None]] = []
        """What is taken over: a row, and the full key of the loop around it."""
        self.pending_loops: list[NodeHistory] = []

    def _check_names(self) -> None:
        if self.mode is Mode.FROM_NODES and not self.chosen:
            raise InvalidRerun("say from which nodes to run again")
        for key in sorted(self.chosen):
            if key not in self.definition.nodes:
                there_are = ", ".join(self.definition.nodes)
                raise InvalidRerun(f"there is no node {key}; there are: {there_are}")

    def metadata(self) -> dict[str, Any]:
        """What the new execution's record says of how it came about."""
        told: dict[str, Any] = {"rerun": {"mode": self.mode.value, "nodes": sorted(self.chosen)}}
        if self.edits:
            told["edits"] = Capturer().plain(self.edits)
        return told

    def plan(self) -> RerunPlan:
        """Decide for each node."""
        reasons = self._again(self.definition.nodes, None, self.chosen)
        reused: list[Planned] = []
        again: list[Planned] = []
        skipped: list[Planned] = []
        for key, definition in self.definition.nodes.items():
            row = self.past.settled(key, None)
            if key in reasons:
                again.append(Planned(key, reasons[key]))
                if definition.do and reasons[key] == _NOT_COMPLETED:
                    reused.extend(self._of_loop(key, definition, None))
            elif row is not None and row.status == Status.SKIPPED:
                skipped.append(Planned(key, row.error_message or "skipped before"))
                self.rows.append((row, None))
            elif row is not None:
                reused.append(Planned(key, f"{row.status} before"))
                self.rows.append((row, None))
        inputs = self._inputs()
        return RerunPlan(
            self.execution.id,
            self.execution.workflow,
            self.version.version,
            inputs,
            reused,
            again,
            skipped,
            self.edits,
        )

    def _again(
        self,
        nodes: Mapping[str, NodeDefinition],
        label: str | None,
        chosen: Collection[str],
        prefix: str = "",
    ) -> dict[str, str]:
        """Of a graph: the nodes that run again, each with the reason."""
        if self.mode is Mode.WHOLE:
            return dict.fromkeys(nodes, "the whole is run again")
        reasons: dict[str, str] = {}
        for key, definition in nodes.items():
            row = self.past.settled(prefix + key, label)
            if key in chosen:
                reasons[key] = "asked for"
            elif row is None or row.status not in (Status.COMPLETED, Status.SKIPPED):
                reasons[key] = _NOT_COMPLETED
            elif references(definition.parameters).inputs & self.changed.keys():
                reasons[key] = "reads an input that was changed"
        self._spread(nodes, reasons)
        while gone := self._unreadable(nodes, reasons, label, prefix):
            for key in gone:
                reasons[key] = "its output is not whole on record, and is needed"
            self._spread(nodes, reasons)
        return reasons

    @staticmethod
    def _spread(nodes: Mapping[str, NodeDefinition], reasons: dict[str, str]) -> None:
        """What needs something that runs again runs again."""
        dependents: dict[str, list[str]] = {key: [] for key in nodes}
        for key, definition in nodes.items():
            for edge in definition.needs:
                dependents[edge.node].append(key)
        waiting = list(reasons)
        while waiting:
            needed = waiting.pop()
            for key in dependents[needed]:
                if key not in reasons:
                    reasons[key] = f"needs {needed}"
                    waiting.append(key)

    def _unreadable(
        self,
        nodes: Mapping[str, NodeDefinition],
        reasons: Mapping[str, str],
        label: str | None,
        prefix: str,
    ) -> list[str]:
        """Nodes that would be taken over, whose output cannot be, and that something reads."""
        read: set[str] = set()
        for key in reasons:
            read |= _all_references(nodes[key])
        if self.definition.output is not None:
            read |= references(self.definition.output).nodes
        found = []
        for key in sorted(read & (nodes.keys() - reasons.keys())):
            row = self.past.settled(prefix + key, label)
            if row is not None and row.output is not None and not is_reusable(row.output):
                found.append(key)
        return found

    def _of_loop(
        self, key: str, definition: NodeDefinition, label: str | None
    ) -> Iterator[Planned]:
        """The turns of a loop that did not complete: what of them is taken over."""
        loop = self.past.row(key, label)
        if loop is None:
            return
        self.pending_loops.append(loop)
        for turn in self.past.turns(loop.id):
            prefix = key + PATH_SEPARATOR
            reasons = self._again(definition.do, turn, (), prefix)
            for child, body in definition.do.items():
                row = self.past.settled(prefix + child, turn)
                if child in reasons:
                    if body.do and reasons[child] == _NOT_COMPLETED:
                        yield from self._of_loop(prefix + child, body, turn)
                elif row is not None:
                    self.rows.append((row, key))
                    yield Planned(f"{prefix}{child}[{turn}]", f"{row.status} before")

    def _inputs(self) -> dict[str, Any]:
        given = self.execution.input if isinstance(self.execution.input, dict) else {}
        values, missing = {}, {}
        for name, plain in given.items():
            value, gone = from_record(name, plain)
            if name not in self.definition.inputs:
                continue
            if gone is not None and name not in self.changed:
                missing[name] = "is not whole on record; give it again"
            values[name] = value
        if missing:
            raise InvalidInput(missing)
        return values | self.changed

    def take_over(self, execution_id: str, now: int) -> None:
        """Put what is taken over on record in the new execution."""
        ids: dict[str, str] = {}
        told: list[events.AnyEvent] = []
        reused: list[Reuse] = []
        identity: dict[str, Any] = {
            "execution_id": execution_id,
            "workflow": self.execution.workflow,
            "kind": KIND,
        }
        for loop in self.pending_loops:
            ids[loop.id] = new_id()
            told.append(
                events.NodeCreated(
                    **identity,
                    at=now,
                    node=loop.key,
                    node_execution_id=ids[loop.id],
                    order=loop.order,
                    iteration=loop.iteration,
                    parent_node_execution_id=ids.get(loop.parent_node_execution_id or ""),
                )
            )
        for row in self._with_insides():
            ids[row.id] = new_id()
            reused.append(Reuse(ids[row.id], self.execution.id, row.id))
            told.append(
                events.NodeFinished(
                    **identity,
                    at=now,
                    node=row.key,
                    node_execution_id=ids[row.id],
                    order=row.order,
                    iteration=row.iteration,
                    parent_node_execution_id=ids.get(row.parent_node_execution_id or ""),
                    status=row.status,
                    output=row.output,
                    error_type=row.error_type,
                    error_message=row.error_message,
                )
            )
        batch = events.Batch(version=events.WIRE_VERSION, recorder=own_info(now), events=told)
        if told:
            append(self.connection, batch, now)
            record_reuse(self.connection, execution_id, reused)

    def _with_insides(self) -> Iterable[NodeHistory]:
        """The rows that are taken over, each with what was begun inside of it, outermost first."""
        waiting = [row for row, _loop in self.rows]
        waiting.reverse()
        while waiting:
            row = waiting.pop()
            yield row
            waiting.extend(reversed(self.past.inside(row.id)))


_OVER = frozenset({Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.SKIPPED})
_NOT_COMPLETED = "did not complete"


def _edits_of(execution: ExecutionHistory) -> dict[str, dict[str, Any]]:
    """The edits that an execution was run with, so that its rerun has them, too."""
    found = execution.metadata.get("edits", {})
    return dict(found) if isinstance(found, dict) else {}


def _all_references(definition: NodeDefinition) -> set[str]:
    """The nodes that a node's templates read, those of its body included."""
    found = set(references(definition.parameters).nodes)
    for inner in definition.do.values():
        found |= _all_references(inner)
    return found
