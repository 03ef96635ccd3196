"""An invented history to read from, made once a run on each database. Only read it."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from benchmarks.generate_ledger import generate
from benchmarks.history.plan import Size
from everyrun.store.database import Database, open_database
from tests.support.postgresql_databases import PostgresqlDatabases

DIALECTS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
SIZE = Size(executions=2_000, nodes=10_000, logs=20_000)
UNTIL = 1_795_100_000_000_000


def _empty_url(request: pytest.FixtureRequest, leaving: ExitStack) -> str:
    if request.param == "sqlite":
        factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
        path = factory.mktemp("history") / "everyrun.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    databases: PostgresqlDatabases = request.getfixturevalue("postgresql_databases")
    return leaving.enter_context(databases.lend(request.getfixturevalue("postgresql_template")))


@pytest.fixture(scope="session", params=DIALECTS)
def history(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A ledger of 2,000 executions, skewed as real ones are."""
    with ExitStack() as leaving:
        database = open_database(_empty_url(request, leaving))
        leaving.callback(database.close)
        generate(database, SIZE, seed=11, until=UNTIL, quiet=True)
        yield database
