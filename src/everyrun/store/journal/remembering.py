"""What a journal knows without asking: the rows that it wrote itself.

From that it works out what events do to the ledger, as ``store.append`` would. What it does not
know, or what is out of the ordinary, it leaves to that general door: it answers None.
"""

from collections.abc import Callable, Iterable
from typing import Any

from everyrun.domain import events
from everyrun.domain.status import SETTLED, WorkflowKind
from everyrun.store.append.parsing import COUNT_LIMIT, LAST_MOMENT
from everyrun.store.append.payload_text import payload_text
from everyrun.store.journal.rows import (
    RETRYING,
    RUNNING,
    BegunRow,
    EndedRow,
    Moves,
    NewRow,
    OpenRow,
)

_KIND = WorkflowKind.GRAPH.value


class Memory:
    """What is known of one execution.

    ``began`` is when the execution started, None while that, or any node execution, is not on
    record; ``nodes`` are the ids of the workflow's nodes by key.
    """

    def __init__(self, execution_id: str, workflow: str) -> None:
        self.execution_id = execution_id
        self.workflow = workflow
        self.workflow_id = ""
        self.began: int | None = None
        self.nodes: dict[str, str] = {}
        self.open: dict[str, OpenRow] = {}

    def moves_of(self, told: Iterable[events.AnyEvent]) -> Moves | None:
        """What these events do, None when the general door must see to it."""
        if self.began is None:
            return None
        moves = Moves()
        for event in told:
            take = _TAKERS.get(type(event))
            if take is None or not take(self, moves, event):
                return None
        return moves

    def keep(self, moves: Moves) -> None:
        """These moves are on record now."""
        for id_, row in moves.remembered.items():
            if row is None:
                self.open.pop(id_, None)
            else:
                self.open[id_] = row

    def knows(self, event: events.NodeEvent) -> bool:
        """Whether an event is about this execution, after its start, and has nothing odd."""
        began = event.started_at or event.at
        return (
            event.execution_id == self.execution_id
            and event.workflow == self.workflow
            and event.kind == _KIND
            and self.began is not None
            and self.began <= began <= event.at < LAST_MOMENT
        )


def _take_start(memory: Memory, moves: Moves, event: events.NodeStarted) -> bool:
    id_ = event.node_execution_id
    if not memory.knows(event) or event.started_at is not None or id_ in moves.remembered:
        return False
    before = memory.open.get(id_)
    if before is not None:
        return _take_next_attempt(moves, event, before)
    row = _new_row(memory, event)
    if row is None:
        return False
    row.started_at = row.seen_at = event.at
    row.input = payload_text(event.input) or "{}"
    moves.inserted[id_] = row
    moves.counts[0] += 1
    moves.remembered[id_] = OpenRow(
        1, RUNNING, event.at, event.at, event.order, row.parent, row.iteration
    )
    return True


def _take_next_attempt(moves: Moves, event: events.NodeStarted, before: OpenRow) -> bool:
    if (
        before.status != RETRYING
        or event.attempt != before.attempt + 1
        or event.at < before.started_at
        or not _says_nothing_new(event, before)
    ):
        return False
    id_ = event.node_execution_id
    moves.begun.append(BegunRow(id_, before, event.at, payload_text(event.input)))
    moves.remembered[id_] = before._replace(
        attempt=event.attempt, status=RUNNING, attempt_started_at=event.at
    )
    return True


def _take_end(memory: Memory, moves: Moves, event: events.NodeFinished) -> bool:
    if not memory.knows(event) or event.status not in SETTLED or not _texts_are_clean(event):
        return False
    id_ = event.node_execution_id
    if id_ in moves.inserted:
        return _settle_new(moves, event, moves.inserted[id_])
    before = memory.open.get(id_)
    if id_ in moves.remembered or (before is not None and not _ends(event, before)):
        return False
    if before is None:
        row = _new_row(memory, event)
        if row is None:
            return False
        moves.inserted[id_] = row
        moves.counts[0] += 1
        row.started_at = event.started_at
        _settle(moves, event, row)
    else:
        status, output = event.status.value, payload_text(event.output)
        moves.settled.append(_ended(event, before, status, output))
        moves.count_settled(status, before.started_at, event.at)
    moves.remembered[id_] = None
    return True


def _settle_new(moves: Moves, event: events.NodeFinished, row: NewRow) -> bool:
    started = moves.remembered[row.id]
    if started is None or not _ends(event, started):
        return False
    _settle(moves, event, row)
    moves.remembered[row.id] = None
    return True


def _settle(moves: Moves, event: events.NodeFinished, row: NewRow) -> None:
    row.status = event.status.value
    row.ended_at = event.at
    row.seen_at = None
    row.error_type = event.error_type
    row.error_message = event.error_message
    row.error_traceback = event.error_traceback
    row.output = payload_text(event.output)
    moves.count_settled(row.status, row.started_at, event.at)


def _take_retry(memory: Memory, moves: Moves, event: events.NodeRetrying) -> bool:
    id_ = event.node_execution_id
    before = memory.open.get(id_)
    if (
        before is None
        or before.status != RUNNING
        or id_ in moves.remembered
        or not memory.knows(event)
        or not _ends(event, before)
        or not _texts_are_clean(event)
    ):
        return False
    moves.retrying.append(_ended(event, before, RETRYING, None))
    moves.remembered[id_] = before._replace(status=RETRYING)
    return True


def _ended(
    event: events.NodeFinished | events.NodeRetrying,
    before: OpenRow,
    status: str,
    output: str | None,
) -> EndedRow:
    return EndedRow(
        event.node_execution_id,
        before,
        status,
        event.at,
        event.error_type,
        event.error_message,
        event.error_traceback,
        output,
    )


def _new_row(memory: Memory, event: events.NodeEvent) -> NewRow | None:
    """The row of a first attempt; None where something about it is odd."""
    id_, parent, order = event.node_execution_id, event.parent_node_execution_id, event.order
    node_id = memory.nodes.get(event.node)
    if (
        node_id is None
        or event.attempt != 1
        or not _is_canonical(id_)
        or not (parent is None or _is_canonical(parent))
        or not (order is None or 0 <= order <= COUNT_LIMIT)
        or not _is_clean(event.iteration)
    ):
        return None
    return NewRow(id_, node_id, order, parent, event.iteration)


def _ends(event: events.NodeFinished | events.NodeRetrying, before: OpenRow) -> bool:
    """Whether an event ends the attempt that is under way, and says nothing else that is new."""
    return (
        event.attempt == before.attempt
        and (event.started_at is None or event.started_at >= before.attempt_started_at)
        and _says_nothing_new(event, before)
    )


def _says_nothing_new(event: events.NodeEvent, before: OpenRow) -> bool:
    """Whether an event's description fills in nothing that the row does not have."""
    return (
        (event.order is None or before.order is not None)
        and (event.parent_node_execution_id is None or before.parent is not None)
        and (event.iteration is None or before.iteration is not None)
    )


def _texts_are_clean(event: events.NodeFinished | events.NodeRetrying) -> bool:
    return (
        _is_clean(event.error_type)
        and _is_clean(event.error_message)
        and _is_clean(event.error_traceback)
    )


def _is_clean(text: str | None) -> bool:
    return text is None or "\0" not in text


def _is_canonical(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4


_TAKERS: dict[type[Any], Callable[[Memory, Moves, Any], bool]] = {
    events.NodeStarted: _take_start,
    events.NodeFinished: _take_end,
    events.NodeRetrying: _take_retry,
}
