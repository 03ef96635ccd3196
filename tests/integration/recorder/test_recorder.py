"""One process, one recorder: kept at once, shipped soon, nothing left behind, nobody hurt."""

import logging
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from everyrun.domain.errors import SinkUnavailable
from everyrun.testing.memory_sink import MemorySink
from everyrun.tracking.background import is_background
from everyrun.tracking.recorder import Recorder
from everyrun.tracking.settings import Settings
from everyrun.tracking.spool.layout import spool_directories, spools_of
from tests.integration.recorder.conftest import MakeRecorder
from tests.support.lines import declared_drops, line, numbers


def _spools(settings: Settings) -> list[Path]:
    return [each.path for each in spool_directories(spools_of(settings.home, settings.url))]


def test_what_is_recorded_arrives_in_order(recorder: Recorder, sink: MemorySink) -> None:
    for number in range(2_000):
        recorder.record(line(number))

    assert recorder.flush() is True
    assert list(range(2_000)) == numbers(sink.read())


def test_it_ships_without_being_asked(recorder: Recorder, sink: MemorySink) -> None:
    recorder.record(line(1))

    assert sink.wait_until(lambda sink: numbers(sink.read()) == [1])


def test_a_recorder_that_is_idle_wakes_for_the_next_event(
    recorder: Recorder, sink: MemorySink
) -> None:
    recorder.record(line(1))
    assert sink.wait_until(lambda sink: len(sink.read()) == 1)
    recorder.record(line(2))

    assert sink.wait_until(lambda sink: numbers(sink.read()) == [1, 2])


def test_nothing_is_made_before_the_first_event(recorder: Recorder, own_home: Path) -> None:
    assert recorder.flush() is True
    assert recorder.status() is None
    assert not own_home.exists()


def test_only_the_owner_may_read_what_is_spooled(recorder: Recorder, own_home: Path) -> None:
    recorder.record(line(1))

    modes = {(each.is_dir(), each.stat().st_mode & 0o777) for each in own_home.rglob("*")}
    assert {(True, 0o700), (False, 0o600)} == modes


def test_a_closed_recorder_leaves_nothing_behind(recorder: Recorder) -> None:
    recorder.record(line(1))

    assert recorder.close() is True
    assert [] == _spools(recorder.settings)


def test_recording_after_closing_starts_over(recorder: Recorder, sink: MemorySink) -> None:
    recorder.record(line(1))
    first = recorder.info.id
    recorder.close()
    recorder.record(line(2))

    assert recorder.flush() is True
    assert [1, 2] == numbers(sink.read())
    assert {first, recorder.info.id} == sink.recorders.keys()


