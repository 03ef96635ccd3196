"""One connection to a database for the length of one node, and how it is interrupted."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool

from everyrun.nodes.base import BadParameters, NodeFailed
from everyrun.nodes.context import Context

CONNECT_TIMEOUT = 10
"""Seconds."""

LOCK_PATIENCE = 60.0
"""Seconds that SQLite's write lock is waited for."""

_LOOK = 0.05
_BUSY = ("database is locked", "database table is locked")


class Interrupted(NodeFailed):
    """This node was stopped while the database worked; nothing of it was committed."""

    status_code = 409


@contextmanager
def connected(url: str, context: Context, *, writes: bool) -> Iterator[Connection]:
    """A connection in a transaction: committed at the end, rolled back after an error.

    ``writes`` takes SQLite's write lock at once, so that no statement has to wait for it halfway.
    When the node is stopped, what the database does for it is interrupted. Raises
    :class:`Interrupted`, and the driver's own errors.
    """
    engine = _engine(_placed(url, context))
    try:
        with engine.connect() as connection:
            _wait_for_begin(connection, context, writes=writes)
            with connection.begin(), _interrupted_by(context, connection):
                yield connection
    finally:
        engine.dispose()


def _placed(url: str, context: Context) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise BadParameters(
            "url: it cannot be read: write sqlite:///file.db or "
            "postgresql://user:password@server/database"
        ) from None
    backend = parsed.drivername.partition("+")[0]
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    database = parsed.database
    if backend != "sqlite" or not database or database == ":memory:":
        return parsed
    path = context.directory / Path(database).expanduser()
    if not path.parent.is_dir():
        raise NodeFailed(f"url: there is no folder {path.parent}")
    return parsed.set(database=str(path))


def _engine(url: URL) -> Engine:
    name = url.drivername
    arguments: dict[str, Any] = {}
    if name.startswith("sqlite"):
        arguments = {"check_same_thread": False, "timeout": _LOOK}
    elif name.startswith("postgresql"):
        arguments = {"connect_timeout": CONNECT_TIMEOUT}
    try:
        engine = create_engine(
            url, poolclass=NullPool, hide_parameters=True, connect_args=arguments
        )
    except NoSuchModuleError:
        raise BadParameters(f"url: there is no kind of database {name!r}") from None
    except ModuleNotFoundError as error:
        raise NodeFailed(f"url: the driver of {name} is not installed: {error}") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _leave_transactions_to_us)
    return engine


def _leave_transactions_to_us(connection: Any, _record: Any) -> None:
    connection.isolation_level = None


def _wait_for_begin(connection: Connection, context: Context, *, writes: bool) -> None:
    """Have the transaction begin with SQLite's write lock, waiting where it can be stopped."""
    if connection.dialect.name != "sqlite":
        return
    deadline = monotonic() + LOCK_PATIENCE
    stopped = threading.Event()
    context.on_stop(stopped.set)

    def begin(opened: Connection) -> None:
        while True:
            try:
                opened.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
            except OperationalError as error:
                if not any(sign in str(error.orig) for sign in _BUSY) or monotonic() > deadline:
                    raise
                if stopped.wait(_LOOK):
                    raise Interrupted("stopped") from None
            else:
                opened.exec_driver_sql(f"PRAGMA busy_timeout = {LOCK_PATIENCE * 1000:.0f}")
                return

    event.listen(connection, "begin", begin)


@contextmanager
def _interrupted_by(context: Context, connection: Connection) -> Iterator[None]:
    """Interrupt what the database does in this block once the node is stopped."""
    driver = connection.connection.driver_connection
    interrupt = getattr(driver, "cancel_safe", None) or getattr(driver, "interrupt", None)
    ended = threading.Event()

    def interrupt_until_ended() -> None:
        while interrupt is not None and not ended.is_set():
            interrupt()
            ended.wait(_LOOK)  # again: between two statements there is nothing to interrupt

    interrupter = threading.Thread(target=interrupt_until_ended, daemon=True)
    context.on_stop(interrupter.start)
    try:
        yield
    finally:
        ended.set()
        if interrupter.ident is not None:
            interrupter.join()
