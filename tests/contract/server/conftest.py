"""A server for each test, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from everyrun.store.database import Database
from tests.support.served import Served, serve


@pytest.fixture
def served(database: Database) -> Iterator[Served]:
    """On each database in turn: a real server over an empty ledger."""
    with serve(database) as running:
        yield running
