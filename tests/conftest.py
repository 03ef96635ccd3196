"""What every test may ask for: an empty home, and a ledger on SQLite and on a real PostgreSQL.

``EVERYRUN_TEST_POSTGRESQL_URL`` names a server to use instead of our own; its user must be allowed
to create databases. ``EVERYRUN_TEST_POSTGRESQL_VERSION`` (16 or 18) chooses among the bundled ones.
"""

import gc
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.support.kept_ledger import KeptLedger
from tests.support.postgresql_databases import PostgresqlDatabases
from tests.support.postgresql_server import PostgresqlServer

if TYPE_CHECKING:
    from everyrun.store.database import Database

SERVER_URL_SETTING = "EVERYRUN_TEST_POSTGRESQL_URL"
SETTINGS_FOR_TESTS = "EVERYRUN_TEST_"
COVERED_SUITES = {"unit", "integration", "contract"}
DIALECTS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]

RARELY = (50_000, 20, 50)
"""Thresholds of garbage collection: it took a fifth of the suites' processor time."""
_SERVER = pytest.StashKey[PostgresqlServer]()

# An example that needs a fresh ledger empties it itself (``tests/support/emptying.py``).
_ACCEPTED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("ci", deadline=None, max_examples=30, suppress_health_check=_ACCEPTED)
settings.register_profile("thorough", settings.get_profile("ci"), max_examples=2_000)
settings.load_profile(os.environ.get("EVERYRUN_TEST_HYPOTHESIS_PROFILE", "ci"))


def _own_server_url(config: pytest.Config) -> str:
    """The server of this process, started when first asked for.

    Each xdist worker has its own: a transaction that is open in one database of a server holds back
    what may be told of changes in all of them (``store.changes.positions``).
    """
    given = os.environ.get(SERVER_URL_SETTING)
    if given:
        return given
    if _SERVER not in config.stash:
        server = PostgresqlServer()
        server.start()
        config.stash[_SERVER] = server
    return config.stash[_SERVER].url()


def pytest_configure() -> None:
    """Look for garbage rarely, and take signals as in a terminal.

    What runs in the background of a shell ignores signals; programs that tests start would inherit
    that, and wait for ever for a Ctrl-C that was sent.
    """
    gc.set_threshold(*RARELY)
    for number, handler in (
        (signal.SIGINT, signal.default_int_handler),
        (signal.SIGQUIT, signal.SIG_DFL),
    ):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure coverage by what runs in the test's own process."""
    for item in items:
        if not COVERED_SUITES & set(item.path.parts):
            item.add_marker(pytest.mark.no_cover)


def pytest_collection_finish() -> None:
    """Leave the thousands of tests that wait out of every collection of garbage."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no server behind."""
    server = config.stash.get(_SERVER, None)
    if server is not None:
        server.remove()


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home for this test alone: no test reads or writes a person's own record."""
    for name in list(os.environ):
        if name.startswith("EVERYRUN_") and not name.startswith(SETTINGS_FOR_TESTS):
            monkeypatch.delenv(name)
    home = tmp_path / ".everyrun-home"
    monkeypatch.setenv("EVERYRUN_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def postgresql_admin_url(pytestconfig: pytest.Config) -> str:
    """The address of the process's PostgreSQL server, with the right to create databases."""
    return _own_server_url(pytestconfig)


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_admin_url: str) -> Iterator[PostgresqlDatabases]:
    """Makes databases on the process's PostgreSQL server."""
    databases = PostgresqlDatabases(postgresql_admin_url)
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_databases: PostgresqlDatabases) -> Iterator[str]:
    """A migrated PostgreSQL ledger to copy; nobody connects to it."""
    with postgresql_databases.lend() as url:
        _migrate(url)
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite ledger to copy; nobody opens it."""
    path = tmp_path_factory.mktemp("template") / "everyrun.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of an SQLite ledger that does not exist yet."""
    return f"sqlite:///{tmp_path / 'everyrun.db'}"


@pytest.fixture
def postgresql_url(postgresql_databases: PostgresqlDatabases) -> Iterator[str]:
    """The address of an empty PostgreSQL database, without tables."""
    with postgresql_databases.lend() as url:
        yield url


@pytest.fixture
def migrated_sqlite_url(sqlite_template: Path, sqlite_url: str, tmp_path: Path) -> str:
    """The address of a migrated SQLite ledger without rows."""
    shutil.copyfile(sqlite_template, tmp_path / "everyrun.db")
    return sqlite_url


@pytest.fixture(scope="session")
def kept_ledger(
    postgresql_databases: PostgresqlDatabases, postgresql_template: str
) -> Iterator[KeptLedger]:
    """A migrated PostgreSQL ledger that one test after the other gets empty."""
    kept = KeptLedger(postgresql_databases, postgresql_template)
    yield kept
    kept.drop()


@pytest.fixture
def migrated_postgresql_url(kept_ledger: KeptLedger) -> Iterator[str]:
    """The address of a migrated PostgreSQL ledger without rows."""
    with kept_ledger.lend() as url:
        yield url


@pytest.fixture(params=DIALECTS)
def empty_url(request: pytest.FixtureRequest) -> str:
    """On each database in turn: the address of one without tables."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=DIALECTS)
def database_url(request: pytest.FixtureRequest) -> str:
    """On each database in turn: the address of a migrated ledger without rows."""
    url: str = request.getfixturevalue(f"migrated_{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator["Database"]:
    """On each database in turn: an open, migrated ledger without rows."""
    from everyrun.store.database import open_database

    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def postgresql_server() -> Iterator[PostgresqlServer]:
    """A running server of the test's own, to stop, crash and start again (0.5 s each)."""
    with PostgresqlServer() as server:
        yield server


def _migrate(url: str) -> None:
    from everyrun.store.database import open_database

    database = open_database(url)
    try:
        database.upgrade()
    finally:
        database.close()
