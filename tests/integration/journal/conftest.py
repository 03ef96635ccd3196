"""An execution whose lease is ours, and a journal of it."""

from collections.abc import Iterator

import pytest

from everyrun.store.database import Database
from tests.integration.journal.executions import CountingJournal, Ours, finished, started
from tests.support.facts import NOON


@pytest.fixture
def ours(database: Database) -> Ours:
    """On each database in turn."""
    return Ours(database)


@pytest.fixture
def journal(ours: Ours) -> Iterator[CountingJournal]:
    """A journal of ``ours`` that has begun it with a node execution that is settled."""
    first = ours.node()
    with ours.journal() as opened:
        opened.commit([ours.began(), started(first)], NOON)
        opened.commit([finished(first)], NOON)
        yield opened
