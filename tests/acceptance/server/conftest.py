"""A server as it is started: a process on a port, over a ledger of the test's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.server_processes import ServerProcess

Serve = Callable[..., ServerProcess]


@pytest.fixture
def serve(own_home: Path) -> Iterator[Serve]:
    """Makes servers over a ledger's address; those that still run are killed at the end."""
    made: list[ServerProcess] = []

    def make(url: str, *arguments: str, **more: object) -> ServerProcess:
        server = ServerProcess(url, own_home, *arguments, **more)  # type: ignore[arg-type] # theirs
        made.append(server)
        return server

    yield make
    for server in made:
        server.__exit__()