def test_closing_while_others_record_loses_nothing(
    make_recorder: MakeRecorder, sink: MemorySink
) -> None:
    recorder = make_recorder()

    def record(first: int) -> None:
        for number in range(first, first + 15_000):
            recorder.record(line(number))

    threads = [threading.Thread(target=record, args=(part * 15_000,)) for part in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        recorder.close()
    recorder.close()

    assert list(range(45_000)) == sorted(numbers(sink.read()))
    assert (0, 0) == (recorder.dropped, recorder.swallowed)


def test_eight_threads_lose_nothing(make_recorder: MakeRecorder, sink: MemorySink) -> None:
    recorder = make_recorder(segment_bytes=10_000)

    def record(first: int) -> None:
        for number in range(first, first + 1_000):
            recorder.record(line(number))

    threads = [threading.Thread(target=record, args=(part * 1_000,)) for part in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert recorder.flush(20) is True
    assert list(range(8_000)) == sorted(numbers(sink.read()))
    assert 0 == recorder.dropped


def test_an_outage_is_waited_out(recorder: Recorder, sink: MemorySink) -> None:
    sink.fail()
    recorder.record(line(1))
    assert recorder.flush(0.05) is False
    recorder.record(line(2))
    status = recorder.status()
    sink.recover()

    assert recorder.flush(20) is True
    assert [1, 2] == numbers(sink.read())
    assert status is not None and 2 == status.unacknowledged_events
    assert recorder.failures > 0


def test_an_outage_ends_without_anybody_asking(recorder: Recorder, sink: MemorySink) -> None:
    attempts = iter([SinkUnavailable(), RuntimeError("a bug in the sink")])

    def on_write(_: Sequence[bytes]) -> None:
        for error in attempts:
            raise error

    sink.on_write = on_write
    recorder.record(line(1))

    assert sink.wait_until(lambda sink: numbers(sink.read()) == [1])
    assert 2 == recorder.failures


def test_a_rejected_event_does_not_keep_the_others(recorder: Recorder, sink: MemorySink) -> None:
    recorder.record(line(1))
    recorder._append(b"this is no event")
    recorder.record(line(2))

    assert recorder.flush() is True
    assert [1, 2] == numbers(sink.read())
    status = recorder.status()
    assert status is not None and 1 == status.rejected
    recorder.close()
    assert ["rejected"] == [
        each.name for path in _spools(recorder.settings) for each in path.glob("rejected")
    ]


def test_past_its_bound_it_drops_and_tells_exactly_how_many(
    make_recorder: MakeRecorder, sink: MemorySink
) -> None:
    recorder = make_recorder(spool_limit=5_000)
    sink.fail()
    for number in range(100):
        recorder.record(line(number))
    dropped = recorder.dropped
    sink.recover()

    assert recorder.flush(20) is True
    assert 100 - len(numbers(sink.read())) == dropped > 0
    assert sink.wait_until(lambda sink: declared_drops(sink.read()) == dropped)


def test_dropping_is_told_while_it_lasts(
    make_recorder: MakeRecorder, sink: MemorySink, caplog: pytest.LogCaptureFixture
) -> None:
    recorder = make_recorder(spool_limit=1_000)
    sink.fail()
    for number in range(20):
        recorder.record(line(number))
    with caplog.at_level(logging.WARNING, logger="everyrun"):
        assert recorder.flush(0.1) is False
        assert recorder.flush(0.1) is False

    assert 1 == caplog.text.count("events are being dropped and counted: the spool is full")
    assert 1 == caplog.text.count("the ledger does not answer (the ledger is away)")


def test_waiting_without_end_is_a_long_wait(recorder: Recorder, sink: MemorySink) -> None:
    recorder.record(line(1))

    assert recorder.flush(float("inf")) is True
    assert recorder.close(float("inf")) is True


def test_what_cannot_be_encoded_is_counted_and_told_once(
    recorder: Recorder, sink: MemorySink, caplog: pytest.LogCaptureFixture
) -> None:
    unspeakable: Any = object()
    with caplog.at_level(logging.WARNING, logger="everyrun"):
        recorder.record(unspeakable)
        recorder.record(unspeakable)
    recorder.record(line(1))

    assert recorder.flush() is True
    assert (2, 2) == (recorder.swallowed, recorder.dropped)
    assert (["everyrun"], 2) == (
        [each.name for each in caplog.records],
        declared_drops(sink.read()),
    )


def test_a_home_that_cannot_be_made_hurts_nobody_and_is_tried_again(
    make_recorder: MakeRecorder, sink: MemorySink, own_home: Path
) -> None:
    own_home.write_text("in the way")
    recorder = make_recorder()
    recorder.record(line(1))
    recorder.record(line(2))
    dropped = recorder.dropped
    own_home.unlink()
    recorder._next_founding = 0
    recorder.record(line(3))

    assert recorder.flush() is True
    assert (2, 2, [3]) == (dropped, declared_drops(sink.read()), numbers(sink.read()))


def test_a_home_that_is_deleted_is_made_anew(
    make_recorder: MakeRecorder, sink: MemorySink, own_home: Path
) -> None:
    recorder = make_recorder(segment_bytes=1_000)
    recorder.record(line(0))
    assert recorder.flush() is True
    shutil.rmtree(own_home)
    for number in range(1, 50):
        recorder.record(line(number))

    assert recorder.flush() is True
    assert 0 == recorder.swallowed
    # What lay in the home may be lost, or come late: its shipper ends with the batch under way.
    assert {*range(10, 50)} <= {*numbers(sink.read())}
    assert recorder.status() is not None


def test_flushing_what_was_deleted_fails_without_an_exception(
    make_recorder: MakeRecorder, own_home: Path
) -> None:
    recorder = make_recorder(spool_limit=1, flush_interval=60.0)
    recorder.record(line(0))
    shutil.rmtree(own_home)
    flushed = recorder.flush(0.1)
    recorder.close(0.1)

    assert flushed is False


def test_many_threads_may_flush_at_once(make_recorder: MakeRecorder, sink: MemorySink) -> None:
    recorder = make_recorder(batch_events=7)
    answers: list[bool] = []

    def record_and_flush(first: int) -> None:
        for number in range(first, first + 100):
            recorder.record(line(number))
            if number % 10 == 0:
                answers.append(recorder.flush())

    threads = [threading.Thread(target=record_and_flush, args=(part * 100,)) for part in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert recorder.flush() is True
    assert [True] * 60 == answers
    assert list(range(600)) == sorted(numbers(sink.read()))


def test_a_living_recorder_gives_signs_of_life(
    make_recorder: MakeRecorder, sink: MemorySink
) -> None:
    recorder = make_recorder(heartbeat_interval=0.01)
    recorder.record(line(1))

    assert sink.wait_until(lambda sink: sink.batches.count(0) >= 2)
    assert recorder.flush() is True


def test_what_happens_while_shipping_can_be_told_from_the_hosts_doing(
    recorder: Recorder, sink: MemorySink
) -> None:
    seen: list[bool] = []
    sink.on_write = lambda _: seen.append(is_background())
    recorder.record(line(1))

    assert recorder.flush() is True
    assert (True, False) == (seen[0], is_background())


def test_a_sink_that_flushes_does_not_wait_for_itself(recorder: Recorder, sink: MemorySink) -> None:
    answers: list[bool] = []
    sink.on_write = lambda _: answers.append(recorder.flush())
    recorder.record(line(1))

    assert recorder.flush() is True
    assert answers[0] is False


def test_without_an_installed_sink_events_wait_and_it_is_told_once(
    own_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(home=own_home, url="carved://stone", flush_interval=0.001)
    recorder = Recorder(settings)
    with caplog.at_level(logging.WARNING, logger="everyrun"):
        recorder.record(line(1))
        assert recorder.flush(0.2) is False
        assert recorder.flush(0.2) is False
        recorder.close(0.1)

    assert 1 == len(caplog.records)
    assert "nothing installed writes to carved://stone" in caplog.text
    assert 1 == len(_spools(settings))
