"""What all fault campaigns share: an empty ledger to break, and telling how it went."""

import argparse
import contextlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from everyrun.store.database import Database, open_database
from tests.support.postgresql_server import PostgresqlServer

KINDS = ("sqlite", "postgresql")
_MOST_SHOWN = 20


class Told(NamedTuple):
    """How a campaign went: what happened, in words, and each promise that was broken."""

    story: str
    problems: Sequence[str]


class Measure(NamedTuple):
    """How much of a campaign there is: the option that says so, and what it is without one."""

    name: str
    kind: type[int] | type[float]
    default: float


Campaign = Callable[[str, float, Path], Told]
"""Runs on a ledger of some kind, for so much, in a folder of its own."""


@contextlib.contextmanager
def empty_ledger(kind: str, folder: Path) -> Iterator[tuple[str, Database]]:
    """A migrated ledger with nothing in it, and its address."""
    with contextlib.ExitStack() as stack:
        url = f"sqlite:///{folder / 'everyrun.db'}"
        if kind == "postgresql":
            url = stack.enter_context(PostgresqlServer()).url()
        database = stack.enter_context(contextlib.closing(open_database(url)))
        database.upgrade()
        yield url, database


def run(description: str | None, measure: Measure, campaign: Campaign) -> int:
    """Run a campaign as the command line asks, and print how it went; 1 for a broken promise."""
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument("--database", choices=(*KINDS, "both"), default="both")
    parser.add_argument(f"--{measure.name}", type=measure.kind, default=measure.default)
    options = parser.parse_args()
    broken = False
    for kind in KINDS if options.database == "both" else (options.database,):
        with tempfile.TemporaryDirectory(prefix="everyrun-campaign-") as folder:
            told = campaign(kind, getattr(options, measure.name), Path(folder))
        print(f"{kind}: {told.story}; {len(told.problems)} problems", flush=True)
        for problem in told.problems[:_MOST_SHOWN]:
            print(f"  {problem}")
        broken = broken or bool(told.problems)
    return int(broken)
