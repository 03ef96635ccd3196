"""A run as lines: how far it is, and its tree of nodes, as much of it as fits."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from rich.text import Text

from everyrun.cli import marks, node_tree, wording
from everyrun.cli.live.bars import progress_bar, spinner
from everyrun.cli.live.choosing import MOVING, what_fits
from everyrun.cli.messages import say
from everyrun.cli.node_lines import APPROVAL, NodeLines
from everyrun.cli.node_tree import TreeRow, label
from everyrun.cli.terminal import one_line, styled
from everyrun.domain.status import SETTLED, Status

if TYPE_CHECKING:
    from everyrun.cli.live.tree import RunTree
    from everyrun.domain.views.nodes import NodeSummary

_BAR_WIDTH = 24
_COUNTED = (Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.SKIPPED, Status.LOST)


class LiveLines(NodeLines):
    """Nodes as they run: spinners, progress bars, and the last log lines of what failed."""

    def __init__(self, tree: "RunTree", now: datetime, width: int | None) -> None:
        super().__init__(tree, now, width)
        self.tree = tree
        if tree.status not in SETTLED:
            self.ranks = {}

    def _icon(self, node: "NodeSummary") -> str:
        if node.status == Status.RUNNING:
            return spinner(self.now.timestamp())
        return super()._icon(node)

    def _troubles(self, row: TreeRow, node: "NodeSummary") -> Iterator[Text]:
        if node.status in MOVING and node.progress_total:
            yield self._bar(row, node)
        else:
            yield from super()._troubles(row, node)
        if node.status == Status.RUNNING and node.node_type == APPROVAL:
            told = say("how_to_approve", id=self.tree.id, node=one_line(label(node)))
            yield self._below(row, told, "yellow")
        if node.status == Status.FAILED:
            for line in self.tree.lines_of(node.id):
                yield self._below(row, f"│ {one_line(line)}", "bright_black")

    def _bar(self, row: TreeRow, node: "NodeSummary") -> Text:
        share = (node.progress_current or 0.0) / (node.progress_total or 1.0)
        done, left = progress_bar(share, _BAR_WIDTH)
        text = self._below(row, done, "cyan")
        text.append(left, "bright_black")
        text.append(f" {share:.0%}  {self._progress(node)}", "cyan")
        return self._fitted(text)


def lines_of(tree: "RunTree", node: "NodeSummary") -> int:
    """How many lines a node takes."""
    lines = 1
    if node.status == Status.FAILED:
        lines += bool(node.error) + len(tree.lines_of(node.id))
    elif node.status == Status.LOST:
        lines += bool(node.error) + bool(node.lost_reason)
    elif node.status in MOVING:
        lines += (node.progress_current is not None) + (node.node_type == APPROVAL)
    return lines


def frame(tree: "RunTree", now: datetime, width: int, height: int, hint: str) -> list[Text]:
    """The run as it stands, in at most ``height`` lines of ``width`` cells."""
    tries = Counter(attempt.node_execution_id for attempt in tree.attempts)
    kept = what_fits(
        tree.nodes,
        max(height - 2, 1),
        lambda node: lines_of(tree, node) + tries[node.id],
    )
    rows = node_tree.arrange(tree.nodes, kept, tree.attempts)
    lines = [heading(tree, now, width), *LiveLines(tree, now, width).draw(rows)]
    del lines[height - 1 :]
    told = styled(hint, "bright_black")
    told.truncate(width, overflow="ellipsis")
    return [*lines, told]


def heading(tree: "RunTree", now: datetime, width: int | None = None) -> Text:
    """How far the run is, on one line."""
    moving = tree.status not in SETTLED
    icon = spinner(now.timestamp()) if moving else marks.icon(tree.status)
    text = styled(f"{icon} ", marks.style(tree.status)).append_text(styled(tree.workflow, "bold"))
    settled, total = tree.settled(), tree.total()
    if total:
        done, left = progress_bar(settled / total, _BAR_WIDTH)
        text.append(f"  {done}", "green" if not tree.counts[Status.FAILED] else "red")
        text.append(left, "bright_black")
        text.append(f" {settled}/{total}")
    for status in (*MOVING, *_COUNTED):
        count = tree.counts[status]
        if count:
            text.append(f"  {marks.icon(status)} {wording.number(count)}", marks.style(status))
    if tree.started_at is not None:
        text.append(f"  {wording.duration((now - tree.started_at).total_seconds())}", "cyan")
    else:
        text.append(f"  {one_line(tree.waits_for or say('status_pending'))}", "bright_black")
    if width is not None:
        text.truncate(width, overflow="ellipsis")
    return text
