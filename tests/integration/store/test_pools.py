"""Connections that are in use while their ledger is closed."""

import sqlite3
from typing import Any

import psycopg
from sqlalchemy import text

from everyrun.store.database import Database


def _driver(connection: Any) -> Any:
    return connection.connection.driver_connection


def _is_open(driver: Any) -> bool:
    try:
        driver.execute("SELECT 1")
    except (sqlite3.ProgrammingError, psycopg.OperationalError):
        return False
    return True


def test_what_is_in_use_while_the_ledger_is_closed_is_closed_after_use(database: Database) -> None:
    with database.reading() as connection:
        driver = _driver(connection)
        database.close()
        assert 1 == connection.scalar(text("SELECT 1"))

    assert not _is_open(driver)


def test_a_ledger_that_was_closed_keeps_the_connections_that_it_opens_anew(
    database: Database,
) -> None:
    database.close()
    with database.reading() as connection:
        first = _driver(connection)
    with database.reading() as connection:
        assert first is _driver(connection)

    assert _is_open(first)
