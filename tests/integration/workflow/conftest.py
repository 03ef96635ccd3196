"""An engine on each database."""

from collections.abc import Iterator

import pytest

import everyrun
from everyrun.store.database import Database
from everyrun.workflows.running import Engine
from everyrun.workflows.settings import EngineSettings
from tests.support import graph_functions

QUICK = EngineSettings(poll_seconds=0.02, lease_seconds=5, cancel_grace=0.2)


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    """An engine that looks for requests often; user code records into the same ledger."""
    graph_functions.reset()
    everyrun.configure(url=database.url.render_as_string(hide_password=False))
    made = Engine(database, QUICK)
    yield made
    made.close()
    everyrun.configure()
