"""Workers that are threads of the test's process, and a broker that is a queue in it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from queue import PriorityQueue
from threading import Event, Thread

from everyrun.store.claims import Claim
from everyrun.store.database import Database
from everyrun.workflows.celery.engine import CeleryEngine
from everyrun.workflows.celery.hosting import Host
from everyrun.workflows.celery.settings import CelerySettings
from everyrun.workflows.celery.tending import Tender
from everyrun.workflows.settings import EngineSettings
from tests.support.waiting import TIMEOUT

SETTINGS = CelerySettings(tend_seconds=0.05)
_LAST = float("inf")


class QueueSender:
    """Keeps what is sent, for whoever takes it."""

    def __init__(self) -> None:
        self.sent: list[Claim] = []
        self._queue: PriorityQueue[tuple[float, int, Claim | None]] = PriorityQueue()

    def send(self, claims: Iterable[Claim], now: int) -> None:
        """Those of the future are taken in time, as with a countdown."""
        for claim in claims:
            self.sent.append(claim)
            self._queue.put((float(claim.available_at), len(self.sent), claim))

    def stop(self) -> None:
        """Have a taker end."""
        self._queue.put((_LAST, 0, None))

    def take(self) -> Claim | None:
        """The next one, waited for."""
        return self._queue.get()[2]

    def close(self) -> None:
        """Nothing is open."""


@contextmanager
def threaded_workers(
    database: Database, settings: EngineSettings, workers: int = 4
) -> Iterator[CeleryEngine]:
    """An engine whose nodes run in so many threads, until the block ends."""
    sender = QueueSender()
    engine = CeleryEngine(database, SETTINGS, settings, sender=sender)
    host = Host(engine.passes)
    stop = Event()

    def work() -> None:
        while (claim := sender.take()) is not None:
            late = (claim.available_at - engine.passes.clock.now()) / 1e6
            stop.wait(max(0.0, late))
            host.run(claim.execution_id, claim.node_execution_id, claim.attempt)

    threads = [Thread(target=work, daemon=True) for _ in range(workers)]
    threads.append(Thread(target=Tender(engine.passes, host).run, args=(stop,), daemon=True))
    for thread in threads:
        thread.start()
    try:
        yield engine
    finally:
        stop.set()
        engine.hand_over()
        for _ in range(workers):
            sender.stop()
        for thread in threads:
            thread.join(TIMEOUT)
        host.close()
        engine.close()
