"""Followers of the change feed."""

from collections.abc import Callable

import pytest

from everyrun.store.database import Database
from tests.integration.changes.following import Follower


@pytest.fixture
def follow(database: Database) -> Callable[[], Follower]:
    """Begin to follow what changes from now on."""
    return lambda: Follower(database)
