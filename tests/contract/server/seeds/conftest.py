"""The seeds' own clients, talking to a real server."""

import pytest

from everyrun.domain.roles import Role
from tests.support.seed_clients import ScriptClient
from tests.support.served import Served


@pytest.fixture
def scripts(served: Served) -> ScriptClient:
    """The client of seeds 000 and 001."""
    return ScriptClient(served.client(Role.ADMIN))
