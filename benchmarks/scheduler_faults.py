"""Kill the leading scheduler every few seconds, and account for every due time.

    python -m benchmarks.scheduler_faults [--database sqlite|postgresql|both] [--seconds 120]

Two ``everyrun scheduler`` processes share a ledger. A workflow is due every second, and by a cron
expression besides. Every two to four seconds the leader is killed with -9 and another process
begins; every other process has a home of its own, as on another machine, so that nobody can tell
that it is dead but by its lease. Then the killing ends, what is left is run, and all is judged:

* each due time has exactly one row in ``schedule_fires`` and exactly one execution,
* each execution completed, and no node ran more often than it has attempts on record,
* the ledger's sums agree with a recount.

Exits with 1 when a run was lost or doubled.
"""

import random
import sys
import time
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from benchmarks.campaigns import Measure, Told, empty_ledger, run
from benchmarks.scheduler_campaign.judging import Verdict, expected, judge, runs
from benchmarks.scheduler_campaign.plan import make_schedules
from benchmarks.scheduler_campaign.processes import Scheduler
from everyrun.domain.clock import SystemClock
from everyrun.domain.status import SETTLED
from everyrun.scheduler.leading import ROLE
from everyrun.scheduler.scheduling import pause
from everyrun.store.database import Database
from everyrun.store.leaderships import leader_of
from everyrun.store.schedules import ScheduleRecord, read_schedule

PROCESSES = 2
SECONDS_TO_BEGIN = 30.0
SECONDS_TO_END = 90.0
SECONDS_TO_STOP = 30.0
_LOOK = 0.05


class Campaign:
    """One ledger, and the schedulers that die over it."""

    def __init__(self, database: Database, url: str, folder: Path) -> None:
        self._database = database
        self._url = url
        self._folder = folder
        self._numbers = count(1)
        self._living: list[Scheduler] = []
        self.marks = folder / "marks"
        self.marks.touch()
        self.kills = 0

    def run(self, seconds: float) -> Verdict:
        """Schedule, kill for so long, let the rest be run, and judge."""
        schedules = make_schedules(self._database, self.marks)
        self._living = [self._begin() for _ in range(PROCESSES)]
        try:
            self._await(lambda: self._leader() is not None, SECONDS_TO_BEGIN)
            self._kill_leaders(time.monotonic() + seconds)
            until = self._end_of(schedules)
            self._await(self._has_settled, SECONDS_TO_END)
        finally:
            codes = [scheduler.stop(SECONDS_TO_STOP) for scheduler in self._living]
        with self._database.reading() as connection:
            verdict = judge(connection, expected(schedules, until), self.marks)
        if set(codes) != {0}:
            verdict.problems.append(f"schedulers that were told to end said {codes}")
        return verdict

    def epochs(self) -> int:
        """How many leaders there were."""
        with self._database.reading() as connection:
            leader = leader_of(connection, ROLE)
        return 0 if leader is None else leader.epoch

    def _begin(self) -> Scheduler:
        number = next(self._numbers)
        home = self._folder / (f"home-{number}" if number % 2 else "home")
        return Scheduler(self._url, home, self._folder / f"log-{number:03d}")

    def _leader(self) -> Scheduler | None:
        with self._database.reading() as connection:
            leader = leader_of(connection, ROLE)
        if leader is None or leader.expires_at <= SystemClock().now():
            return None
        return next((each for each in self._living if each.id == leader.owner), None)

    def _kill_leaders(self, until: float) -> None:
        while time.monotonic() < until:
            time.sleep(random.uniform(2.0, 4.0))
            self._await(lambda: self._leader() is not None, SECONDS_TO_BEGIN)
            leader = self._leader()
            if leader is None:  # its lease ran out at this very moment
                continue
            leader.kill()
            self.kills += 1
            self._living.remove(leader)
            self._living.append(self._begin())

    def _end_of(self, schedules: Sequence[ScheduleRecord]) -> int:
        """Let nothing more be due; answers before which moment everything was decided."""
        self._await(lambda: self._is_decided(schedules, SystemClock().now()), SECONDS_TO_END)
        ends = []
        for schedule in schedules:
            with self._database.reading() as connection:
                ends.append(read_schedule(connection, schedule.id).next_fire_at or 0)
            pause(self._database, schedule.id, "the campaign is over")
        # What was decided after this look is run too, and no part of what is expected.
        return min(ends)

    def _is_decided(self, schedules: Sequence[ScheduleRecord], now: int) -> bool:
        with self._database.reading() as connection:
            found = [read_schedule(connection, each.id).next_fire_at or 0 for each in schedules]
        return all(at > now for at in found)

    def _has_settled(self) -> bool:
        with self._database.reading() as connection:
            return all(run.status in SETTLED for run in runs(connection))

    def _await(self, holds: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not holds() and time.monotonic() < deadline:
            time.sleep(_LOOK)


def run_campaign(kind: str, seconds: float, folder: Path) -> tuple[Verdict, str]:
    """One campaign; its verdict, and a line that says what happened."""
    began = time.monotonic()
    with empty_ledger(kind, folder) as (url, database):
        campaign = Campaign(database, url, folder)
        verdict = campaign.run(seconds)
        epochs = campaign.epochs()
    story = (
        f"{campaign.kills} leaders killed, {epochs} leaders in {time.monotonic() - began:.0f} s; "
        f"{verdict.due} due times, the latest begun {verdict.latest_seconds:.1f} s late; "
        f"{verdict.starts} starts of nodes, {verdict.repeated} of them again after a kill"
    )
    return verdict, story


def _campaign(kind: str, seconds: float, folder: Path) -> Told:
    verdict, story = run_campaign(kind, seconds, folder)
    return Told(story, verdict.problems)


if __name__ == "__main__":
    sys.exit(run(__doc__, Measure("seconds", float, 120.0), _campaign))
