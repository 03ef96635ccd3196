"""Events checked and sorted before anything is read or written."""

from math import isfinite
from typing import Any

from everyrun.domain import events
from everyrun.domain.errors import EventRejected
from everyrun.domain.identifiers import is_uuid7
from everyrun.domain.status import SETTLED
from everyrun.store.append.log_rows import Line
from everyrun.store.append.node_rows import NodeKey
from everyrun.store.append.payload_text import storable_text

NAME_LIMIT = 500
TAG_LIMIT = 200
ATTEMPT_LIMIT = 32_767
COUNT_LIMIT = 2_147_483_647
LAST_MOMENT = 253_370_764_800_000_000  # the year 9999

_TEXTS = ("error_type", "error_message", "error_traceback", "message", "reason", "iteration")


class Unacceptable(Exception):
    """Why an event can never be taken."""


class Identifiers:
    """Identifiers as bytes, each text checked and converted once."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def of(self, text: str, field: str) -> bytes:
        """The 16 bytes of an identifier. Raises :class:`Unacceptable` naming the field."""
        known = self._known.get(text)
        if known is None:
            try:
                known = bytes.fromhex(text.replace("-", ""))
            except ValueError:
                known = b""
            if len(known) != 16:
                raise Unacceptable(f"{field} is no UUID: {text[:60]!r}")
            self._known[text] = known
        return known

    def maybe(self, text: str | None, field: str) -> bytes | None:
        """Like :meth:`of`, None for None."""
        return None if text is None else self.of(text, field)


class Incoming:
    """A batch's events by what they are about, in the order in which they came."""

    def __init__(self) -> None:
        self.identifiers = Identifiers()
        self._names: set[tuple[str, str]] = set()
        self.executions: dict[bytes, tuple[str, str]] = {}
        self.execution_events: list[tuple[bytes, events.Event]] = []
        self.node_events: list[tuple[NodeKey, bytes | None, events.NodeEvent]] = []
        self.nodes: dict[NodeKey, str] = {}
        self.lines: dict[bytes, list[Line]] = {}
        self.dropped: list[events.RecorderDropped] = []
        self.gone: list[events.RecorderGone] = []
        self.workers: list[events.WorkerSeen] = []

    def _execution(self, event: events.Event) -> bytes:
        known = self.identifiers.of(event.execution_id, "execution_id")
        named = (event.kind, event.workflow)
        if named not in self._names:
            _check_name(event.workflow, "workflow")
            _check_name(event.kind, "kind", limit=20)
            self._names.add(named)
        if known not in self.executions:
            if not is_uuid7(event.execution_id):
                raise Unacceptable("execution_id is no UUID of version 7 in its canonical form")
            self.executions[known] = named
        _check_moment(event.at, "at")
        return known

    def _node(self, execution_id: bytes, id_text: str, key: str | None, attempt: int) -> NodeKey:
        pair = (execution_id, self.identifiers.of(id_text, "node_execution_id"))
        if self.nodes.get(pair) != key or not key:
            self.nodes.setdefault(pair, _check_name(key or "", "node"))
        if not 1 <= attempt <= ATTEMPT_LIMIT:
            raise Unacceptable(f"attempt must be from 1 to {ATTEMPT_LIMIT}: {attempt}")
        return pair

    def add(self, event: Any) -> None:
        """Sort one event in. Raises :class:`Unacceptable`."""
        if isinstance(event, events.LineLogged):
            self._add_line(event)
        elif isinstance(event, events.NodeEvent):
            self._add_node_event(event)
        elif isinstance(event, events.RecorderDropped):
            self.dropped.append(event)
        elif isinstance(event, events.RecorderGone):
            self.gone.append(event)
        elif isinstance(event, events.WorkerSeen):
            self.workers.append(_checked_worker(event))
        else:
            self._add_execution_event(event)

    def _add_line(self, event: events.LineLogged) -> None:
        execution_id = self._execution(event)
        node = None
        if event.node_execution_id is not None:
            node = self._node(execution_id, event.node_execution_id, event.node, event.attempt)[1]
        line = (self.identifiers.of(event.id, "id"), node, event)
        self.lines.setdefault(execution_id, []).append(line)

    def _add_node_event(self, event: events.NodeEvent) -> None:
        execution_id = self._execution(event)
        pair = self._node(execution_id, event.node_execution_id, event.node, event.attempt)
        parent = self.identifiers.maybe(event.parent_node_execution_id, "parent_node_execution_id")
        _check_count(event.order, "order")
        if event.started_at is not None:
            _check_moment(event.started_at, "started_at")
        if isinstance(event, events.NodeProgressed):
            _check_progress(event)
        _check_settled(event)
        _clean_texts(event)
        self.node_events.append((pair, parent, event))

    def _add_execution_event(self, event: events.Event) -> None:
        execution_id = self._execution(event)
        _check_settled(event)
        for tag in getattr(event, "tags", ()):
            _check_name(tag, "tags", limit=TAG_LIMIT)
        if isinstance(event, (events.ExecutionCreated, events.ExecutionStarted)):
            if event.external_id is not None:
                _check_name(event.external_id, "external_id")
            _check_name(event.trigger, "trigger", limit=50)
            _check_count(event.nodes_total, "nodes_total")
        elif isinstance(event, events.ExecutionProgressed):
            _check_progress(event)
        elif isinstance(event, events.ExecutionFinished) and event.started_at is not None:
            _check_moment(event.started_at, "started_at")
        _clean_texts(event)
        self.execution_events.append((execution_id, event))


