"""Batches, as a server has them and runs them. Who asks is known to it by the token."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from everyrun.domain.views.batches import BatchDetail, BatchSummary
from everyrun.domain.views.limits import LONGEST_PAGE

if TYPE_CHECKING:
    from everyrun.client import Client


class BatchesThere:
    """Batches of a server's ledger."""

    def __init__(self, client: "Client") -> None:
        self._client = client

    def latest(self, limit: int) -> list[BatchDetail]:
        """The latest batches, newest first."""
        found = islice(self._client.batches.all(limit=min(limit, LONGEST_PAGE)), limit)
        return [BatchDetail(**msgspec.structs.asdict(batch)) for batch in found]

    def find(self, text: str) -> BatchDetail:
        """The batch whose id is ``text`` or begins with it."""
        return self._client.batches.get(text, limit=0)

    def detail(self, text: str, limit: int) -> BatchDetail:
        """A batch as it stands now, with so many of its executions."""
        batch = self._client.batches.get(text, limit=min(limit, LONGEST_PAGE))
        cursor, batch.next = batch.next, None
        while cursor is not None and (missing := limit - len(batch.members)) > 0:
            page = self._client.batches.members(
                batch.id, limit=min(missing, LONGEST_PAGE), cursor=cursor
            )
            batch.members += page.items
            cursor = page.next
        return batch

    def run_all(self, name: str, *, parallel: int, by: str | None) -> BatchDetail:
        """Put a batch of every active workflow on record."""
        return self._client.batches.run_all(name, parallel=parallel)

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
        return self._client.batches.run(workflow, inputs, name=name, parallel=parallel)

    def stop(self, batch_id: str, *, by: str | None, kill: bool) -> BatchDetail:
        """Have a batch end."""
        return self._client.batches.stop(batch_id, kill=kill)

    def run(self, batch: BatchSummary, *, by: str | None, quiet: bool, as_json: bool) -> int:
        """Watch a batch to its end, which the server's scheduler runs."""
        from everyrun.cli.ledgers.there.batch_runs import watch

        return watch(self._client, batch.id, quiet=quiet, as_json=as_json)
