"""The tree of nodes as lines of a terminal: names, durations, attempts, errors, a timeline."""

import shlex
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from rich.text import Text

from everyrun.cli import marks, node_tree, terminal, wording
from everyrun.cli.messages import say
from everyrun.cli.node_tree import TreeRow, label
from everyrun.cli.terminal import harmless, one_line, styled
from everyrun.cli.timeline import bar
from everyrun.domain.status import Status

if TYPE_CHECKING:
    from everyrun.domain.views.executions import ExecutionDetail
    from everyrun.domain.views.nodes import EarlierAttempt, NodeSummary

SLOWEST_LISTED = 20
APPROVAL = "approval"
"""The node type that waits for a person."""
_GUIDE = "bright_black"
_DURATION_WIDTH = 11
_MARK_WIDTH = 3
_TIMELINE_FROM = 100
_TIMELINE_WIDTHS = (20, 40)
_MOVING = frozenset({Status.RUNNING, Status.RETRYING})


class NodesOf(Protocol):
    """What is drawn: an execution as it is on record, or as it runs."""

    nodes: "list[NodeSummary]"
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class NodeLines:
    """Draws the nodes of one execution into ``width`` columns (None: as wide as they are)."""

    def __init__(self, detail: "NodesOf", now: datetime, width: int | None) -> None:
        self.nodes: Sequence[NodeSummary] = detail.nodes
        self.now = now
        self.width = width
        self.ranks = node_tree.marked_slowest(self.nodes)
        self.first, self.last = self._span(detail)
        self.timeline = 0
        if width is not None and width >= _TIMELINE_FROM and self.first < self.last:
            self.timeline = min(max(width - 80, _TIMELINE_WIDTHS[0]), _TIMELINE_WIDTHS[1])

    def draw(self, rows: Sequence[TreeRow]) -> Iterator[Text]:
        """The lines of these rows, their durations in one column."""
        names = [self._name(row) for row in rows]
        widest = max((name.cell_len for name in names), default=0)
        if self.width is not None:
            room = self.width - _DURATION_WIDTH - _MARK_WIDTH - 3 - self.timeline
            widest = min(widest, max(room, 20))
        troubles: list[Text] = []
        for row, name in zip(rows, names, strict=True):
            if row.attempt is None:
                yield from troubles
                troubles = []
            subject = row.node or row.attempt
            if subject is None:
                yield self._fitted(name)
            else:
                yield self._line(row, subject, name, widest)
            if row.node is not None:
                troubles = list(self._troubles(row, row.node))
        yield from troubles

    def _line(
        self, row: TreeRow, subject: "NodeSummary | EarlierAttempt", name: Text, widest: int
    ) -> Text:
        name.truncate(widest, overflow="ellipsis", pad=True)
        span = self._span_of(subject)
        seconds = None if span is None else (span[1] - span[0]).total_seconds()
        rank = self.ranks.get(row.node.id) if row.node is not None else None
        style = "bold yellow" if rank else ("cyan" if subject.status in _MOVING else "")
        name.append("  ")
        name.append(wording.duration(seconds).rjust(_DURATION_WIDTH - 2), style)
        name.append(f" ▲{rank}" if rank else "   ", "bold yellow")
        if self.timeline and span is not None and row.node is not None:
            offset, drawing = bar(*span, self.first, self.last, self.timeline)
            name.append(f"  {' ' * offset}")
            name.append(drawing, marks.style(subject.status))
        elif row.attempt is not None and row.attempt.error:
            name.append(f"  {one_line(row.attempt.error)}", "yellow")
        return self._fitted(name)

    def _name(self, row: TreeRow) -> Text:
        text = Text().append(row.guide, _GUIDE)
        if row.node is not None:
            style = marks.style(row.node.status)
            text.append(f"{self._icon(row.node)} ", style)
            text.append(
                one_line(label(row.node)), style if row.node.status in marks.TROUBLED else ""
            )
            if row.node.attempts > 1:
                text.append(f" ×{row.node.attempts}", "yellow")
        elif row.attempt is not None:
            said = say("attempt_line", attempt=row.attempt.attempt)
            text.append(f"{marks.icon(row.attempt.status)} {said}", "bright_black")
        else:
            statuses = ", ".join(
                f"{wording.number(count)} {marks.word(status)}"
                for status, count in row.hidden.most_common()
            )
            count = wording.number(row.hidden.total())
            text.append(say("more_nodes", count=count, statuses=statuses), "bright_black italic")
        return text

    def _icon(self, node: "NodeSummary") -> str:
        return marks.icon(node.status)

    def _troubles(self, row: TreeRow, node: "NodeSummary") -> Iterator[Text]:
        """Why a node failed or is lost, or how far it is, under its name."""
        for sentence, style in (
            (node.error, marks.style(node.status) if node.status == Status.SKIPPED else "red"),
            (node.lost_reason if node.status == Status.LOST else None, marks.style(Status.LOST)),
            (self._progress(node), "cyan"),
        ):
            if sentence:
                yield self._below(row, one_line(sentence), style)

    def _below(self, row: TreeRow, sentence: str, style: str) -> Text:
        """A line under a node's name."""
        return self._fitted(Text().append(f"{row.below}  ", _GUIDE).append(sentence, style))

    def _progress(self, node: "NodeSummary") -> str:
        if node.status not in _MOVING or node.progress_current is None:
            return ""
        of = f" / {node.progress_total:,.10g}" if node.progress_total else ""
        return f"{node.progress_current:,.10g}{of}  {node.progress_message or ''}".rstrip()

    def _fitted(self, text: Text) -> Text:
        if self.width is not None:
            text.truncate(self.width, overflow="ellipsis")
        text.rstrip()
        return text

    def _span(self, detail: "NodesOf") -> tuple[datetime, datetime]:
        starts = [node.started_at for node in self.nodes if node.started_at is not None]
        ends = [span[1] for node in self.nodes if (span := self._span_of(node)) is not None]
        begin = min([*starts, detail.started_at or detail.created_at])
        return begin, max([*ends, detail.ended_at or begin])

    def _span_of(self, subject: "NodeSummary | EarlierAttempt") -> tuple[datetime, datetime] | None:
        if subject.started_at is None:
            return None
        if subject.ended_at is not None:
            return subject.started_at, subject.ended_at
        return (subject.started_at, self.now) if subject.status in _MOVING else None


