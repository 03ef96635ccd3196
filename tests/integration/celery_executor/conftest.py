"""The engine of workers on each database, its workers threads of the test's process."""

from collections.abc import Iterator

import pytest

import everyrun
from everyrun.store.database import Database
from everyrun.workflows.celery.engine import CeleryEngine
from everyrun.workflows.settings import EngineSettings
from tests.support import graph_functions
from tests.support.threaded_workers import threaded_workers

QUICK = EngineSettings(poll_seconds=0.02, lease_seconds=5, cancel_grace=0.2)


@pytest.fixture
def engine(database: Database) -> Iterator[CeleryEngine]:
    """An engine whose nodes run elsewhere; user code records into the same ledger."""
    graph_functions.reset()
    everyrun.configure(url=database.url.render_as_string(hide_password=False))
    with threaded_workers(database, QUICK) as made:
        yield made
    everyrun.configure()
