"""``everyrun workflow show``: one version of a workflow, its graph, and its last runs."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url, Version, WorkflowName

if TYPE_CHECKING:
    from everyrun.domain.views.executions import ExecutionSummary
    from everyrun.store.database import Database
    from everyrun.store.versions import VersionRecord

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
    from everyrun.domain.clock import to_datetime

    with ledger(url) as database:
        found, active, last = read(database, name, version, runs)
    if as_json:
        terminal.write_json(
            ShownWorkflow(
                name=found.workflow,
                active=active,
                version=found.version,
                version_id=found.id,
                digest=found.digest,
                created_at=to_datetime(found.created_at),
                created_by=found.created_by,
                definition=found.definition,
                last_runs=last,
            )
        )
    else:
        _print(found, active, last)


def read(
    database: "Database", name: str, version: int | None, runs: int
) -> "tuple[VersionRecord, bool, list[ExecutionSummary]]":
    """A version, whether its workflow is switched on, and the last executions of any version."""
    from everyrun.domain.status import WorkflowKind
    from everyrun.domain.views.executions import ExecutionFilters
    from everyrun.store.reading.executions import list_executions
    from everyrun.store.versions import find_version, is_active

    with database.reading() as connection:
        found = find_version(connection, name, version)
        active = is_active(connection, found.workflow_id)
        of_it = ExecutionFilters(workflow=name, kind=WorkflowKind.GRAPH)
        last = list_executions(connection, of_it, limit=runs).items if runs else []
        return found, active, last


def _print(version: "VersionRecord", active: bool, last: "list[ExecutionSummary]") -> None:
    from everyrun.cli import terminal
    from everyrun.cli.execution_table import drawn_table
    from everyrun.cli.execution_view import print_fields
    from everyrun.cli.moments import chosen_zone
    from everyrun.cli.terminal import styled
    from everyrun.cli.workflow.definition_view import fields, graph_lines, title
    from everyrun.domain.graph import from_plain

    now, zone = datetime.now(UTC), chosen_zone(utc=False, local=False)
    width = terminal.out().width if terminal.for_people() else None
    definition = from_plain(version.definition)
    print_fields(title(version, active=active), fields(version, definition, now, zone))
    terminal.write_text(styled(""))
    for line in graph_lines(definition, width):
        terminal.write_text(line)
    if last:
        terminal.write_text(styled(""))
        terminal.write_text(styled(say("last_runs"), "bold"))
        for line in drawn_table(last, now, zone, width or 200):
            terminal.write_text(line)
