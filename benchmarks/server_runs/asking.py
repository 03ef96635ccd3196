"""Questions to a large ledger: what the server takes for them, beside a bare endpoint."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select

from benchmarks.server_runs.figures import Figures
from benchmarks.server_runs.lean_http import OneAfterTheOther
from everyrun.store.database import Database
from everyrun.store.tables import WorkflowExecution
from tests.support.server_processes import TOKEN, ServerProcess, free_port

SAMPLES = 200
WARM = 30
_BEGIN_SECONDS = 60.0


class Question(NamedTuple):
    """The same question to the server and to the bare endpoint."""

    name: str
    ours: str
    bare: str


QUESTIONS = (
    Question("one execution", "/api/v1/executions/{id}", "/one/{id}"),
    Question("list of 50", "/api/v1/executions?limit=50", "/list"),
    Question("log tail of 100", "/api/v1/executions/{id}/logs?tail=100", "/lines/{id}"),
)


class Compared(NamedTuple):
    """One question's figures."""

    name: str
    ours: Figures
    bare: Figures


def sample(database: Database, count: int = SAMPLES) -> list[str]:
    """Executions from all over the ledger."""
    ids = select(WorkflowExecution.id).order_by(WorkflowExecution.id.desc()).limit(200_000)
    with database.reading() as connection:
        found = list(connection.scalars(ids))
    return random.Random(7).sample(found, min(count, len(found)))


def compare(url: str, folder: Path, ids: list[str], requests: int) -> list[Compared]:
    """Ask both, turn by turn, so that what else the machine does meets both alike."""
    with (
        ServerProcess(url, folder / "home", "--at-once", "0", EVERYRUN_RATE_LIMIT="0") as server,
        _bare(url) as bare_url,
        closing(OneAfterTheOther(server.url, TOKEN)) as ours,
        closing(OneAfterTheOther(bare_url)) as bare,
    ):
        found = []
        for question in QUESTIONS:
            taken: tuple[list[float], list[float]] = ([], [])
            for number in range(WARM + requests):
                id_ = ids[number % len(ids)]
                for asked, path, seconds in (
                    (ours, question.ours, taken[0]),
                    (bare, question.bare, taken[1]),
                ):
                    began = time.perf_counter()
                    answer = asked.get(path.format(id=id_))
                    if number >= WARM:
                        seconds.append(time.perf_counter() - began)
                    if answer.status != 200:
                        raise RuntimeError(f"{path}: {answer.status} {answer.body[:200]!r}")
            found.append(Compared(question.name, Figures.of(taken[0]), Figures.of(taken[1])))
        server.stop()
    return found


@contextmanager
def _bare(url: str) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server_runs.bare", str(port)],
        env={**os.environ, "EVERYRUN_URL": url},
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + _BEGIN_SECONDS
    try:
        while True:
            try:
                OneAfterTheOther(address).close()
                break
            except ConnectionRefusedError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        yield address
    finally:
        process.kill()
        process.wait()
