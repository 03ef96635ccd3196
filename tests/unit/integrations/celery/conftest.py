"""What tests of the tests' Celery application share."""

from collections.abc import Iterator

import pytest

from tests.support.celery_application import app


@pytest.fixture
def memory_broker() -> Iterator[None]:
    """A broker in memory, whose messages nobody takes but the test."""
    app.set_current()
    assert "memory://" == app.conf.broker_url
    yield
    app.control.purge()
