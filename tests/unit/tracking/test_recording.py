"""The process's current recorder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from everyrun.domain.errors import SettingsError
from everyrun.testing.memory_sink import MemorySink
from everyrun.tracking import recording
from everyrun.tracking.recorder import Recorder, SilentRecorder
from everyrun.tracking.settings import Settings
from tests.support.lines import line, numbers


@pytest.fixture(autouse=True)
def _no_current_recorder() -> Iterator[None]:
    before = recording.use(None)
    yield
    ours = recording.use(before)
    if ours is not None:
        ours.close()


def test_it_is_made_of_the_environment_and_kept(own_home: Path) -> None:
    recorder = recording.current()

    assert own_home == recorder.settings.home
    assert recorder is recording.current()


def test_asking_for_it_leaves_nothing_on_the_disk(own_home: Path) -> None:
    recording.current()

    assert not own_home.exists()


def test_a_variable_that_cannot_work_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVERYRUN_FLUSH_INTERVAL", "soon")

    assert 0.2 == recording.current().settings.flush_interval


def test_configuring_replaces_it() -> None:
    before = recording.current()
    recording.configure(flush_interval=0.5)

    assert recording.current() is not before
    assert 0.5 == recording.current().settings.flush_interval


def test_a_configuration_that_cannot_work_changes_nothing() -> None:
    before = recording.current()
    with pytest.raises(SettingsError):
        recording.configure(flush_interval="soon")

    assert before is recording.current()


def test_configuring_ships_what_was_recorded_before(own_home: Path) -> None:
    sink = MemorySink()
    recording.use(Recorder(Settings(home=own_home), sink=sink))
    recording.current().record(line(1))
    recording.configure(flush_interval=0.5)

    assert [1] == numbers(sink.read())


def test_when_it_is_switched_off_nothing_is_recorded(
    monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    monkeypatch.setenv("EVERYRUN_DISABLED", "1")
    recorder = recording.current()
    recorder.record(line(1))

    assert isinstance(recorder, SilentRecorder)
    assert not own_home.exists()
    assert recording.flush() is True


def test_flushing_before_anything_was_recorded_makes_no_recorder() -> None:
    assert recording.flush() is True
    assert recording.use(None) is None
