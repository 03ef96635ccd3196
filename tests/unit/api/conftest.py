"""What the tests of the recording API share."""

from collections.abc import Iterator

import pytest

from everyrun.testing import HandClock, Runs, recorded


@pytest.fixture
def clock() -> HandClock:
    """The time that events are told, moved by hand."""
    return HandClock()


@pytest.fixture
def runs(clock: HandClock) -> Iterator[Runs]:
    """What the test puts on record."""
    with recorded(clock) as recorded_runs:
        yield recorded_runs
