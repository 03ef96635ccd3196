"""Workers and senders of the tests' Celery application, and what Celery says of its tasks."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import kombu

from tests.support.celery_application import SEEN
from tests.support.redis_process import RedisProcess
from tests.support.waiting import wait_until

APPLICATION = "tests.support.celery_application"
ROOT = Path(__file__).parents[2]
READY_WITHIN = 60.0
PREAMBLE = f"""
import everyrun
from celery import chain, chord, group, signature
from {APPLICATION} import *
from everyrun.integrations.celery import start
"""


class Shop:
    """The application with its broker, its backend (databases of one Redis) and its ledger."""

    def __init__(self, redis: RedisProcess, number: int, folder: Path) -> None:
        self.redis = redis
        self.broker = number
        self.backend = number + 8
        self._rabbitmq: str | None = None
        self.home = folder / "home"
        self.log = folder / "worker.log"
        self.ledger_url = f"sqlite:///{self.home}/everyrun.db"
        kept = {name: text for name, text in os.environ.items() if not name.startswith("EVERYRUN_")}
        self.environment = kept | {
            "CELERY_TEST_BROKER": redis.url(number),
            "CELERY_TEST_BACKEND": redis.url(self.backend),
            "CELERY_TEST_WITNESS": redis.url(number + 16),
            "EVERYRUN_HOME": str(self.home),
            "EVERYRUN_FLUSH_INTERVAL": "0.05",
        }

    def use_rabbitmq(self, url: str) -> None:
        """Send through a RabbitMQ instead, whose queue is emptied first."""
        self._rabbitmq = url
        self.environment["CELERY_TEST_BROKER"] = url
        with kombu.Connection(url) as connection:
            queue = connection.SimpleQueue("celery")
            queue.clear()
            queue.close()

    def worker(self, pool: str, *arguments: str) -> "Worker":
        """A worker of this application; within ``with`` it runs."""
        return Worker(self, pool, arguments)

    def run(self, module: str, *arguments: str) -> str:
        """Run a module of the tests' to its end; what it printed."""
        return self._run("-m", module, *arguments)

    def python(self, code: str, **environment: str) -> str:
        """Run code that has the application's names to its end; what it printed."""
        return self._run("-c", PREAMBLE + code, **environment)

    def bare_python(self, code: str) -> str:
        """Run code that has nothing of the application's to its end; what it printed."""
        return self._run("-c", code)

    def _run(self, *arguments: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment | environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=180,
        )
        return done.stdout

    def waiting(self) -> int:
        """Messages that no worker has taken or, as far as the broker says, acknowledged."""
        if self._rabbitmq is not None:
            with kombu.Connection(self._rabbitmq) as connection:
                return int(connection.SimpleQueue("celery").qsize())
        with self.redis.client(self.broker) as client:
            return int(client.llen("celery")) + int(client.hlen("unacked"))

    def results(self) -> dict[str, dict[str, Any]]:
        """What the result backend holds, by task id."""
        with self.redis.client(self.backend) as client:
            keys = list(client.scan_iter("celery-task-meta-*", count=10_000))
            values = client.mget(keys) if keys else []
        found = [json.loads(value) for value in values if value is not None]
        return {meta["task_id"]: meta for meta in found}

    def seen(self) -> list[dict[str, Any]]:
        """What tasks saw of their own requests, in the order in which they began."""
        with self.redis.client(self.broker + 16) as client:
            return [json.loads(line) for line in client.lrange(SEEN, 0, -1)]


class Worker:
    """``celery worker`` as a process of its own."""

    def __init__(self, shop: Shop, pool: str, arguments: tuple[str, ...]) -> None:
        self._shop = shop
        self._command = [sys.executable, "-m", "celery", "-A", APPLICATION, "worker"]
        self._command += ["--pool", pool, "--concurrency", "2", "--loglevel", "INFO"]
        self._command += ["--without-gossip", "--without-mingle", *arguments]
        self.process: subprocess.Popen[bytes] | None = None
        self._logged_before = 0

    def __enter__(self) -> Self:
        self._logged_before = self._shop.log.stat().st_size if self._shop.log.exists() else 0
        with self._shop.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._shop.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(self._is_ready, "a worker that is ready", READY_WITHIN)
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(60)

    @property
    def has_ended(self) -> bool:
        """Whether its main process is not there any more."""
        return self.process is None or self.process.poll() is not None

    @property
    def children(self) -> list[int]:
        """The processes of its pool."""
        assert self.process is not None
        pid = self.process.pid
        return [int(i) for i in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill_main(self) -> None:
        """End its main process at once; its pool finds that out by itself."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(60)

    def kill(self) -> None:
        """End it and its pool at once, as a machine's end does."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(60)

    def _is_ready(self) -> bool:
        return b" ready." in self._shop.log.read_bytes()[self._logged_before :]
