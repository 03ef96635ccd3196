"""Empty ledgers to measure in: SQLite files, or databases of a PostgreSQL server of our own."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.append_rate import AS_SERVED
from everyrun.store.database import open_database
from tests.support.postgresql_databases import PostgresqlDatabases
from tests.support.postgresql_server import PostgresqlServer


class Ledgers:
    """Makes empty ledgers, one a run."""

    def __init__(self, kind: str, folder: Path, databases: PostgresqlDatabases | None) -> None:
        self.kind = kind
        self._folder = folder
        self._databases = databases
        self._made = 0

    @contextlib.contextmanager
    def fresh(self) -> Iterator[str]:
        """The address of a migrated ledger without rows."""
        with self.unmade() as url:
            database = open_database(url)
            database.upgrade()
            database.close()
            yield url

    @contextlib.contextmanager
    def unmade(self) -> Iterator[str]:
        """The address of a database without tables."""
        if self._databases is not None:
            with self._databases.lend() as url:
                yield url
            return
        self._made += 1
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            yield f"sqlite:///{folder}/everyrun.db"


@contextlib.contextmanager
def ledgers(kind: str) -> Iterator[Ledgers]:
    """A place for ledgers of one kind; the server is ended with it."""
    with tempfile.TemporaryDirectory(prefix="everyrun-graphs-") as folder:
        if kind == "sqlite":
            yield Ledgers(kind, Path(folder), None)
            return
        with PostgresqlServer(settings=AS_SERVED) as server:
            databases = PostgresqlDatabases(server.url())
            yield Ledgers(kind, Path(folder), databases)
            databases.close()
