"""``everyrun workflow show``: one version of a workflow, its graph, and its last runs."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url, Version, WorkflowName

if TYPE_CHECKING:
    from everyrun.domain.views.executions import ExecutionSummary

LAST_RUNS = 5


class ShownWorkflow(msgspec.Struct, kw_only=True):
    """What ``everyrun workflow show --json`` prints."""

    name: str
    active: bool
    version: int
    version_id: str
    digest: str
    created_at: datetime
    created_by: str | None
    definition: dict[str, Any]
    last_runs: "list[ExecutionSummary]"


def show(
    name: WorkflowName,
    version: Version = None,
    runs: Annotated[
        int, typer.Option("--runs", min=0, max=100, help="So many of its last runs.")
    ] = LAST_RUNS,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Show a workflow: its inputs, its graph as a tree, and its last runs."""
    from everyrun.cli import terminal
    from everyrun.cli.opening import ledger

    with ledger(url) as opened:
        shown = opened.workflows.shown(name, version, runs)
    if as_json:
        terminal.write_json(shown)
    else:
        _print(shown)


def _print(shown: ShownWorkflow) -> None:
    from everyrun.cli import terminal
    from everyrun.cli.execution_table import drawn_table
    from everyrun.cli.execution_view import print_fields
    from everyrun.cli.moments import chosen_zone
    from everyrun.cli.terminal import styled
    from everyrun.cli.workflow.definition_view import fields, graph_lines, title
    from everyrun.domain.graph import from_plain

    now, zone = datetime.now(UTC), chosen_zone(utc=False, local=False)
    width = terminal.out().width if terminal.for_people() else None
    definition = from_plain(shown.definition)
    print_fields(title(shown), fields(shown, definition, now, zone))
    terminal.write_text(styled(""))
    for line in graph_lines(definition, width):
        terminal.write_text(line)
    if shown.last_runs:
        terminal.write_text(styled(""))
        terminal.write_text(styled(say("last_runs"), "bold"))
        for line in drawn_table(shown.last_runs, now, zone, width or 200):
            terminal.write_text(line)
