"""``everyrun exec``: any command, unchanged, on record."""

import os
import sys
from typing import Annotated

import typer

from everyrun.cli.errors import BadInput
from everyrun.cli.messages import say
from everyrun.cli.opening import settings_from
from everyrun.cli.options import Url


def execute(
    command: Annotated[
        list[str] | None,
        typer.Argument(metavar="-- CMD [ARG]...", help="The command.", show_default=False),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--name", "-n", help="The workflow's name. Default: the command's.", show_default=False
        ),
    ] = None,
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", "-t", help="Tag the execution; repeatable.", show_default=False),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Do not say where the record is.")
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="Say where the record is, also without a terminal."),
    ] = False,
    url: Url = None,
) -> None:
    """Run a command and put it on record. Its output passes through; its exit code is ours."""
    if not command:
        raise BadInput(say("something_needed", what="-- CMD …"))
    if url is not None:
        os.environ["EVERYRUN_URL"] = settings_from(url).url
    from everyrun.tracking import recording
    from everyrun.tracking.commands import run_command

    ids: list[str] = []
    code = run_command(command, name=name, tags=tag or (), began=ids.append)
    told = verbose or (sys.stderr.isatty() and not quiet)
    recorder = recording.current()
    if told and recorder.settings.enabled:
        shipped = recorder.flush()
        recorder.close(0)  # the end of the process would wait once more
        sys.stderr.write(f"{say('recorded' if shipped else 'recorded_waits', id=ids[0])}\n")
    raise typer.Exit(code)