def _check_name(name: str, field: str, limit: int = NAME_LIMIT) -> str:
    if not name or len(name) > limit or "\0" in name:
        raise Unacceptable(f"{field} must have 1 to {limit} characters, none of them NUL")
    return name


def _check_moment(at: int, field: str) -> None:
    if not 0 <= at < LAST_MOMENT:
        raise Unacceptable(f"{field} is no time in microseconds: {at}")


def _check_count(count: int | None, field: str) -> None:
    if count is not None and not 0 <= count <= COUNT_LIMIT:
        raise Unacceptable(f"{field} is out of range: {count}")


def _check_progress(event: events.ExecutionProgressed | events.NodeProgressed) -> None:
    for field, value in (("current", event.current), ("total", event.total)):
        if value is not None and not isfinite(value):
            raise Unacceptable(f"{field} is no finite number: {value}")


def _check_settled(event: events.Event) -> None:
    if not isinstance(event, (events.NodeFinished, events.ExecutionFinished)):
        return
    if event.status not in SETTLED:
        raise Unacceptable(f"status of a finished event must be settled: {event.status}")


def _checked_worker(event: events.WorkerSeen) -> events.WorkerSeen:
    _check_moment(event.at, "at")
    _check_name(event.name, "name")
    _check_name(event.broker, "broker")
    _check_name(event.pool, "pool", limit=100)
    for field in ("concurrency", "running_total", "reserved", "done"):
        _check_count(getattr(event, field), field)
    for queue in event.queues:
        _check_name(queue.name, "queues")
        _check_count(queue.messages, "queues")
    for task in event.running:
        _check_name(task.id, "running")
        _check_name(task.name, "running")
    return event


def _clean_texts(event: events.Event) -> None:
    for field in _TEXTS:
        text = getattr(event, field, None)
        if text and "\0" in text:
            setattr(event, field, storable_text(text))


def sort_in(batch: events.Batch) -> Incoming:
    """All of a batch, checked and sorted. Raises :class:`EventRejected` with the position."""
    incoming = Incoming()
    for position, event in enumerate(batch.events):
        try:
            incoming.add(event)
        except Unacceptable as error:
            raise EventRejected(position, str(error)) from None
    return incoming
