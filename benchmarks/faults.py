"""Kill recording processes at random while the ledger comes and goes, then count every event.

    python -m benchmarks.faults [--database sqlite|postgresql|both] [--kills 200]

Four processes record all the time. At random moments one is killed with -9 and replaced. Meanwhile
the ledger is stopped, crashed and made read-only (PostgreSQL) or locked (SQLite). Every fifth
process has room for 64 KiB of unshipped events, and one more (where mounting is allowed) a home on
a disk of 3 MiB, so that quotas and disks fill up. Afterwards the spools are adopted and judged:

* every event whose ``record()`` returned is on record, or among those told as dropped,
* nothing is on record twice, and the ledger's sums agree with a recount.

Exits with 1 when a promise was broken. The figures of the last full run: benchmarks/RESULTS.md.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.campaigns import Measure, Told, run
from benchmarks.fault_campaign.counting import Verdict, judge, read_promises
from benchmarks.fault_campaign.outages import Outages, PostgresqlLedger, SqliteLedger
from everyrun.store.database import open_database
from everyrun.store.sql_sink import SqlSink
from everyrun.tracking.settings import Settings
from everyrun.tracking.spool.adoption import adopt
from tests.support.postgresql_server import PostgresqlServer

VICTIMS = 4
UNBOUNDED = 10**9
SMALL_SPOOL = "64KiB"
SMALL_DISK = "3m"


class Campaign:
    """One ledger, the homes of those who record into it, and their notes."""

    def __init__(self, ledger: PostgresqlLedger | SqliteLedger, folder: Path) -> None:
        self.ledger = ledger
        self.home = folder / "home"
        self.notes = folder / "notes"
        self.notes.mkdir()
        self.small_disk = folder / "small-disk"
        self.small_disk.mkdir()
        self.homes = [self.home]
        self.begun = 0

    def begin(
        self, *, events: int = UNBOUNDED, home: Path | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a process that records; every fifth one has little room."""
        self.begun += 1
        small = home is not None or self.begun % 5 == 0
        environment = {
            **os.environ,
            "EVERYRUN_URL": self.ledger.url,
            "EVERYRUN_HOME": str(home or self.home),
            "EVERYRUN_ADOPTION_INTERVAL": "2",
        }
        if small and home is None:
            environment["EVERYRUN_SPOOL_LIMIT"] = SMALL_SPOOL
        notes = self.notes / f"{self.begun:05d}"
        mode = "lines" if small else "mixed"
        program = [sys.executable, "-m", "benchmarks.fault_campaign.victim"]
        return subprocess.Popen(
            [*program, str(notes), str(events), mode],
            env=environment,
            stderr=subprocess.DEVNULL,
        )

    def kill_at_random(self, kills: int) -> None:
        """Keep several processes recording, and kill one after another."""
        living = [self.begin() for _ in range(VICTIMS)]
        for _ in range(kills):
            time.sleep(random.uniform(0.05, 0.6))
            victim = living.pop(random.randrange(len(living)))
            victim.send_signal(signal.SIGKILL)
            victim.wait()
            living.append(self.begin())
        for victim in living:
            victim.send_signal(signal.SIGKILL)
            victim.wait()

    def fill_a_small_disk(self) -> bool:
        """Let one process fill a whole disk; False when this machine does not let us mount one."""
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", str(self.small_disk)]
        if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
            return False
        self.homes.append(self.small_disk)
        self.begin(events=60_000, home=self.small_disk).wait()
        return True

    def adopt_all(self) -> int:
        """Ship what the dead left behind; how many events that was."""
        sink = SqlSink(self.ledger.url)
        adopted = 0
        for home in self.homes:
            settings = Settings.from_environment({}, home=home, url=self.ledger.url)
            adopted += adopt(settings, sink).events
        sink.close()
        return adopted

    def clean_up(self) -> None:
        """Give the small disk back."""
        if self.small_disk in self.homes:
            subprocess.run(["umount", str(self.small_disk)], check=True)


@contextlib.contextmanager
def _ledger(kind: str, folder: Path) -> Iterator[PostgresqlLedger | SqliteLedger]:
    if kind == "sqlite":
        yield SqliteLedger(str(folder / "everyrun.db"))
        return
    with PostgresqlServer() as server:
        yield PostgresqlLedger(server)


def run_campaign(kind: str, kills: int, folder: Path) -> tuple[Verdict, str]:
    """One campaign; its verdict, and a line that says what happened on the way."""
    with _ledger(kind, folder) as ledger:
        database = open_database(ledger.url)
        database.upgrade()
        campaign, outages = Campaign(ledger, folder), Outages(ledger)
        begun = time.monotonic()
        outages.start()
        try:
            disk = campaign.fill_a_small_disk()
            campaign.kill_at_random(kills)
            outages.end()
            adopted = campaign.adopt_all()
            verdict = judge(database, read_promises(campaign.notes))
        finally:
            database.close()
            campaign.clean_up()
            outages.dismiss()
    troubles = ", ".join(f"{count} x {name}" for name, count in outages.counts.items())
    small = "filled" if disk else "not allowed here"
    story = (
        f"{kills} kills in {time.monotonic() - begun:.0f} s, ledger {troubles}, "
        f"small disk {small}, {adopted:,} events adopted at the end"
    )
    return verdict, story


def _campaign(kind: str, kills: float, folder: Path) -> Told:
    verdict, story = run_campaign(kind, int(kills), folder)
    return Told(f"{story}; {verdict.figures}", verdict.all_problems)


if __name__ == "__main__":
    sys.exit(run(__doc__, Measure("kills", int, 200), _campaign))
