"""Cutting off what takes too long to answer, so that the database stays quick for others."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from everyrun.domain.errors import QueryTooSlow

STEPS_BETWEEN_LOOKS = 20_000
"""Steps of SQLite's machine between two looks at the time: about a millisecond."""

PLANNING = "everyrun_planning"
"""Under this name a connection's ``info`` has the planner settings of a limited transaction.

They last until it ends, so that what is read next under the same ones need not send them again.
"""

_CANCELLED_SQLSTATE = "57014"


@contextmanager
def limited(connection: Connection, seconds: float) -> Iterator[None]:
    """Within, what takes longer than ``seconds`` ends in :class:`QueryTooSlow`.

    On PostgreSQL each statement has so long, on SQLite all that is read within. To be entered
    before the transaction begins; the connection is as before afterwards.
    """
    limit = _on_postgresql if connection.dialect.name == "postgresql" else _on_sqlite
    with limit(connection, seconds):
        yield


@contextmanager
def _on_postgresql(connection: Connection, seconds: float) -> Iterator[None]:
    import psycopg

    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    info = connection.info  # held on to: a connection that broke has another afterwards
    milliseconds = max(1, round(seconds * 1000))
    # Together, past the driver, which would send its own BEGIN first: a round trip less.
    begun = driver.pgconn.exec_(b"BEGIN; SET LOCAL statement_timeout = %d" % milliseconds)
    if begun.status != psycopg.pq.ExecStatus.COMMAND_OK:
        error = psycopg.OperationalError(begun.error_message.decode("utf-8", "replace"))
        raise DBAPIError.instance(
            None, None, error, psycopg.Error, connection_invalidated=True
        ) from error
    info[PLANNING] = None
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _CANCELLED_SQLSTATE:
            raise QueryTooSlow from error
        raise
    finally:
        info.pop(PLANNING, None)


@contextmanager
def _on_sqlite(connection: Connection, seconds: float) -> Iterator[None]:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    deadline = monotonic() + seconds
    driver.set_progress_handler(lambda: monotonic() > deadline, STEPS_BETWEEN_LOOKS)
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise QueryTooSlow from error
        raise
    finally:
        driver.set_progress_handler(None, 0)
