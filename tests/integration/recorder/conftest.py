"""What the tests of real recorders share."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from everyrun.testing.memory_sink import MemorySink
from everyrun.tracking import trouble
from everyrun.tracking.recorder import Recorder
from everyrun.tracking.settings import Settings

MakeRecorder = Callable[..., Recorder]


@pytest.fixture
def sink() -> MemorySink:
    """The ledger."""
    return MemorySink()


@pytest.fixture
def settings(own_home: Path) -> Settings:
    """An empty home, and no waiting."""
    return Settings(home=own_home, flush_interval=0.001, flush_at_exit=5.0)


@pytest.fixture
def make_recorder(own_home: Path, sink: MemorySink) -> Iterator[MakeRecorder]:
    """Makes recorders into the ledger, and closes them."""
    made: list[Recorder] = []

    def make(**overrides: Any) -> Recorder:
        given: dict[str, Any] = {
            "home": own_home,
            "flush_interval": 0.001,
            "flush_at_exit": 5.0,
        } | overrides
        recorder = Recorder(Settings(**given), sink=sink)
        made.append(recorder)
        return recorder

    yield make
    sink.on_write = None
    sink.recover()
    for recorder in made:
        recorder.close()


@pytest.fixture
def recorder(make_recorder: MakeRecorder) -> Recorder:
    """A recorder into the ledger."""
    return make_recorder()


@pytest.fixture(autouse=True)
def _nothing_told_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each kind of trouble is told once a process; here once a test."""
    monkeypatch.setattr(trouble, "_told", set())
