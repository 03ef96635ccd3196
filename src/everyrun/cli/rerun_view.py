"""What a rerun would do, before it does."""

from typing import TYPE_CHECKING

from everyrun.cli import marks, terminal, wording
from everyrun.cli.messages import say
from everyrun.domain.status import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from everyrun.domain.views.controlling import PlannedNode, RerunPreview

NODES_LISTED = 50
_REUSED = "="


def print_preview(preview: "RerunPreview", *, aside: bool) -> None:
    """Print which nodes are reused, run again and skipped, each with the reason."""
    heading = say("rerun_heading", version=preview.version)
    terminal.write_spans([(preview.workflow, "bold"), (f"  {heading}", "")], aside=aside)
    _print_part("rerun_reused", _REUSED, "green", preview.reused, aside=aside)
    running = marks.style(Status.RUNNING)
    _print_part("rerun_run", marks.icon(Status.RUNNING), running, preview.run, aside=aside)
    skipped = marks.style(Status.SKIPPED)
    _print_part("rerun_skipped", marks.icon(Status.SKIPPED), skipped, preview.skipped, aside=aside)


def _print_part(
    key: str, icon: str, style: str, nodes: "Sequence[PlannedNode]", *, aside: bool
) -> None:
    if not nodes:
        return
    heading = f"{say(key)}: {wording.counted('node', len(nodes))}"
    terminal.write_spans([(f"  {heading}", style)], aside=aside)
    widest = max(len(each.node) for each in nodes[:NODES_LISTED])
    for each in nodes[:NODES_LISTED]:
        terminal.write_spans(
            [
                (f"    {icon} ", style),
                (each.node.ljust(widest), ""),
                (f"  {each.reason}", "bright_black"),
            ],
            aside=aside,
        )
    if len(nodes) > NODES_LISTED:
        hidden = wording.number(len(nodes) - NODES_LISTED)
        terminal.write_spans(
            [(f"    {say('more_failures', count=hidden)}", "bright_black")], aside=aside
        )
