"""Batches that others ran and told about when they were over: their counts as told."""

from typing import NamedTuple

from sqlalchemy import Connection, update

from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.store.batches import batches, end_batch, make_batch

NAME = "run all (reported)"
AS_REPORTED = "as reported"


class BatchReport(NamedTuple):
    """How many executions ended how."""

    completed: int
    failed: int
    cancelled: int
    not_run: int

    @property
    def status(self) -> Status:
        """How the whole ended."""
        if self.failed:
            return Status.FAILED
        return Status.CANCELLED if self.cancelled or self.not_run else Status.COMPLETED


def record_batch(connection: Connection, report: BatchReport, by: str | None, now: int) -> str:
    """Put a batch on record that has ended; answers its id. It has no executions of its own."""
    id_ = new_id()
    make_batch(connection, id_, NAME, total=sum(report), parallel=1, by=by, now=now)
    connection.execute(
        update(batches)
        .where(batches.c.id == id_)
        .values({f"executions_{name}": number for name, number in report._asdict().items()})
    )
    end_batch(connection, id_, report.status, now, AS_REPORTED)
    return id_
