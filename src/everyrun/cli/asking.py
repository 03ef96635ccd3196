"""Asking before something is lost for good."""

import sys

import typer

from everyrun.cli.errors import BadInput
from everyrun.cli.exits import ExitCode
from everyrun.cli.messages import say

_AGREEING = frozenset({"y", "yes", "ㅛ", "네", "예"})


def confirm(question: str, *, yes: bool) -> None:
    """Go on only when a person agrees; ends the command with 1 when not.

    Raises :class:`~everyrun.cli.errors.BadInput` when there is nobody to ask and no ``--yes``.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise BadInput(say("nobody_to_ask"))
    from everyrun.cli import terminal

    sys.stdout.flush()
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in _AGREEING:
        terminal.aside(say("nothing_changed"))
        raise typer.Exit(ExitCode.FAILED)
