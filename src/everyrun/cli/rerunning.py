"""``everyrun rerun``: an execution once more, whole or from where it is wanted, shown first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from everyrun.cli.errors import BadInput
from everyrun.cli.input_values import gathered_inputs, read_value
from everyrun.cli.messages import say
from everyrun.cli.options import By, ExecutionId, InputFile, Inputs, Json, Quiet, Url, Yes
from everyrun.domain.graph import InputType
from everyrun.domain.views.controlling import RerunMode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from everyrun.domain.graph import NodeDefinition


def rerun(
    execution: ExecutionId,
    failed: Annotated[
        bool, typer.Option("--failed", help="Only what did not complete, and what needs it.")
    ] = False,
    nodes: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="NODE",
            help="From this node on, and what did not complete; repeatable.",
            show_default=False,
        ),
    ] = None,
    inputs: Inputs = None,
    input_file: InputFile = None,
    edits: Annotated[
        list[str] | None,
        typer.Option(
            "--edit",
            metavar="NODE.PARAMETER=VALUE",
            help="With another parameter, text or JSON; from that node on. Repeatable.",
            show_default=False,
        ),
    ] = None,
    only_preview: Annotated[
        bool, typer.Option("--preview", help="Only show what would be done.")
    ] = False,
    yes: Yes = False,
    by: By = None,
    quiet: Quiet = False,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Run an execution again. Shows first what is reused, run again and skipped, and asks."""
    from everyrun.cli import terminal
    from everyrun.cli.asking import confirm
    from everyrun.cli.finding import find
    from everyrun.cli.opening import ledger
    from everyrun.cli.rerun_view import print_preview
    from everyrun.cli.who import current_user
    from everyrun.domain.views.controlling import RerunRequest

    by = by or current_user()
    mode = mode_of(failed=failed, from_nodes=bool(nodes or edits))
    with ledger(url) as opened:
        execution_id = find(opened, execution)
        definition = opened.executions.definition(execution_id)
        request = RerunRequest(
            mode=mode,
            nodes=nodes or [],
            inputs=gathered_inputs(inputs or (), input_file, definition.inputs),
            edits=parsed_edits(edits or (), definition.nodes),
        )
        preview = opened.preview_rerun(execution_id, request)
        if only_preview and as_json:
            terminal.write_json(preview)
            return
        if not quiet and not as_json:
            print_preview(preview, aside=not only_preview)
        if only_preview:
            return
        confirm(say("ask_rerun", id=execution_id), yes=yes)
        with opened.runs(by=by, quiet=quiet, as_json=as_json) as runs:
            code = runs.rerun(execution_id, request)
    raise typer.Exit(code)


def mode_of(*, failed: bool, from_nodes: bool) -> RerunMode:
    """From where to run again. Raises :class:`~everyrun.cli.errors.BadInput` for both."""
    if failed and from_nodes:
        raise BadInput(say("one_of", first="--failed", second="--from / --edit"))
    if from_nodes:
        return RerunMode.FROM_NODES
    return RerunMode.FAILED if failed else RerunMode.WHOLE


def parsed_edits(
    texts: Sequence[str], nodes: "Mapping[str, NodeDefinition]"
) -> dict[str, dict[str, Any]]:
    """``NODE.PARAMETER=VALUE`` -> {node: {parameter: value}}; text where text stands now.

    Raises :class:`~everyrun.cli.errors.BadInput`.
    """
    edits: dict[str, dict[str, Any]] = {}
    for text in texts:
        place, equals, value = text.partition("=")
        node, dot, parameter = place.strip().partition(".")
        if not (equals and dot and node and parameter):
            raise BadInput(say("bad_edit", text=text))
        now = nodes[node].parameters.get(parameter) if node in nodes else None
        edits.setdefault(node, {})[parameter] = read_value(value, _kind_of(now))
    return edits


def _kind_of(written: Any) -> InputType:
    """Text, where text is written that is more than one expression, which may give anything."""
    if not isinstance(written, str):
        return InputType.ANY
    trimmed = written.strip()
    is_expression = trimmed.startswith("{{") and trimmed.endswith("}}")
    return InputType.ANY if is_expression else InputType.STRING
