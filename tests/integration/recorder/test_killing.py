"""Killed with -9 at any moment, a process loses nothing that it was promised."""

import random
from collections import Counter
from pathlib import Path

import pytest

from everyrun.domain.events import RecorderGone
from everyrun.testing.memory_sink import MemorySink
from everyrun.tracking.settings import Settings
from everyrun.tracking.spool.adoption import adopt
from everyrun.tracking.spool.layout import spool_directories, spools_of
from tests.integration.recorder import programs
from tests.support.file_sink import read_batches
from tests.support.lines import declared_drops, numbers
from tests.support.programs import start


def _record_and_kill(settings: Settings, ledger: str, *, after: int, limit: int) -> list[int]:
    """The numbers of the events whose ``record()`` had returned when the process was killed."""
    program = start(programs.__name__, "record_until_killed", settings.home, ledger, limit)
    with program as process:
        assert process.stdout is not None
        returned = [int(process.stdout.readline()) for _ in range(after)]
        process.kill()
        rest = process.stdout.read()
    *whole, _ = rest.split("\n")
    return returned + [int(each) for each in whole]


@pytest.mark.parametrize("round_number", range(4))
def test_every_event_whose_recording_returned_reaches_the_ledger_once(
    settings: Settings, sink: MemorySink, tmp_path: Path, round_number: int
) -> None:
    after = random.Random(round_number).randrange(1, 3_000)
    ledger = tmp_path / "ledger"

    returned = _record_and_kill(settings, str(ledger), after=after, limit=1 << 28)
    adopt(settings, sink)
    for recorder, events in read_batches(ledger):
        sink.write(recorder, [programs.encoded(event) for event in events])

    times = Counter(numbers(sink.read()))
    assert set() == set(returned) - times.keys()
    assert {1} == set(times.values())
    assert [] == spool_directories(spools_of(settings.home, settings.url))


def test_a_killed_process_is_reported_as_gone(settings: Settings, sink: MemorySink) -> None:
    returned = _record_and_kill(settings, programs.NOWHERE, after=10, limit=1 << 28)
    adopted = adopt(settings, sink)

    *lines, gone = sink.read()
    (recorder,) = sink.recorders.values()
    assert isinstance(gone, RecorderGone)
    assert f"process {recorder.pid} on {recorder.host} ended without a report" in gone.reason
    assert set(returned) <= set(numbers(lines))
    assert (1, len(lines)) == (adopted.spools, adopted.events)


def test_a_process_killed_with_a_full_spool_is_known_to_have_dropped_events(
    settings: Settings, sink: MemorySink
) -> None:
    returned = _record_and_kill(settings, programs.NOWHERE, after=500, limit=20_000)
    adopt(settings, sink)

    kept = numbers(sink.read())
    dropped = declared_drops(sink.read())
    # The last event may have been recorded or dropped without the test hearing of it.
    assert len(returned) <= len(kept) + dropped <= len(returned) + 1
