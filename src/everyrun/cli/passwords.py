"""Asking for a password: never on the command line, where others see it."""

import getpass
import sys

from everyrun.cli.errors import BadInput
from everyrun.cli.messages import say


def new_password() -> str:
    """Asked twice at a terminal; else the first line of standard input.

    Raises :class:`~everyrun.cli.errors.BadInput`.
    """
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        if not line:
            raise BadInput(say("no_password"))
        return line.rstrip("\r\n")
    first = getpass.getpass(say("ask_password"), stream=sys.stderr)
    if first != getpass.getpass(say("ask_password_again"), stream=sys.stderr):
        raise BadInput(say("passwords_differ"))
    return first


def hashed(password: str, name: str) -> str:
    """The hash of a new password. Raises ``WeakPassword``."""
    from everyrun.server.access.passwords import Passwords

    return Passwords().hash(password, name)
