"""What the payload tests share: no test leaves a secret registered."""

from collections.abc import Iterator

import pytest

from everyrun.domain.payloads.registering import REGISTRY


@pytest.fixture(autouse=True)
def forgotten_secrets() -> Iterator[None]:
    yield
    REGISTRY.clear()
