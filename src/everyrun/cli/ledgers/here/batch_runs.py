"""Batches that this process runs: a line for each execution, and how it all ended."""

import os
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from everyrun.cli import garbage, terminal
from everyrun.cli.batch.ending import tell_of_end, tell_of_member
from everyrun.cli.live.interrupts import Interrupts
from everyrun.cli.messages import say

if TYPE_CHECKING:
    from everyrun.cli.executors import AnyEngine
    from everyrun.store.database import Database
    from everyrun.workflows.batches.running import BatchRun
    from everyrun.workflows.running import Finished

_LOOK_SECONDS = 0.1


class BatchHere:
    """Runs a batch in this process; answers the exit code that says how it ended.

    The first Ctrl-C stops the batch, the second kills what still runs.
    """

    def __init__(
        self, database: "Database", *, by: str | None, quiet: bool = False, as_json: bool = False
    ) -> None:
        # What nodes log goes the way of everything that is recorded, into the same ledger.
        os.environ["EVERYRUN_URL"] = database.url.render_as_string(hide_password=False)
        self._database = database
        self._by = by
        self._quiet = quiet or as_json
        self._as_json = as_json
        self._ended: SimpleQueue[Finished] = SimpleQueue()
        self._error: BaseException | None = None
        garbage.collect_as_usual()

    def run(self, batch_id: str) -> int:
        """Run a batch to its end, or go on with one that was left.

        Raises :class:`~everyrun.workflows.batches.running.BatchTaken`.
        """
        from everyrun.cli.executors import engine_for

        engine = engine_for(self._database)
        try:
            signalled = self._run(engine, batch_id)
        finally:
            engine.close()
        return self._end(batch_id, signalled)

    def _run(self, engine: "AnyEngine", batch_id: str) -> int:
        from everyrun.tracking import recording
        from everyrun.workflows.batches.running import BatchRun
        from everyrun.workflows.running.presence import who_is_dead

        is_dead, host = who_is_dead(recording.current().settings.home), os.uname().nodename
        run = BatchRun(
            self._database,
            batch_id,
            engine,
            poll_seconds=engine.settings.poll_seconds,
            lease_seconds=engine.settings.lease_seconds,
            is_surely_dead=lambda owner: is_dead(owner, host),
            on_finished=self._ended.put,
        )
        thread = Thread(target=self._work, args=(run,), name=f"batch {batch_id}", daemon=True)
        heard = 0
        with Interrupts(lambda: None) as interrupts:
            thread.start()
            while thread.is_alive():
                thread.join(_LOOK_SECONDS)
                self._tell_of_ends()
                while heard < interrupts.count:
                    heard += 1
                    self._stop(batch_id, kill=heard > 1)
            self._tell_of_ends()
        if self._error is not None:
            raise self._error
        return interrupts.exit_code

    def _work(self, run: "BatchRun") -> None:
        try:
            run.run()
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            self._error = error

    def _stop(self, batch_id: str, *, kill: bool) -> None:
        from everyrun.workflows.batches.stopping import BatchEnded, stop

        terminal.aside(say("killing" if kill else "batch_stopping"))
        try:
            stop(self._database, batch_id, by=self._by, kill=kill)
        except BatchEnded:
            return  # it has just ended by itself

    def _tell_of_ends(self) -> None:
        while True:
            try:
                finished = self._ended.get_nowait()
            except Empty:
                return
            if not self._quiet:
                self._tell(finished)

    def _tell(self, finished: "Finished") -> None:
        from everyrun.store.reading.summaries import read_summaries

        with self._database.reading() as connection:
            (summary,) = read_summaries(connection, [finished.execution_id])
        tell_of_member(summary)

    def _end(self, batch_id: str, signalled: int) -> int:
        from everyrun.server.shaping.batches import batch_detail
        from everyrun.store.batches import members_of, read_batch

        with self._database.reading() as connection:
            batch = read_batch(connection, batch_id)
            members = members_of(connection, batch_id) if self._as_json else []
        return tell_of_end(batch_detail(batch, members), as_json=self._as_json, signalled=signalled)