def print_nodes(
    detail: "ExecutionDetail",
    attempts: "Sequence[EarlierAttempt]",
    now: datetime,
    *,
    choice: str,
    everything: bool,
) -> None:
    """Draw the tree of an execution's nodes, or what ``choice`` picks of it."""
    width = terminal.out().width if terminal.for_people() else None
    lines = NodeLines(detail, now, width)
    rows, hidden = chosen_rows(detail.nodes, attempts, choice, everything=everything)
    terminal.write_text(Text())
    if not rows:
        terminal.write_text(styled(say("no_troubled_nodes" if choice == "failed" else "no_nodes")))
    for line in lines.draw(rows):
        terminal.write_text(line)
    drawn_failure = any(row.node and row.node.status == Status.FAILED for row in rows)
    if detail.error_traceback and not drawn_failure:
        terminal.write_text(Text())
        terminal.write_text(styled(say("traceback"), "bold"))
        terminal.write_text(Text(harmless(detail.error_traceback.rstrip()), "bright_black"))
    marked = any(row.node and row.node.id in lines.ranks for row in rows)
    _print_footer(detail, rows, hidden, marked=marked)


def chosen_rows(
    nodes: "Sequence[NodeSummary]",
    attempts: "Sequence[EarlierAttempt]",
    choice: str,
    *,
    everything: bool,
) -> tuple[list[TreeRow], int]:
    """The rows to draw, and how many nodes they leave out because there are very many."""
    if choice == "slowest":
        picked = node_tree.slowest(nodes, len(nodes) if everything else SLOWEST_LISTED)
        return [TreeRow("", "", node) for node in picked], 0
    kept: Collection[str] | None = None
    if choice == "failed":
        kept = node_tree.troubled(nodes)
        rows = node_tree.arrange(nodes, kept, attempts, count_hidden=False) if kept else []
        return rows, 0
    if len(nodes) > node_tree.SUMMARISED_ABOVE and not everything:
        kept = node_tree.summary_of(nodes)
    rows = node_tree.arrange(nodes, kept, attempts)
    return rows, 0 if kept is None else len(nodes) - len(kept)


def _print_footer(
    detail: "ExecutionDetail", rows: Sequence[TreeRow], hidden: int, *, marked: bool
) -> None:
    remarks = []
    if marked:
        remarks.append(say("slowest_legend"))
    for row in rows:
        if row.node and row.node.node_type == APPROVAL and row.node.status == Status.RUNNING:
            node = shlex.quote(one_line(label(row.node)))
            remarks.append(say("how_to_approve", id=detail.id, node=node))
    if hidden:
        total = wording.number(len(detail.nodes))
        remarks.append(say("nodes_hidden", count=wording.number(hidden), total=total))
    if detail.nodes_cut:
        remarks.append(say("nodes_cut", count=wording.number(detail.nodes_cut)))
    failed = next((row.node for row in rows if row.node and row.node.status == Status.FAILED), None)
    if failed is not None:
        node = shlex.quote(one_line(label(failed)))
        remarks.append(say("see_node", id=detail.id, node=node))
    if remarks and terminal.for_people():
        terminal.aside("\n" + "\n".join(remarks))
