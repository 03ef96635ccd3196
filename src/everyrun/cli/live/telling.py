"""Saying how a run ended, and the exit code that says it to programs."""

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from everyrun.cli import terminal
from everyrun.cli.exits import ExitCode
from everyrun.cli.live.ending import ending_lines, report_of
from everyrun.cli.messages import say
from everyrun.domain.status import Status

if TYPE_CHECKING:
    from everyrun.cli.live.tree import RunTree

_CODES: dict[str, ExitCode] = {
    Status.COMPLETED: ExitCode.OK,
    Status.CANCELLED: ExitCode.CANCELLED,
    Status.SKIPPED: ExitCode.REFUSED,
}


def tell_of_end(
    tree: "RunTree", version: int | None, reason: str | None, *, as_json: bool, signalled: int = 0
) -> int:
    """Write how a run ended; answers the exit code, ``signalled`` where a signal cancelled it."""
    if signalled:
        with suppress(OSError):  # the terminal itself may have been closed
            _tell(tree, version, reason, as_json=as_json)
    else:
        _tell(tree, version, reason, as_json=as_json)
    if tree.status == Status.CANCELLED and signalled:
        return signalled
    return _CODES.get(tree.status, ExitCode.FAILED)


def _tell(tree: "RunTree", version: int | None, reason: str | None, *, as_json: bool) -> None:
    if as_json:
        terminal.write_json(report_of(tree, version, reason))
        return
    for spans in ending_lines(tree, reason):
        terminal.write_spans(spans)
    if tree.status == Status.FAILED and sys.stderr.isatty():
        terminal.aside(say("after_failure", id=tree.id))
