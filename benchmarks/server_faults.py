"""Kill the server again and again while four processes record to it, then count every event.

    python -m benchmarks.server_faults [--database sqlite|postgresql|both] [--kills 50]

Four processes record all the time, to ``http://…``, with spools. ``everyrun serve`` is killed with
-9 while it takes their events in, and started anew; every third time it has two processes. At the
end the recording processes are killed as well, the server takes in what they left, is told to end,
and all is judged:

* every event whose ``record()`` returned is on record,
* nothing is on record twice, and the ledger's sums agree with a recount,
* the last server ended in order.

Exits with 1 when a promise was broken. The figures of the last full run: benchmarks/RESULTS.md.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.campaigns import Measure, Told, empty_ledger, run
from benchmarks.fault_campaign.counting import Verdict, judge, read_promises
from everyrun.store.database import Database
from everyrun.store.tables import ExecutionLog
from everyrun.tracking.spool.inventory import waiting_bytes
from tests.support.server_processes import TOKEN, ServerProcess, free_port

RECORDERS = 4
PAUSE = "0.02"
UNBOUNDED = str(10**9)
LINES_BEFORE_A_KILL = 30
PATIENCE = 90.0
_LOOK = 0.02


class Campaign:
    """One ledger, the server that dies over it, and those who record to it."""

    def __init__(self, url: str, database: Database, folder: Path) -> None:
        self._database = database
        self._home = folder / "home"
        self._notes = folder / "notes"
        self._notes.mkdir()
        self._port = free_port()
        self._url = url
        self._folder = folder
        self._numbers = count()
        self.adopted_at_the_end = 0

    def run(self, kills: int) -> Verdict:
        """Kill so often, let all be taken in, and judge."""
        recorders = [self._begin_recorder(number) for number in range(RECORDERS)]
        try:
            for _ in range(kills):
                self._serve_and_kill()
        finally:
            for recorder in recorders:
                recorder.kill()
                recorder.wait()
        _spools, self.adopted_at_the_end = waiting_bytes(self._home)
        with self._server() as server:
            _wait(lambda: waiting_bytes(self._home) == (0, 0), "all is taken in")
            code = server.stop()
        verdict = judge(self._database, read_promises(self._notes))
        if code != 0:
            verdict.problems.append(f"the last server ended with {code}")
        return verdict

    def _serve_and_kill(self) -> None:
        before = self._lines()
        with self._server() as server:
            _wait(
                lambda: self._lines() >= before + LINES_BEFORE_A_KILL,
                f"events come in: {server.log}",
            )
            time.sleep(random.uniform(0.0, 0.4))
            server.kill()

    def _server(self) -> ServerProcess:
        arguments = ["--at-once", "0"]
        if next(self._numbers) % 3 == 2:
            arguments += ["--workers", "2"]
        return ServerProcess(
            self._url,
            self._home,
            *arguments,
            port=self._port,
            log=self._folder / "server.log",
            EVERYRUN_ADOPTION_INTERVAL="1",
        )

    def _begin_recorder(self, number: int) -> "subprocess.Popen[bytes]":
        program = [sys.executable, "-m", "benchmarks.fault_campaign.victim"]
        return subprocess.Popen(
            [*program, str(self._notes / f"{number}"), UNBOUNDED, "mixed", PAUSE],
            env={
                **os.environ,
                "EVERYRUN_URL": f"http://127.0.0.1:{self._port}",
                "EVERYRUN_TOKEN": TOKEN,
                "EVERYRUN_HOME": str(self._home),
            },
            stderr=subprocess.DEVNULL,
        )

    def _lines(self) -> int:
        with self._database.reading() as connection:
            return connection.execute(select(func.count()).select_from(ExecutionLog)).scalar_one()


def _wait(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {PATIENCE:.0f} s: {what}")
        time.sleep(_LOOK)


def run_campaign(kind: str, kills: int, folder: Path) -> tuple[Verdict, str]:
    """One campaign; its verdict, and a line that says what happened on the way."""
    with empty_ledger(kind, folder) as (url, database):
        campaign = Campaign(url, database, folder)
        begun = time.monotonic()
        verdict = campaign.run(kills)
    story = (
        f"the server killed {kills} times in {time.monotonic() - begun:.0f} s, "
        f"{campaign.adopted_at_the_end:,} bytes in spools at the end"
    )
    return verdict, story


def _campaign(kind: str, kills: float, folder: Path) -> Told:
    verdict, story = run_campaign(kind, int(kills), folder)
    return Told(f"{story}; {verdict.figures}", verdict.all_problems)


if __name__ == "__main__":
    sys.exit(run(__doc__, Measure("kills", int, 50), _campaign))
