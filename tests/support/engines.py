"""An engine that serves the queue in the test's process, as a server's host would."""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from threading import Event, Thread

import everyrun
from everyrun.store.database import Database
from everyrun.workflows.running import Engine, Finished
from everyrun.workflows.settings import EngineSettings
from tests.support import graph_functions

PATIENCE_SECONDS = 60
QUICK = EngineSettings(poll_seconds=0.02, lease_seconds=5, cancel_grace=0.2)


class Serving:
    """The engine at work; it tells what it finished."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.ended: Queue[Finished] = Queue()
        self._seen: dict[str, Finished] = {}

    def finished(self, execution_id: str) -> Finished:
        """How an execution ended, once it has."""
        while execution_id not in self._seen:
            ended = self.ended.get(timeout=PATIENCE_SECONDS)
            self._seen[ended.execution_id] = ended
        return self._seen[execution_id]


@contextmanager
def serving_engine(database: Database) -> Iterator[Serving]:
    """Take executions from the queue until the block ends."""
    graph_functions.reset()
    everyrun.configure(url=database.url.render_as_string(hide_password=False))
    serving = Serving(Engine(database, QUICK))
    stop = Event()
    thread = Thread(
        target=serving.engine.serve, args=(stop,), kwargs={"on_finished": serving.ended.put}
    )
    thread.start()
    try:
        yield serving
    finally:
        stop.set()
        serving.engine.hand_over(0, kill=True)
        thread.join(PATIENCE_SECONDS)
        serving.engine.close()
        everyrun.configure()
