"""Batches, read from the database, made in it, and run by this process."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from everyrun.domain.views.batches import BatchDetail, BatchSummary

if TYPE_CHECKING:
    from everyrun.store.database import Database


class BatchesHere:
    """Batches of an open database."""

    def __init__(self, database: "Database") -> None:
        self._database = database

    def latest(self, limit: int) -> list[BatchDetail]:
        """The latest batches, newest first."""
        from everyrun.server.shaping.batches import batch_detail
        from everyrun.store.batches import list_batches

        with self._database.reading() as connection:
            return [batch_detail(batch) for batch in list_batches(connection, limit)]

    def find(self, text: str) -> BatchDetail:
        """The batch whose id is ``text`` or begins with it."""
        from everyrun.server.shaping.batches import batch_detail
        from everyrun.store.batches import find_batch

        with self._database.reading() as connection:
            return batch_detail(find_batch(connection, text))

    def detail(self, text: str, limit: int) -> BatchDetail:
        """A batch as it stands now, with so many of its executions."""
        from everyrun.server.shaping.batches import batch_detail
        from everyrun.store.batches import counts_of, find_batch, members_of

        with self._database.reading() as connection:
            found = find_batch(connection, text)
            members = members_of(connection, found.id, limit)
            if found.ended_at is None:
                found = found._replace(counts=counts_of(connection, found.id))
        return batch_detail(found, members)

    def run_all(self, name: str, *, parallel: int, by: str | None) -> BatchDetail:
        """Put a batch of every active workflow on record."""
        from everyrun.server.shaping.batches import batch_detail
        from everyrun.workflows.batches.making import make_run_all

        return batch_detail(make_run_all(self._database, name, parallel=parallel, by=by))

    def over_inputs(
        self,
        workflow: str,
        inputs: Sequence[Mapping[str, Any]],
        name: str | None,
        *,
        parallel: int,
        by: str | None,
    ) -> BatchDetail:
        """Put a batch of one workflow over many inputs on record."""
        from everyrun.server.shaping.batches import batch_detail
        from everyrun.workflows.batches.making import make_over_inputs

        made = make_over_inputs(self._database, workflow, inputs, name, parallel=parallel, by=by)
        return batch_detail(made)

    def stop(self, batch_id: str, *, by: str | None, kill: bool) -> BatchDetail:
        """Have a batch end."""
        from everyrun.server.shaping.batches import batch_detail
        from everyrun.workflows.batches import stopping

        return batch_detail(stopping.stop(self._database, batch_id, by=by, kill=kill))

    def run(self, batch: BatchSummary, *, by: str | None, quiet: bool, as_json: bool) -> int:
        """Run a batch in this process to its end."""
        from everyrun.cli.ledgers.here.batch_runs import BatchHere

        return BatchHere(self._database, by=by, quiet=quiet, as_json=as_json).run(batch.id)
