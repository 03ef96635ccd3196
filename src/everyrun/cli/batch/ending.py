"""How batches and their executions ended, a line each, and the exit code that says it."""

from typing import TYPE_CHECKING

from everyrun.cli import marks, terminal, wording
from everyrun.cli.batch.wording import counts, seconds
from everyrun.cli.exits import ExitCode
from everyrun.domain.status import Status

if TYPE_CHECKING:
    from everyrun.domain.views.batches import BatchDetail, BatchMember

_CODES: dict[str, ExitCode] = {
    Status.COMPLETED: ExitCode.OK,
    Status.CANCELLED: ExitCode.CANCELLED,
}


def tell_of_member(member: "BatchMember") -> None:
    """Write the line of an execution that has ended."""
    took = None
    if member.started_at is not None and member.ended_at is not None:
        took = (member.ended_at - member.started_at).total_seconds()
    line = [(marks.mark(member.status), marks.style(member.status))]
    line.append((f"  {member.workflow}", "bold"))
    line.append((f"  {wording.duration(took)}", ""))
    line.append((f"  {member.id}", "bright_black"))
    if member.reason:
        line.append((f"  {member.reason}", "red"))
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
