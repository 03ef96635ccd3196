"""Opening a ledger: the connections, the transactions and the schema of one database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.pool import PoolProxiedConnection

from everyrun.domain.errors import LedgerError, SettingsError
from everyrun.store.forking import Closable, ForkGate
from everyrun.store.pools import Pools
from everyrun.store.schema import SchemaState, downgrade_schema, schema_state, upgrade_schema
from everyrun.store.time_limits import limited

BUSY_TIMEOUT_SECONDS = 60
WAL_SIZE_LIMIT = 64 * 1024 * 1024
PAGE_CACHE_KIB = 64 * 1024
WRITE_OPTION = "everyrun_write"
KEPT_CONNECTIONS = 5
"""Connections that are kept open; further ones are made when needed and closed after use."""
RETRYABLE_SQLSTATES = frozenset({"40001", "40P01", "55P03", "23505"})
"""Serialization failure, deadlock, lock not available, and a row that another writer made first."""
ATTEMPTS_PER_TRANSACTION = 8
SPARE_LIMIT = 8
AT_ONCE_MS = 20
"""Milliseconds that counts as not waiting."""

Result = TypeVar("Result")


class RaceLost(LedgerError):
    """Another writer made the same row first; the transaction is to be tried again."""


def normalised_url(url: str) -> URL:
    """The URL with the driver that Everyrun uses. Raises :class:`SettingsError`."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SettingsError(f"the ledger's URL cannot be read: {error}") from None
    backend = parsed.get_backend_name()
    if backend in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise SettingsError("an SQLite ledger needs a file: sqlite:////path/to/everyrun.db")
        path = Path(parsed.database).expanduser()
        return parsed.set(drivername="sqlite+pysqlite", database=str(path))
    raise SettingsError(f"a ledger lives in sqlite:/// or postgresql://, not in {backend}://")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
    if cursor.execute("PRAGMA page_count").fetchone()[0] == 0:
        # Of a new file alone: it takes the write lock, which a reader must not wait for.
        cursor.execute("PRAGMA auto_vacuum = INCREMENTAL")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA journal_size_limit = {WAL_SIZE_LIMIT}")
    cursor.execute(f"PRAGMA cache_size = -{PAGE_CACHE_KIB}")
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITE_OPTION, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _make_private_file(
    _dialect: Any, _record: Any, arguments: list[Any], _keywords: dict[str, Any]
) -> None:
    """A new ledger is for its owner's eyes: it holds what functions were called with."""
    path = Path(arguments[0])
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    """Identifiers are read as the text they are in Python, not as an object on the way to it."""
    from psycopg.types.string import TextLoader

    connection.adapters.register_loader("uuid", TextLoader)


def _make_engine(url: URL, kept: int) -> Engine:
    # The one used last goes first: it has read most into its memory.
    pool = {"pool_size": kept, "pool_use_lifo": True}
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url,
            connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            **pool,
        )
        event.listen(engine, "do_connect", _make_private_file)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(
        url,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10, "options": "-c timezone=UTC"},
        **pool,
    )
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


