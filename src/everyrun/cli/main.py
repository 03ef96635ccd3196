"""The ``everyrun`` command: its subcommands, and what happens when one cannot do what was asked."""

import io
import os
import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from everyrun.cli import garbage
from everyrun.cli.exits import ExitCode, exit_code_for
from everyrun.cli.loading import Command, group_of
from everyrun.cli.messages import say, sentence_for
from everyrun.domain.errors import EveryrunError

_COMPLETION = "_EVERYRUN_COMPLETE"

COMMANDS = {
    "run": Command("everyrun.cli.run:run"),
    "list": Command("everyrun.cli.listing:list_command"),
    "show": Command("everyrun.cli.showing:show"),
    "logs": Command("everyrun.cli.logs:logs"),
    "stats": Command("everyrun.cli.statistics:stats"),
    "cancel": Command("everyrun.cli.cancelling:cancel"),
    "pause": Command("everyrun.cli.pausing:pause"),
    "resume": Command("everyrun.cli.resuming:resume"),
    "rerun": Command("everyrun.cli.rerunning:rerun"),
    "approve": Command("everyrun.cli.answering:approve"),
    "signal": Command("everyrun.cli.answering:signal"),
    "workflow": Command("everyrun.cli.workflow.app:app"),
    "schedule": Command("everyrun.cli.schedule.app:app"),
    "scheduler": Command("everyrun.cli.serving:scheduler"),
    "worker": Command("everyrun.cli.working:worker"),
    "serve": Command("everyrun.cli.serve.commands:serve"),
    "up": Command("everyrun.cli.serve.commands:up"),
    "batch": Command("everyrun.cli.batch.app:app"),
    "exec": Command("everyrun.cli.executing:execute", {"allow_interspersed_args": False}),
    "celery": Command("everyrun.cli.celery.app:app"),
    "delete": Command("everyrun.cli.deleting:delete"),
    "token": Command("everyrun.cli.token.app:app"),
    "user": Command("everyrun.cli.user.app:app"),
    "spool": Command("everyrun.cli.spool:app"),
    "db": Command("everyrun.cli.db:app"),
}

app = typer.Typer(
    name="everyrun",
    cls=group_of(COMMANDS),
    help="Every run, on record: run workflows, read the ledger, put commands on record.",
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        sys.stdout.write(f"everyrun {version('everyrun')}\n")
        raise typer.Exit


@app.callback()
def everyrun(
    url: Annotated[
        str | None,
        typer.Option(
            "--url",
            metavar="URL",
            help="The ledger, for the subcommand that follows.",
            show_default=False,
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and end."
        ),
    ] = False,
) -> None:
    """Every run, on record: run workflows, read the ledger, put commands on record."""
    if url is not None:
        os.environ["EVERYRUN_URL"] = url


def _complain(sentence: str) -> None:
    sys.stdout.flush()
    sys.stderr.write(f"{say('error')}: {sentence}\n")


def _usage_sentence(error: TyperException) -> str:
    context = getattr(error, "ctx", None)
    command = "everyrun" if context is None else context.command_path
    reason = error.format_message().replace("Value error, ", "").rstrip(".")
    return f"{reason}; {say('see_help', command=command)}"


def _quietly_closed() -> ExitCode:
    """Whoever read our output has gone: leave nothing for the interpreter to complain about."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.BROKEN_PIPE


def _let_go_of_streams() -> None:
    """What nobody reads any more must not change the exit code when the interpreter ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _run(arguments: list[str]) -> int:
    if _COMPLETION in os.environ:
        app(arguments, prog_name="everyrun")
    command = typer.main.get_command(app)
    try:
        with command.make_context("everyrun", arguments or ["--help"]) as context:
            command.invoke(context)
        sys.stdout.flush()
    except EveryrunError as error:
        _complain(sentence_for(error))
        return exit_code_for(error)
    except TyperException as error:
        _complain(_usage_sentence(error))
        return ExitCode.USAGE
    except typer.Exit as done:
        return done.exit_code
    except (typer.Abort, KeyboardInterrupt):
        # An interrupt while code is made of text, as libraries make classes, counts as unhandled:
        # Python would end by the signal in spite of our answer. The next such code forgets it.
        exec("")  # noqa: S102
        return ExitCode.INTERRUPTED
    return ExitCode.OK


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; answers the exit code. Expected errors end in one line on stderr."""
    garbage.collect_later()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except BrokenPipeError:
        return _quietly_closed()
    finally:
        _let_go_of_streams()
        garbage.leave_everything()
