"""``everyrun approve`` and ``everyrun signal``: telling a waiting node what it waits for."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from everyrun.cli.errors import BadInput
from everyrun.cli.messages import say
from everyrun.cli.options import By, ExecutionId, Json, Url
from everyrun.domain.errors import NotOnRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from everyrun.cli.ledgers.ports import Ledger
    from everyrun.domain.graph import NodeDefinition

NodeKey = Annotated[
    str,
    typer.Argument(
        metavar="NODE",
        help="The node's key, or KEY[TURN] in a loop.",
        show_default=False,
    ),
]


def approve(
    execution: ExecutionId,
    node: NodeKey,
    no: Annotated[bool, typer.Option("--no", help="Say no.")] = False,
    comment: Annotated[
        str, typer.Option("--comment", metavar="TEXT", help="What is to be said.")
    ] = "",
    by: By = None,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Say yes to an approval that a run waits for, or no."""
    from everyrun.cli import terminal
    from everyrun.cli.finding import find
    from everyrun.cli.opening import ledger
    from everyrun.cli.who import current_user

    with ledger(url) as opened:
        execution_id = find(opened, execution)
        if _definition_of(opened, execution_id, node).type != "approval":
            raise BadInput(say("no_approval", node=terminal.one_line(node)))
        opened.controls.answer(
            execution_id,
            node,
            approved=not no,
            comment=comment,
            by=by or current_user(),
        )
    if as_json:
        terminal.write_json({"id": execution_id, "node": node, "approved": not no})
    else:
        key = "refused" if no else "approved"
        terminal.write(say(key, node=terminal.one_line(node), id=execution_id))


def signal(
    execution: ExecutionId,
    node: NodeKey,
    data: Annotated[
        str | None,
        typer.Option(
            "--data", metavar="JSON", help="What is sent; - reads it from standard input."
        ),
    ] = None,
    by: By = None,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Send something to a node that waits for a signal. One that comes early is kept for it."""
    from everyrun.cli import terminal
    from everyrun.cli.finding import find
    from everyrun.cli.opening import ledger
    from everyrun.cli.who import current_user

    sent = _read(data)
    with ledger(url) as opened:
        execution_id = find(opened, execution)
        _definition_of(opened, execution_id, node)
        opened.controls.signal(execution_id, node, sent, by=by or current_user())
    if as_json:
        terminal.write_json({"id": execution_id, "node": node, "data": sent})
    else:
        terminal.write(say("signalled", node=terminal.one_line(node), id=execution_id))


def _read(data: str | None) -> Any:
    import sys

    import msgspec

    from everyrun.cli.input_values import STANDARD_INPUT

    if data is None:
        return None
    text = sys.stdin.read() if data == STANDARD_INPUT else data
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise BadInput(say("no_json", text=text, reason=error)) from None


def _definition_of(ledger: "Ledger", execution_id: str, node: str) -> "NodeDefinition":
    """The node of an execution's version that is named so.

    Raises :class:`~everyrun.domain.errors.NotOnRecord`.
    """
    from everyrun.domain.graph import PATH_SEPARATOR

    nodes: Mapping[str, NodeDefinition] = ledger.executions.definition(execution_id).nodes
    found = None
    for key in node.partition("[")[0].split(PATH_SEPARATOR):
        found = nodes.get(key)
        nodes = {} if found is None else found.do
    if found is None:
        raise NotOnRecord(say("node_not_on_record", execution=execution_id, text=node))
    return found
