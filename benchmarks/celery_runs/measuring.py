"""One run of one variant: tasks sent, a worker started, and the time until nothing is left."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from tests.support.redis_process import RedisProcess

APPLICATION = "benchmarks.celery_runs.application"
ROOT = Path(__file__).parents[2]
WARM_UP = 0.2
"""The part of the tasks that is done before the clock starts: the pool has to get going."""


@dataclass(frozen=True)
class Cost:
    """What one run of a variant took."""

    rate: float
    """Tasks a second that two processes of a pool ran, from a full queue to an empty one."""
    cpu: float
    """Seconds of a processor's time that the worker, pool and shipping included, took for a task.
    Unlike the rate it says the same on a machine that has other things to do."""
    sending: float
    """Seconds to send one task."""
    handlers_p50: float
    handlers_p99: float
    """Seconds that the handlers of one task's signals took in the process that runs it."""


def measure(variant: str, tasks: int, folder: Path) -> Cost:
    """Send ``tasks`` and have them run, in ``folder``, which is empty."""
    with RedisProcess(folder) as server:
        broker, client = server.url(0), server.client(0)
        environment = os.environ | {
            "CELERY_COST_VARIANT": variant,
            "CELERY_COST_BROKER": broker,
            "CELERY_COST_FOLDER": str(folder),
            "EVERYRUN_HOME": str(folder / "home"),
            "EVERYRUN_URL": "",
        }
        sender = [sys.executable, "-m", "benchmarks.celery_runs.sender", str(tasks)]
        sent = subprocess.run(
            sender, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        )
        with _watcher(variant, environment), _worker(environment, folder) as worker:
            rate, cpu = _drain(client, tasks, worker)
        taken = sorted(
            each for path in folder.glob("handlers-*.json") for each in json.loads(path.read_text())
        )
    assert len(taken) == tasks, f"{len(taken)} of {tasks} tasks ran"
    return Cost(rate, cpu, float(sent.stdout), _part(taken, 0.5), _part(taken, 0.99))


def _part(ordered: list[float], part: float) -> float:
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def _drain(client: redis.Redis, tasks: int, worker: int) -> tuple[float, float]:
    """Tasks a second, and processor time a task, once the first have run, until none is left."""
    started, left_then, cpu_then = 0.0, 0, 0.0
    while True:
        left = client.llen("celery") + client.hlen("unacked")
        now = time.perf_counter()
        if not started and left <= tasks * (1 - WARM_UP):
            started, left_then, cpu_then = now, left, _cpu_of_tree(worker)
        if left == 0:
            return left_then / (now - started), (_cpu_of_tree(worker) - cpu_then) / left_then
        time.sleep(0.01)


def _cpu_of_tree(pid: int) -> float:
    """Seconds of processor time of a process and its children so far."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return _cpu_of(pid) + sum(_cpu_of(int(child)) for child in children)


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _worker(environment: dict[str, str], folder: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "celery", "-A", APPLICATION, "worker", "--pool", "prefork"]
    command += ["-c", "2", "-l", "WARNING", "--without-gossip", "--without-mingle"]
    with (folder / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _watcher(variant: str, environment: dict[str, str]) -> Iterator[None]:
    if variant != "events":
        yield
        return
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.celery_runs.watcher"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        process.stdout.readline()
        yield
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
