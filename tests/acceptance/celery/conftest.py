"""One Redis for all of Celery's tests."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.support.celery_processes import Shop
from tests.support.redis_process import RedisProcess

_numbers = count()


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisProcess]:
    """A Redis that nobody else uses."""
    with RedisProcess(tmp_path_factory.mktemp("redis")) as redis:
        yield redis


@pytest.fixture
def shop(redis_server: RedisProcess, tmp_path: Path) -> Shop:
    """The tests' application with databases of its own."""
    return Shop(redis_server, next(_numbers) % 8, tmp_path)
