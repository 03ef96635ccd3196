"""What a gone process left is shipped in its name, once, by whoever comes first."""

import json
import os
from pathlib import Path

import msgspec
import pytest

from everyrun.domain.errors import SinkUnavailable
from everyrun.domain.events import RecorderGone
from everyrun.testing.memory_sink import MemorySink
from everyrun.tracking.settings import Settings
from everyrun.tracking.spool.adoption import Adopted, adopt
from everyrun.tracking.spool.layout import SpoolDirectory, spool_directories, spools_of
from tests.integration.recorder import programs
from tests.integration.recorder.conftest import MakeRecorder
from tests.support.file_sink import read_events
from tests.support.lines import line, numbers
from tests.support.programs import run, start

HERE = programs.__name__


def _spools(settings: Settings) -> list[SpoolDirectory]:
    return spool_directories(spools_of(settings.home, settings.url))


def _gone(sink: MemorySink) -> list[RecorderGone]:
    return [event for event in sink.read() if isinstance(event, RecorderGone)]


@pytest.fixture
def abandoned(settings: Settings) -> SpoolDirectory:
    """The spool of a process that ended without a word, with 50 events."""
    run(HERE, "abandon_many", settings.home, 1, 50)
    (spool,) = _spools(settings)
    return spool


def test_two_adopters_at_once_ship_everything_exactly_once(
    settings: Settings, tmp_path: Path
) -> None:
    run(HERE, "abandon_many", settings.home, 12, 40)
    ledger = tmp_path / "ledger"
    adopters = [start(HERE, "adopt_when_told", settings.home, ledger) for _ in range(2)]
    for adopter in adopters:
        assert adopter.stdout is not None
        adopter.stdout.readline()
    for adopter in adopters:
        assert adopter.stdin is not None
        adopter.stdin.write("go\n")
        adopter.stdin.flush()
    said = [json.loads(adopter.communicate()[0]) for adopter in adopters]

    expected = [spool * 1_000 + number for spool in range(12) for number in range(40)]
    events = read_events(ledger)
    assert expected == sorted(numbers(events))
    assert 12 == sum(isinstance(event, RecorderGone) for event in events)
    assert [12, 480] == [sum(each) for each in zip(*said, strict=True)]
    assert [] == _spools(settings)


def test_a_living_recorder_adopts_in_the_background(
    abandoned: SpoolDirectory, make_recorder: MakeRecorder, sink: MemorySink
) -> None:
    left_by = abandoned.info().id
    recorder = make_recorder()
    recorder.record(line(99))

    assert sink.wait_until(lambda sink: bool(_gone(sink)))
    assert list(range(50)) == numbers(sink.read_from(left_by))
    assert [99] == numbers(sink.read_from(recorder.info.id))


def test_a_short_process_adopts_before_it_ends(
    abandoned: SpoolDirectory, make_recorder: MakeRecorder, sink: MemorySink
) -> None:
    recorder = make_recorder(flush_interval=60.0)
    recorder.record(line(99))
    recorder.close()

    assert [*range(50), 99] == sorted(numbers(sink.read()))
    assert not abandoned.path.exists()


def test_a_spool_in_use_is_left_alone(
    make_recorder: MakeRecorder, settings: Settings, sink: MemorySink
) -> None:
    recorder = make_recorder(flush_interval=60.0)
    recorder.record(line(1))

    assert Adopted(spools=0, events=0) == adopt(settings, sink)
    assert recorder.close() is True
    assert [1] == numbers(sink.read())


def test_a_process_that_ended_in_order_is_not_reported_as_gone(
    settings: Settings, sink: MemorySink
) -> None:
    away = "the ledger does not answer"
    run(HERE, "record_and_end", settings.home, programs.NOWHERE, 3, warns_of=away)
    closed = _spools(settings)[0].closed.exists()
    adopt(settings, sink)

    assert closed
    assert ([0, 1, 2], []) == (numbers(sink.read()), _gone(sink))


def test_an_adopter_that_is_cut_off_goes_on_where_it_was(
    abandoned: SpoolDirectory, settings: Settings, sink: MemorySink
) -> None:
    batches = iter([None, None, SinkUnavailable()])

    def on_write(_: object) -> None:
        error = next(batches, None)
        if error is not None:
            raise error

    sink.on_write = on_write
    small = Settings(home=settings.home, batch_events=10)
    with pytest.raises(SinkUnavailable):
        adopt(small, sink)
    half_way = numbers(sink.read())
    adopted = adopt(small, sink)

    assert (list(range(20)), 30) == (half_way, adopted.events)
    assert list(range(50)) == numbers(sink.read())


def test_a_spool_that_does_not_say_whose_it_is_is_set_aside(
    abandoned: SpoolDirectory, settings: Settings, sink: MemorySink
) -> None:
    abandoned.recorder.write_bytes(b"\xff not JSON")
    adopt(settings, sink)

    kept = abandoned.path.with_name(abandoned.path.name + ".corrupt")
    assert ([], []) == (sink.read(), _spools(settings))
    assert (kept / "00000001.seg").stat().st_size > 0


def test_another_hosts_spool_is_left_alone_unless_asked_for(
    abandoned: SpoolDirectory, settings: Settings, sink: MemorySink
) -> None:
    elsewhere = msgspec.structs.replace(abandoned.info(), host="elsewhere")
    abandoned.recorder.write_bytes(msgspec.json.encode(elsewhere))
    left_alone = adopt(settings, sink)
    taken = adopt(settings, sink, other_hosts=True)

    assert (0, 50) == (left_alone.events, taken.events)


def test_another_ledgers_spool_is_left_alone(
    abandoned: SpoolDirectory, settings: Settings, sink: MemorySink
) -> None:
    elsewhere = Settings(home=settings.home, url="https://ledger.example")

    assert Adopted(spools=0, events=0) == adopt(elsewhere, sink)
    assert abandoned.path.exists()


def test_what_a_person_may_want_to_see_stays_and_is_not_adopted_again(
    abandoned: SpoolDirectory, settings: Settings, sink: MemorySink
) -> None:
    segment = abandoned.segment(1)
    data = bytearray(segment.read_bytes())
    data[-1] ^= 0xFF
    segment.write_bytes(data)
    first = adopt(settings, sink)
    again = adopt(settings, sink)

    assert (Adopted(spools=1, events=49), Adopted(spools=0, events=0)) == (first, again)
    assert 1 == len(_gone(sink))
    assert 1 == len(abandoned.damaged())


def test_what_was_left_of_a_removal_is_swept(settings: Settings, sink: MemorySink) -> None:
    destination = spools_of(settings.home, settings.url)
    leaving = destination / ".gone-01890000-0000-7000-8000-000000000001"
    young = destination / ".new-01890000-0000-7000-8000-000000000002"
    old = destination / ".new-01890000-0000-7000-8000-000000000003"
    for each in (leaving, young, old):
        each.mkdir(parents=True)
        (each / "lock").touch()
    os.utime(old, (0, 0))
    adopt(settings, sink)

    assert [young] == sorted(destination.iterdir())
