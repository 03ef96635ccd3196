"""Kill Celery's workers and all that they rely on; then the ledger has to agree with the backend.

    python -m benchmarks.celery_kills [--tasks 2000] [--database postgresql]

Chains and chords of tasks that acknowledge late, on two prefork workers. While they run, processes
of pools, main processes and whole workers are killed with -9, Redis crashes and comes again, and on
PostgreSQL the server that takes events in is killed and the database is stopped for a minute. Then
everything is there again until nothing moves; every task has to stand on record as its result says,
``lost`` only without one, and every counter as its rows say.
"""

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.campaigns import Told
from benchmarks.celery_campaign.judging import differences
from benchmarks.celery_campaign.troubles import Troubles
from everyrun.domain.clock import SystemClock
from everyrun.domain.status import SETTLED, Status
from everyrun.scheduler.hanging import Hanging
from everyrun.scheduler.silence import Silence
from everyrun.store.database import Database, open_database
from tests.support.celery_ledger import Ledger
from tests.support.celery_processes import Shop
from tests.support.postgresql_server import PostgresqlServer
from tests.support.redis_process import RedisProcess
from tests.support.server_processes import TOKEN, ServerProcess
from tests.support.waiting import wait_until

CHAIN, CHORD = 8, 11
"""Steps of a chain, and members of a chord, which has a body too: 20 tasks a pair."""

SETTLES_WITHIN = 240.0
VISIBILITY = 3
"""Seconds after which Redis gives what was not acknowledged to another worker. Where work takes
longer, two have it at once: then the first outcome is on record, the last in the backend."""


def run_campaign(
    tasks: int,
    folder: Path,
    *,
    rounds: int = 3,
    pause: float = 1.0,
    postgresql: bool = False,
    away: float = 60.0,
    visibility: int = VISIBILITY,
) -> Told:
    """So many tasks, so many rounds of kills; answers what happened and what is wrong."""
    with contextlib.ExitStack() as stack:
        redis = stack.enter_context(RedisProcess(folder, keeps=True))
        shop = Shop(redis, 0, folder)
        shop.environment |= {
            "CELERY_TEST_VISIBILITY": str(visibility),
            "EVERYRUN_HEARTBEAT_INTERVAL": "1",
            "EVERYRUN_ADOPTION_INTERVAL": "1",
        }
        further = _bring_in_server(stack, shop, folder, away) if postgresql else []
        troubles = Troubles(shop, redis, seed=tasks)
        stack.callback(troubles.end)
        troubles.begin()
        shop.python(_sending(tasks))
        troubles.each(_kills(troubles, rounds), pause)
        troubles.each([partial(trouble, troubles) for trouble in further], pause)
        _wait_for_rest(shop, troubles)
        return Told(_story(shop, troubles), differences(shop.ledger_url, shop.results()))


def _sending(tasks: int) -> str:
    chained = f"chain(*(step.si() for _ in range({CHAIN})))"
    chord = f"chord([step.si() for _ in range({CHORD})], step.s())"
    pairs = max(1, tasks // (CHAIN + CHORD + 1))
    return f"""
for number in range({pairs}):
    start({chained}, "chain")
    start({chord}, "chord")
"""


def _kills(troubles: Troubles, rounds: int) -> list[Callable[[], None]]:
    children = [troubles.kill_child] * 3
    return [
        *[*children, troubles.kill_main, *children, troubles.kill_whole] * rounds,
        troubles.restart_redis,
        troubles.kill_child,
    ]


def _bring_in_server(
    stack: contextlib.ExitStack, shop: Shop, folder: Path, away: float
) -> list[Callable[[Troubles], None]]:
    """A ledger on PostgreSQL behind a server; answers the troubles that these may have."""
    postgresql = stack.enter_context(PostgresqlServer())
    shop.ledger_url = postgresql.url()
    with contextlib.closing(open_database(shop.ledger_url)) as database:
        database.upgrade()
    server = stack.enter_context(ServerProcess(shop.ledger_url, folder / "server"))
    shop.environment |= {"EVERYRUN_URL": server.url, "EVERYRUN_TOKEN": TOKEN}
    return [
        lambda troubles: troubles.stop_server(server, away / 3),
        lambda troubles: troubles.stop_postgresql(postgresql, away),
    ]


def _wait_for_rest(shop: Shop, troubles: Troubles) -> None:
    """Until nothing is in a queue, and every canvas has settled or is told of as lost."""
    database, ledger = Database(shop.ledger_url), Ledger(shop.ledger_url)
    silence, hanging, clock = Silence(), Hanging(), SystemClock()
    done = {*SETTLED, Status.LOST}

    def is_over() -> bool:
        troubles.begin()
        now = clock.now()
        silence.notice(database, now)
        if shop.waiting():
            return False
        hanging.notice(database, now)
        return {status for _, status, _ in ledger.executions()} <= done

    # What is not over by then is told as a problem.
    with contextlib.suppress(AssertionError):
        wait_until(is_over, "settled canvases", SETTLES_WITHIN)


def _story(shop: Shop, troubles: Troubles) -> str:
    ledger = Ledger(shop.ledger_url)
    rows = ledger.rows()
    executions = [status for _, status, _ in ledger.executions()]
    again = sum(row.attempt > 1 for row in rows)
    return ", ".join(
        [
            f"{len(rows)} tasks in {len(executions)} canvases",
            *(f"{times} {what}" for what, times in troubles.counts.items()),
            f"{again} tasks delivered again",
            *_counted("tasks", [row.status for row in rows]),
            *_counted("canvases", executions),
        ]
    )


def _counted(what: str, statuses: list[str]) -> Iterator[str]:
    for status in sorted(set(statuses)):
        yield f"{statuses.count(status)} {what} {status}"


def main() -> int:
    """Run the campaign as the command line asks; 1 for a broken promise."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tasks", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--away", type=float, default=60.0, metavar="SECONDS")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="everyrun-celery-kills-") as folder:
        told = run_campaign(
            options.tasks,
            Path(folder),
            rounds=options.rounds,
            postgresql=options.database == "postgresql",
            away=options.away,
        )
    print(f"{told.story}; {len(told.problems)} problems", flush=True)
    for problem in told.problems[:20]:
        print(f"  {problem}")
    return 1 if told.problems else 0


if __name__ == "__main__":
    sys.exit(main())
