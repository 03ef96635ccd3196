"""``everyrun workflow diff``: what changed between two versions, or since a file was saved."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import msgspec
import typer

from everyrun.cli.errors import BadInput
from everyrun.cli.exits import ExitCode
from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url

if TYPE_CHECKING:
    from everyrun.cli.ledgers.ports import Ledger
    from everyrun.cli.terminal import Spans
    from everyrun.domain.graph import WorkflowDefinition
    from everyrun.domain.views.comparing import Difference, EdgeChange, FieldChange

_LONGEST_VALUE = 200
_ADDED, _REMOVED, _CHANGED = ("+ ", "green"), ("- ", "red"), ("~ ", "yellow")


class Side(NamedTuple):
    """One of two definitions, and how it is called."""

    name: str
    definition: "WorkflowDefinition"


def diff(
    target: Annotated[
        str,
        typer.Argument(
            metavar="NAME|FILE",
            help="A workflow's name, or a file to compare with the newest version.",
            show_default=False,
        ),
    ],
    before: Annotated[
        int | None,
        typer.Argument(metavar="[A]", help="The version before.", show_default=False),
    ] = None,
    after: Annotated[
        int | None,
        typer.Argument(
            metavar="[B]", help="The version after. Default: the newest.", show_default=False
        ),
    ] = None,
    exit_status: Annotated[
        bool, typer.Option("--exit-status", help="End with 1 when they differ.")
    ] = False,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Show what changed from version A to version B, or from the newest version to a file."""
    from everyrun.cli import terminal
    from everyrun.cli.opening import ledger
    from everyrun.workflows.comparing import compare

    with ledger(url) as opened:
        old, new = sides(opened, target, before, after)
    difference = compare(old.definition, new.definition)
    if as_json:
        terminal.write_json({"before": old.name, "after": new.name, "difference": difference})
    elif not difference:
        terminal.write(say("no_difference", before=old.name, after=new.name))
    else:
        terminal.write_spans([(f"{old.name} → {new.name}", "bold")])
        for spans in difference_lines(difference):
            terminal.write_spans(spans)
    if exit_status and difference:
        raise typer.Exit(ExitCode.FAILED)


def sides(
    ledger: "Ledger", target: str, before: int | None, after: int | None
) -> tuple[Side, Side]:
    """What is compared. Raises ``NotOnRecord``, ``BadDefinition`` and ``BadInput``."""
    from everyrun.cli.workflow.files import names_a_file
    from everyrun.cli.workflow.saving import definitions_in

    if names_a_file(target):
        if after is not None:
            raise BadInput(say("one_of", first="FILE", second="B"))
        definition = definitions_in(ledger, [target])[target]
        return _version(ledger, definition.workflow, before), Side(target, definition)
    if before is None:
        raise BadInput(say("something_needed", what="NAME A [B] / FILE"))
    return _version(ledger, target, before), _version(ledger, target, after)


def _version(ledger: "Ledger", name: str, number: int | None) -> Side:
    from everyrun.domain.graph import from_plain

    found = ledger.workflows.version(name, number)
    return Side(f"{name} v{found.version}", from_plain(found.definition))


def difference_lines(difference: "Difference") -> Iterator["Spans"]:
    """A line for each thing that differs."""
    for change in difference.fields:
        yield [_CHANGED, *_change(change)]
    for key in difference.nodes_removed:
        yield [_REMOVED, (say("node_named", node=key), "red")]
    for key in difference.nodes_added:
        yield [_ADDED, (say("node_named", node=key), "green")]
    for node in difference.nodes_changed:
        yield [_CHANGED, (say("node_named", node=node.node), "yellow")]
        for change in node.changes:
            yield [("    ", ""), *_change(change)]
    for edge in difference.edges_removed:
        yield [_REMOVED, (_edge(edge), "red")]
    for edge in difference.edges_added:
        yield [_ADDED, (_edge(edge), "green")]
    if difference.reordered:
        yield [_CHANGED, (say("reordered"), "")]


def _change(change: "FieldChange") -> Iterator[tuple[str, str]]:
    yield f"{change.field}: ", ""
    if change.before is not msgspec.UNSET:
        yield _shown(change.before), "red"
    yield " → ", "bright_black"
    if change.after is not msgspec.UNSET:
        yield _shown(change.after), "green"


def _shown(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _edge(edge: "EdgeChange") -> str:
    return say("edge_named", to=edge.to, node=edge.node, outcome=edge.outcome)
