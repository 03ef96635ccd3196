"""What befalls a Celery application: each trouble is there for a while, or done at once."""

import os
import random
import signal
from collections.abc import Callable
from contextlib import suppress
from threading import Event

from tests.support.celery_processes import Shop, Worker
from tests.support.postgresql_server import PostgresqlServer
from tests.support.redis_process import RedisProcess
from tests.support.server_processes import ServerProcess

WORKERS = 2


class Troubles:
    """Workers that are kept at work, and what is done to them and to what they rely on."""

    def __init__(self, shop: Shop, redis: RedisProcess, seed: int) -> None:
        self._shop = shop
        self._redis = redis
        self._random = random.Random(seed)
        self._workers: list[Worker] = []
        self._pause = Event()
        self.counts: dict[str, int] = {}

    def begin(self) -> None:
        """Have as many workers as there should be: one that has ended by itself is replaced."""
        for worker in [each for each in self._workers if each.has_ended]:
            self._count("workers ended by themselves")
            self._workers.remove(worker)
        while len(self._workers) < WORKERS:
            worker = self._shop.worker("prefork", "-n", f"w{self._random.random()}@%h")
            self._workers.append(worker.__enter__())

    def end(self) -> None:
        """End all workers in order."""
        for worker in self._workers:
            worker.__exit__()
        self._workers.clear()

    def kill_child(self) -> None:
        """A process of a pool is killed; its worker starts another."""
        self._count("children killed")
        children = self._random.choice(self._workers).children
        if children:
            with suppress(ProcessLookupError):
                os.kill(self._random.choice(children), signal.SIGKILL)

    def kill_main(self) -> None:
        """A worker's main process is killed, its pool is not; another worker comes."""
        self._count("main processes killed")
        self._workers.pop(self._random.randrange(len(self._workers))).kill_main()
        self.begin()

    def kill_whole(self) -> None:
        """A worker is killed with its pool; another comes."""
        self._count("whole workers killed")
        self._workers.pop(self._random.randrange(len(self._workers))).kill()
        self.begin()

    def restart_redis(self) -> None:
        """The broker and result backend crashes, and comes again with what it kept."""
        self._count("Redis restarts")
        self._redis.crash()
        self._redis.start()

    def stop_postgresql(self, server: PostgresqlServer, seconds: float) -> None:
        """The ledger's database is away for a while."""
        self._count("seconds without PostgreSQL", round(seconds))
        server.stop()
        self._pause.wait(seconds)
        server.start()

    def stop_server(self, server: ServerProcess, seconds: float) -> None:
        """The server that takes events in is killed, and comes again after a while."""
        self._count("seconds without the server", round(seconds))
        server.kill()
        self._pause.wait(seconds)
        server.start()

    def each(self, troubles: list[Callable[[], None]], pause: float) -> None:
        """One after the other, with a pause of so many seconds after each."""
        for trouble in troubles:
            trouble()
            self._pause.wait(pause)
            self.begin()

    def _count(self, what: str, times: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + times
