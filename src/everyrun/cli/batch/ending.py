"""How batches and their executions ended, a line each, and the exit code that says it."""

from typing import TYPE_CHECKING

from everyrun.cli import marks, terminal, wording
from everyrun.cli.batch.wording import counts, seconds
from everyrun.cli.exits import ExitCode
from everyrun.domain.status import Status

if TYPE_CHECKING:
    from everyrun.domain.views.batches import BatchDetail
    from everyrun.domain.views.executions import ExecutionSummary

_CODES: dict[str, ExitCode] = {
    Status.COMPLETED: ExitCode.OK,
    Status.CANCELLED: ExitCode.CANCELLED,
}


def tell_of_member(summary: "ExecutionSummary") -> None:
    """Write the line of an execution that has ended."""
    line = [(marks.mark(summary.status), marks.style(summary.status))]
    line.append((f"  {summary.workflow}", "bold"))
    line.append((f"  {wording.duration(summary.duration_seconds)}", ""))
    line.append((f"  {summary.id}", "bright_black"))
    if summary.error:
        line.append((f"  {summary.error}", "red"))
    terminal.write_spans(line)


def tell_of_end(batch: "BatchDetail", *, as_json: bool, signalled: int) -> int:
    """Write how a batch ended; answers the exit code, ``signalled`` where that ended it."""
    if as_json:
        terminal.write_json(batch)
    else:
        style = marks.style(batch.status)
        line = [(f"{marks.mark(batch.status)}  ", style), (batch.name, "bold")]
        line.append((f"  {wording.counted('execution', batch.total)} ({counts(batch)})", ""))
        line.append((f"  {wording.duration(seconds(batch))}", ""))
        line.append((f"  {batch.id}", "bright_black"))
        if batch.reason:
            line.append((f"  {batch.reason}", style))
        terminal.write_spans(line)
    if batch.status == Status.CANCELLED and signalled:
        return signalled
    return _CODES.get(batch.status, ExitCode.FAILED)
