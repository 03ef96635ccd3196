"""Running a command, from its start until nothing of it is left to wait for.

The command has a session of its own: no terminal, and no Ctrl-C but ours.
"""

import os
import secrets
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from everyrun.nodes.commands.ending import MARKS, Ending, end_all
from everyrun.nodes.commands.following import Command, Ended, Following
from everyrun.nodes.commands.guarding import GUARD
from everyrun.nodes.commands.ringing import Bell
from everyrun.nodes.context import Context


def run_command(command: Command, context: Context) -> Ended:
    """Run to the end, or until the node is asked to stop: then all it has started is ended.

    What a command that ends by itself leaves running in the background is let be, but its output
    is awaited for :data:`~following.OUTPUT_GRACE` seconds only. Raises ``OSError`` where it cannot
    begin.
    """
    mark = secrets.token_hex(8)
    GUARD.watch(mark, command.grace)
    try:
        with _input_of(command) as source, Bell() as bell:
            child = _start(command, mark, source)
            GUARD.watch(mark, command.grace, child.pid)
            context.on_stop(bell.ring)
            try:
                return Following(command, context, child, mark).until_the_end(bell)
            except BaseException:  # a line could not be put on record, or Ctrl-C
                end_all([Ending(mark, child.pid, command.grace)])
                with child:  # closes its pipes and waits for it
                    raise
    finally:
        GUARD.forget(mark)


@contextmanager
def _input_of(command: Command) -> Iterator[IO[bytes] | int]:
    """A file rather than a pipe: nobody need feed it while the command runs."""
    if command.input is None:
        yield subprocess.DEVNULL
        return
    with tempfile.TemporaryFile() as source:
        source.write(command.input)
        source.seek(0)
        yield source


def _start(command: Command, mark: str, source: IO[bytes] | int) -> "subprocess.Popen[bytes]":
    marks = os.environ.get(MARKS)
    return subprocess.Popen(  # noqa: S603 - running what one is told to is the purpose
        command.words,
        stdin=source,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        cwd=command.directory,
        env={**command.environment, MARKS: f"{marks} {mark}" if marks else mark},
        start_new_session=True,
    )
