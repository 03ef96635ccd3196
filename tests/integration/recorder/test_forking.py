"""Forked children record as themselves; parents go on as if nothing had happened."""

from pathlib import Path

import pytest

from everyrun.testing.memory_sink import MemorySink
from everyrun.tracking.settings import Settings
from everyrun.tracking.spool.adoption import adopt
from everyrun.tracking.spool.layout import spool_directories, spools_of
from tests.integration.recorder import programs
from tests.support.file_sink import read_batches, read_events
from tests.support.lines import numbers
from tests.support.programs import run, start

HERE = programs.__name__


def test_children_forked_in_the_middle_of_recording_record_as_themselves(
    settings: Settings, tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger"
    parent, recorded, dropped = run(HERE, "fork_while_recording", settings.home, ledger, 15)
    sink = MemorySink()
    adopt(settings, sink)
    for recorder, events in read_batches(ledger):
        sink.write(recorder, [programs.encoded(event) for event in events])

    by_recorder = {each: sorted(numbers(sink.read_from(each))) for each in sink.recorders}
    assert list(range(recorded)) == by_recorder.pop(parent)
    assert 0 == dropped
    assert [
        [1_000_000 + child * 100 + number for number in range(10)] for child in range(15)
    ] == sorted(by_recorder.values())


def test_several_threads_may_fork_at_once(
    settings: Settings, sink: MemorySink, tmp_path: Path
) -> None:
    dropped = run(HERE, "fork_from_several_threads", settings.home, tmp_path / "ledger")
    adopt(settings, sink)

    forked = [part * 100 + number for part in range(4) for number in range(15)]
    recorded = numbers(read_events(tmp_path / "ledger")) + numbers(sink.read())
    assert 0 == dropped
    assert forked + [1_000 + number for number in forked] == sorted(recorded)


def test_a_forked_child_ships_by_itself(settings: Settings, tmp_path: Path) -> None:
    exit_code = run(HERE, "flush_in_a_forked_child", settings.home, tmp_path / "ledger")

    batches = read_batches(tmp_path / "ledger")
    assert 0 == exit_code
    assert [0, 1] == sorted(numbers(read_events(tmp_path / "ledger")))
    assert 2 == len({recorder.pid for recorder, _ in batches})


def test_a_parents_spool_is_free_although_its_child_lives(
    settings: Settings, sink: MemorySink
) -> None:
    with start(HERE, "die_before_the_child", settings.home) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.wait()
        adopt(settings, sink)
        left = spool_directories(spools_of(settings.home, settings.url))
        process.communicate("go on\n")

    assert [0] == numbers(sink.read())
    assert 1 == len(left)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_the_children_of_multiprocessing_ship_before_they_end(
    settings: Settings, tmp_path: Path, method: str
) -> None:
    run(HERE, "record_in_children", settings.home, tmp_path / "ledger", method)

    assert list(range(20)) == sorted(numbers(read_events(tmp_path / "ledger")))
    assert [] == spool_directories(spools_of(settings.home, settings.url))