@contextmanager
def _impatient(connection: Connection) -> Iterator[None]:
    """Within, SQLite does not wait for other writers."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA busy_timeout = {AT_ONCE_MS}")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")


def _is_busy(error: OperationalError) -> bool:
    sqlstate = getattr(error.orig, "sqlstate", None)
    return sqlstate in RETRYABLE_SQLSTATES or "locked" in str(error.orig)


class Database:
    """One ledger, opened. Safe to share between threads, and on SQLite across a fork."""

    def __init__(self, url: str, *, kept_connections: int = KEPT_CONNECTIONS) -> None:
        self.url = normalised_url(url)
        self.engine = _make_engine(self.url, kept_connections)
        self._pools = Pools(self.engine)
        self.dialect: str = self.engine.dialect.name
        self.known_months: set[int] = set()
        self._spare: list[Any] = []
        self._gate = ForkGate() if self.dialect == "sqlite" else None
        if self._gate is not None:
            self._gate.watch(self)

    @contextmanager
    def reading(self, seconds: float | None = None) -> Iterator[Connection]:
        """A connection in a transaction that only reads: one snapshot of the ledger.

        What takes longer than ``seconds`` is cut off (``store.time_limits``). Raises
        :class:`QueryTooSlow`.
        """
        with self.in_use(), self.engine.connect() as connection:
            limit = nullcontext() if seconds is None else limited(connection, seconds)
            with limit, connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in a transaction that writes; committed at the end, or rolled back.

        On SQLite it holds the write lock from the first moment (``BEGIN IMMEDIATE``).
        """
        with self.in_use(), self.engine.connect() as plain:
            connection = plain.execution_options(**{WRITE_OPTION: True})
            with connection.begin():
                yield connection

    def transact(self, work: Callable[[Connection], Result]) -> Result:
        """Run ``work`` in a writing transaction, again when another writer got in its way.

        ``work`` must be harmless to repeat, as it is rolled back before it is.
        """
        for _ in range(ATTEMPTS_PER_TRANSACTION - 1):
            try:
                with self.writing() as connection:
                    return work(connection)
            except RaceLost:
                continue
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in RETRYABLE_SQLSTATES:
                    raise
        with self.writing() as connection:
            return work(connection)

    def transact_at_once(self, work: Callable[[Connection], object]) -> bool:
        """Run ``work`` in a writing transaction, unless it would have to wait for other writers.

        Answers whether it was done. For what may as well be left undone.
        """
        try:
            with self.in_use(), self.engine.connect() as plain, _impatient(plain):
                connection = plain.execution_options(**{WRITE_OPTION: True})
                with connection.begin():
                    if self.dialect == "postgresql":
                        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {AT_ONCE_MS}")
                    work(connection)
        except OperationalError as error:
            if not _is_busy(error):
                raise
            return False
        return True

    def give_space_back(self) -> None:
        """Return the room of deleted rows to the file system; PostgreSQL sees to it itself."""
        if self.dialect == "sqlite":
            with self.in_use(), self.engine.connect() as connection:
                driver = connection.connection.driver_connection
                assert driver is not None
                # A script, for execute() takes one step of this pragma, and a step is a page.
                driver.executescript("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);")

    def schema(self) -> SchemaState:
        """How the ledger's schema relates to this code's."""
        with self.reading() as connection:
            return schema_state(connection)

    def upgrade(self, revision: str = "head") -> None:
        """Make or migrate the schema. Several processes may call this at once."""
        with self.writing() as connection:
            upgrade_schema(connection, revision)

    def downgrade(self, revision: str) -> None:
        """Take the schema back to ``revision`` (``base`` removes everything)."""
        with self.writing() as connection:
            downgrade_schema(connection, revision)

    def require_current_schema(self) -> None:
        """Raise :class:`LedgerNotMigrated` or :class:`LedgerTooNew` unless at head."""
        with self.reading() as connection:
            schema_state(connection).require_current()

    def in_use(self) -> AbstractContextManager[None]:
        """Within, the process does not fork: its child would inherit an open connection.

        For SQLite; a connection to a server has no part in the process.
        """
        return nullcontext() if self._gate is None else self._gate.in_use()

    def open_aside(self, keeper: Closable | None = None) -> tuple[PoolProxiedConnection, Any]:
        """A connection outside the pool, for whoever keeps one; and the driver's own object.

        On SQLite there must be a ``keeper``, who uses it :meth:`in_use`, and lets go of it when the
        process forks.
        """
        if self._gate is not None:
            assert keeper is not None
            self._gate.watch(keeper)
        connection = self.engine.raw_connection()
        driver = connection.driver_connection
        connection.detach()
        return connection, driver

    def take_spare(self) -> Any | None:
        """What was last put aside by :meth:`keep_spare`; None when nothing is left."""
        try:
            return self._spare.pop()
        except IndexError:
            return None

    def keep_spare(self, opened: Any) -> None:
        """Put something aside that was opened here, has a ``close()``, and may be used again."""
        if len(self._spare) < SPARE_LIMIT:
            self._spare.append(opened)
        else:
            opened.close()

    def close(self) -> None:
        """Close all connections. Using the database again opens new ones."""
        with self.in_use():
            while (spare := self.take_spare()) is not None:
                spare.close()
            self._pools.dispose()

    def let_go(self) -> None:
        """Close the pool's connections, none of which is in use."""
        self._pools.dispose()


def is_unavailable(error: Exception) -> bool:
    """Whether an error says that the database is away or busy, and may be back in a moment."""
    return isinstance(error, OperationalError | InterfaceError | RaceLost)


def open_database(url: str, *, kept_connections: int = KEPT_CONNECTIONS) -> Database:
    """Open the ledger at ``url`` (``sqlite:///…`` or ``postgresql://…``); connects lazily.

    ``kept_connections`` are as many as are in use at once for long.
    """
    return Database(url, kept_connections=kept_connections)
