"""``everyrun run``: a graph from a file or from the ledger, here and now, shown while it runs."""

from typing import TYPE_CHECKING, Annotated

import typer

from everyrun.cli.errors import BadInput
from everyrun.cli.messages import say
from everyrun.cli.options import By, InputFile, Inputs, Json, Quiet, Url, Version

if TYPE_CHECKING:
    from everyrun.cli.ledgers.ports import Ledger
    from everyrun.domain.graph import WorkflowDefinition
    from everyrun.domain.views.controlling import Started


def run(
    target: Annotated[
        str,
        typer.Argument(
            metavar="FILE|NAME",
            help="A file, which is saved as a new version if it has changed; or a saved "
            "workflow's name. - is a file on standard input.",
            show_default=False,
        ),
    ],
    inputs: Inputs = None,
    input_file: InputFile = None,
    version: Version = None,
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", "-t", help="Tag the execution; repeatable.", show_default=False),
    ] = None,
    by: By = None,
    concurrency: Annotated[
        int | None,
        typer.Option(
            "--concurrency",
            metavar="N",
            min=1,
            help="At most so many nodes at once.",
            show_default=False,
        ),
    ] = None,
    executor: Annotated[
        str | None,
        typer.Option(
            "--executor",
            metavar="local|celery",
            help="Run nodes in this process, or on Celery workers. Default: EVERYRUN_EXECUTOR, "
            "else local.",
            show_default=False,
        ),
    ] = None,
    detach: Annotated[
        bool,
        typer.Option("--detach", help="Only put it into the queue; a scheduler runs it."),
    ] = False,
    quiet: Quiet = False,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Run a workflow and show it while it runs: in this process, or on Celery workers.

    Ctrl-C cancels it.
    """
    from everyrun.cli.input_values import gathered_inputs
    from everyrun.cli.ledgers.ports import RunRequest
    from everyrun.cli.opening import ledger_to_run
    from everyrun.cli.who import current_user
    from everyrun.cli.workflow.files import names_a_file

    by = by or current_user()
    is_file = names_a_file(target)
    if is_file and version is not None:
        raise BadInput(say("one_of", first="FILE", second="--version"))
    with ledger_to_run(url) as opened:
        name, number, definition = (
            _from_file(opened, target, by) if is_file else _from_ledger(opened, target, version)
        )
        request = RunRequest(
            workflow=name,
            version=number,
            input=gathered_inputs(inputs or (), input_file, definition.inputs),
            tags=tag or (),
        )
        if detach:
            _tell_queued(opened.queue(request, by=by), as_json=as_json)
            return
        with opened.runs(
            by=by, quiet=quiet, as_json=as_json, concurrency=concurrency, executor=executor
        ) as runs:
            code = runs.launch(request)
    raise typer.Exit(code)


def _from_file(
    ledger: "Ledger", file: str, by: str | None
) -> "tuple[str, int, WorkflowDefinition]":
    from everyrun.cli.workflow.saving import saved_from

    saved, definition = saved_from(ledger, file, by)
    return definition.workflow, saved.version, definition


def _from_ledger(
    ledger: "Ledger", name: str, version: int | None
) -> "tuple[str, int, WorkflowDefinition]":
    from everyrun.domain.graph import from_plain

    found = ledger.workflows.version(name, version)
    return found.workflow, found.version, from_plain(found.definition)


def _tell_queued(queued: "Started", *, as_json: bool) -> None:
    from everyrun.cli import marks, terminal

    if as_json:
        terminal.write_json(queued)
        return
    style = marks.style(queued.status)
    line = [(marks.mark(queued.status), style), (f"  {queued.workflow}", "bold")]
    line.append((f"  {queued.id}", "bright_black"))
    if queued.reason:
        line.append((f"  {queued.reason}", style))
    terminal.write_spans(line)
