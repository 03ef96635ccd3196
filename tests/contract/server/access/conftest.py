"""A server whose time stands still until a test moves it."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from everyrun.server.access.passwords import Passwords
from everyrun.server.settings import ServerSettings
from everyrun.store.database import Database
from everyrun.testing.hand_clock import HandClock
from tests.support.served import Served, serve

CHEAP = PasswordHasher(time_cost=1, memory_cost=1_024, parallelism=1)


@pytest.fixture
def clock() -> HandClock:
    """The server's clock."""
    return HandClock()


@pytest.fixture
def served(database: Database, clock: HandClock) -> Iterator[Served]:
    """On each database in turn: a real server over an empty ledger."""
    with serve(database, ServerSettings(), clock) as running:
        running.server.passwords = Passwords(CHEAP)
        yield running
