"""``everyrun show``: one execution, its header and its tree of nodes; or one node of it."""

from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from everyrun.cli.exits import ExitCode
from everyrun.cli.options import ExecutionId, Json, Local, Url, Utc
from everyrun.domain.status import Status

if TYPE_CHECKING:
    from everyrun.cli.ledgers.ports import Ledger
    from everyrun.domain.views.executions import ExecutionDetail
    from everyrun.domain.views.nodes import EarlierAttempt, NodeDetail

BAD_ENDINGS = frozenset({Status.FAILED, Status.CANCELLED, Status.LOST})
"""What ``--exit-status`` calls a failure."""


class NodeChoice(StrEnum):
    """Which nodes ``show`` draws."""

    ALL = "all"
    FAILED = "failed"
    SLOWEST = "slowest"


def show(
    execution: ExecutionId,
    node: Annotated[
        str | None,
        typer.Option(
            "--node",
            metavar="KEY|ID",
            help="One node with its payloads, attempts and tracebacks: KEY, KEY[ITERATION] or id.",
            show_default=False,
        ),
    ] = None,
    nodes: Annotated[
        NodeChoice, typer.Option("--nodes", help="Which nodes to draw: all, failed or slowest.")
    ] = NodeChoice.ALL,
    everything: Annotated[
        bool, typer.Option("--all", help="Draw every node, also when there are very many.")
    ] = False,
    only_input: Annotated[
        bool, typer.Option("--input", help="Print the input alone, as JSON.")
    ] = False,
    only_output: Annotated[
        bool, typer.Option("--output", help="Print the output alone, as JSON.")
    ] = False,
    exit_status: Annotated[
        bool,
        typer.Option("--exit-status", help="End with 1 when it failed, was cancelled or is lost."),
    ] = False,
    utc: Utc = False,
    local: Local = False,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Show one execution: header, tree of nodes, durations, errors, attempts."""
    from everyrun.cli import terminal
    from everyrun.cli.finding import find
    from everyrun.cli.moments import chosen_zone
    from everyrun.cli.opening import ledger

    zone = chosen_zone(utc=utc, local=local)
    attempts: list[EarlierAttempt] = []
    with ledger(url) as opened:
        if node is not None:
            subject: Any = read_node_of(opened, execution, node)
        else:
            subject, attempts = opened.executions.shown(find(opened, execution))
    if only_input or only_output:
        terminal.write_json(_payloads(subject, with_input=only_input, with_output=only_output))
    elif as_json:
        more = {} if node is not None else {"earlier_attempts": attempts}
        terminal.write_json(msgspec.structs.asdict(subject) | more)
    elif node is not None:
        from everyrun.cli.node_view import print_node

        print_node(subject, datetime.now(UTC), zone)
    else:
        _print_execution(subject, attempts, nodes, zone, everything=everything)
    if exit_status and subject.status in BAD_ENDINGS:
        raise typer.Exit(ExitCode.FAILED)


def read_node_of(ledger: "Ledger", text: str, node: str) -> "NodeDetail":
    """One node of the execution that ``text`` names, with its payloads and attempts."""
    from everyrun.cli.finding import find, find_node

    execution_id = find(ledger, text)
    found = find_node(ledger.executions.detail(execution_id), node)
    return ledger.executions.node(execution_id, found.id)


def _payloads(subject: Any, *, with_input: bool, with_output: bool) -> Any:
    if with_input and with_output:
        return {"input": subject.input, "output": subject.output}
    return subject.input if with_input else subject.output


def _print_execution(
    detail: "ExecutionDetail",
    attempts: "list[EarlierAttempt]",
    nodes: NodeChoice,
    zone: tzinfo,
    *,
    everything: bool,
) -> None:
    from everyrun.cli.execution_view import header, print_fields
    from everyrun.cli.node_lines import print_nodes

    now = datetime.now(UTC)
    print_fields(*header(detail, now, zone))
    print_nodes(detail, attempts, now, choice=nodes, everything=everything)
