"""How a run ended: for people in a line, with what failed below it; for programs as a document."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from everyrun.cli import marks, wording
from everyrun.cli.messages import say
from everyrun.cli.node_tree import label
from everyrun.cli.terminal import Spans
from everyrun.domain.status import Status

if TYPE_CHECKING:
    from everyrun.cli.live.tree import RunTree
    from everyrun.domain.views.nodes import NodeSummary

OUTPUT_SHOWN = 300
"""Characters of an output that are shown; ``everyrun show ID --output`` prints all."""
FAILURES_NAMED = 20
_COUNTED = (Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.SKIPPED, Status.LOST)


class FailedNode(msgspec.Struct, kw_only=True):
    """A node that failed."""

    id: str
    node: str
    iteration: str | None
    attempts: int
    error: str | None


class RunReport(msgspec.Struct, kw_only=True):
    """What ``everyrun run --json`` prints."""

    id: str
    workflow: str
    version: int | None
    status: str
    reason: str | None
    duration_seconds: float | None
    nodes: dict[str, int]
    failed: list[FailedNode]
    output: Any


def report_of(tree: "RunTree", version: int | None, reason: str | None) -> RunReport:
    """A run as a document."""
    return RunReport(
        id=tree.id,
        workflow=tree.workflow,
        version=version,
        status=tree.status,
        reason=reason or tree.error,
        duration_seconds=tree.seconds(),
        nodes={str(status): count for status, count in tree.counts.items() if count},
        failed=[
            FailedNode(
                id=node.id,
                node=node.node,
                iteration=node.iteration,
                attempts=node.attempts,
                error=node.error,
            )
            for node in tree.failed()
        ],
        output=tree.output,
    )


def ending_lines(tree: "RunTree", reason: str | None = None) -> Iterator[Spans]:
    """The line that says how it ended, and a line for each node that failed."""
    style = marks.style(tree.status)
    line = [(f"{marks.icon(tree.status)} ", style), (tree.workflow, "bold")]
    line.append((f" {marks.word(tree.status)}", style))
    seconds = tree.seconds()
    if seconds is not None:
        line.append((f"  {wording.duration(seconds)}", ""))
    counts = ", ".join(
        f"{wording.number(tree.counts[status])} {marks.word(status)}"
        for status in _COUNTED
        if tree.counts[status]
    )
    if counts:
        line.append((f"  {wording.counted('node', tree.total())} ({counts})", ""))
    yield [*line, (f"  {tree.id}", "bright_black")]
    failed = tree.failed()
    for node in failed[:FAILURES_NAMED]:
        yield _failure(node)
    if len(failed) > FAILURES_NAMED:
        hidden = wording.number(len(failed) - FAILURES_NAMED)
        yield [(f"  {say('more_failures', count=hidden)}", "bright_black")]
    why = reason or ("" if failed else tree.error)
    if why:
        yield [(f"  {why}", style)]
    if tree.output is not None:
        yield _output(tree.output)


def _failure(node: "NodeSummary") -> Spans:
    style = marks.style(Status.FAILED)
    tries = f" ×{node.attempts}" if node.attempts > 1 else ""
    name = f"  {marks.icon(Status.FAILED)} {label(node)}"
    return [(name, style), (tries, "yellow"), (f"  {node.error or ''}", "red")]


def _output(output: Any) -> Spans:
    shown = msgspec.json.encode(output).decode()
    if len(shown) > OUTPUT_SHOWN:
        shown = f"{shown[:OUTPUT_SHOWN]}…"
    return [(f"  {say('k_output')}: ", "bright_black"), (shown, "")]
