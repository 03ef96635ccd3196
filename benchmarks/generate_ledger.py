"""Invent a large ledger, to read from: ``python -m benchmarks.generate_ledger --url URL``.

The rows go straight into the tables, past the one door for events, in the form that door would
have left behind; counters and sums agree with a recount. The ledger must be empty.
"""

import argparse
import sys
import time

import numpy as np
from sqlalchemy import select

from benchmarks.history.loading import loading
from benchmarks.history.plan import Size, make_plan
from benchmarks.history.rows import EXECUTIONS_PER_CHUNK, Rows
from benchmarks.history.sums import Sums
from everyrun.domain.clock import SystemClock
from everyrun.store.database import Database, open_database
from everyrun.store.tables import WorkflowExecution

DEFAULT_SIZE = Size(executions=1_000_000, nodes=5_000_000, logs=10_000_000)
DEFAULT_SEED = 7


class LedgerNotEmpty(Exception):
    """This ledger has executions already; give an empty one."""


class _Progress:
    """Says on standard error how far the work is."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._began = time.monotonic()

    def __call__(self, what: str) -> None:
        if not self._quiet:
            print(f"{time.monotonic() - self._began:7.1f} s  {what}", file=sys.stderr, flush=True)


def generate(database: Database, size: Size, *, seed: int, until: int, quiet: bool = False) -> None:
    """Fill an empty, migrated ledger with a history that ends at ``until`` (microseconds UTC).

    The same seed and ``until`` give the same rows. Raises :class:`LedgerNotEmpty`.
    """
    tell = _Progress(quiet)
    with database.reading() as connection:
        if connection.execute(select(WorkflowExecution.id).limit(1)).first():
            raise LedgerNotEmpty(str(LedgerNotEmpty.__doc__))
    random = np.random.default_rng(seed)
    plan = make_plan(random, size, until)
    rows = Rows(random, plan)
    sums = Sums(rows)
    tell("planned")
    with loading(database, plan.ids, tell) as loader:
        for number, chunk in enumerate(rows.chunks(), start=1):
            for name, table in chunk.tables.items():
                loader.load(name, table)
            sums.add(chunk)
            done = min(number * EXECUTIONS_PER_CHUNK, size.executions)
            if number % 5 == 0 or done == size.executions:
                tell(f"{done:,} of {size.executions:,} executions")
        for name, table in sums.tables().items():
            loader.load(name, table)
    tell("done")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate_ledger")
    parser.add_argument("--url", required=True, help="sqlite:///… or postgresql://…, empty")
    parser.add_argument("--executions", type=int, default=DEFAULT_SIZE.executions)
    parser.add_argument("--nodes", type=int, default=DEFAULT_SIZE.nodes)
    parser.add_argument("--logs", type=int, default=DEFAULT_SIZE.logs)
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies all three")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--until", type=int, help="end of the history, microseconds UTC")
    parser.add_argument("--quiet", action="store_true")
    return parser.parse_args()


def main() -> None:
    """Make a ledger at the URL, of the size that is asked for."""
    options = _arguments()
    size = Size(
        executions=round(options.executions * options.scale),
        nodes=round(options.nodes * options.scale),
        logs=round(options.logs * options.scale),
    )
    until = SystemClock().now() if options.until is None else options.until
    database = open_database(options.url)
    try:
        database.upgrade()
        generate(database, size, seed=options.seed, until=until, quiet=options.quiet)
    finally:
        database.close()


if __name__ == "__main__":
    main()
