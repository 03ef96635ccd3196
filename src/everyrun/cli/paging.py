"""The command that goes on where a page ended."""

import shlex
from collections.abc import Sequence


def next_command(arguments: Sequence[str], cursor: str) -> str:
    """The command line that was given, with the next page's cursor in place of an earlier one."""
    kept: list[str] = []
    skip = False
    for argument in arguments:
        if skip or argument.startswith("--cursor="):
            skip = False
            continue
        if argument == "--cursor":
            skip = True
            continue
        kept.append(argument)
    return shlex.join(["everyrun", *kept, "--cursor", cursor])
