"""What lies in the spools: seen from outside, dropped only when nobody uses it."""

from pathlib import Path

import pytest

from everyrun.domain.errors import SinkUnavailable
from everyrun.testing.memory_sink import MemorySink
from everyrun.tracking.settings import Settings
from everyrun.tracking.spool.adoption import adopt
from everyrun.tracking.spool.inventory import SpoolInUse, drop, inventory
from tests.integration.recorder import programs
from tests.integration.recorder.conftest import MakeRecorder
from tests.support.lines import line
from tests.support.programs import run

HERE = programs.__name__


def test_an_empty_home_has_no_spools(settings: Settings) -> None:
    assert [] == inventory(settings)


def test_a_living_recorders_spool_is_described(
    make_recorder: MakeRecorder, sink: MemorySink
) -> None:
    recorder = make_recorder(spool_limit=2_000, segment_bytes=700)
    sink.fail()
    for number in range(20):
        recorder.record(line(number))
    (entry,) = inventory(recorder.settings)

    assert entry == recorder.status()
    assert (recorder.info, True, f"sqlite:///{recorder.settings.home}/everyrun.db") == (
        entry.recorder,
        entry.alive,
        entry.destination,
    )
    assert (20, line(0).at) == (entry.unacknowledged_events + entry.dropped, entry.oldest_at)
    assert entry.segments > 1
    assert 1_000 < entry.unacknowledged_bytes <= 2_000
    assert (recorder.dropped, 0, 0) == (entry.dropped, entry.rejected, entry.damaged)


def test_what_is_shipped_is_no_longer_counted(make_recorder: MakeRecorder) -> None:
    recorder = make_recorder()
    recorder.record(line(1))
    assert recorder.flush() is True
    status = recorder.status()

    assert status is not None
    assert (0, 0, None) == (
        status.unacknowledged_events,
        status.unacknowledged_bytes,
        status.oldest_at,
    )


def test_an_abandoned_spool_is_described_as_such(settings: Settings) -> None:
    run(HERE, "abandon_many", settings.home, 2, 30)

    assert [(False, 30), (False, 30)] == [
        (entry.alive, entry.unacknowledged_events) for entry in inventory(settings)
    ]


def test_an_abandoned_spool_can_be_dropped(settings: Settings, sink: MemorySink) -> None:
    run(HERE, "abandon_many", settings.home, 2, 30)
    first, second = inventory(settings)
    drop(first)
    drop(first)
    adopt(settings, sink)

    assert {second.recorder.id} == sink.recorders.keys()
    assert not Path(first.path).exists()


def test_a_spool_in_use_cannot_be_dropped(make_recorder: MakeRecorder, sink: MemorySink) -> None:
    recorder = make_recorder()
    sink.fail()
    recorder.record(line(1))
    (entry,) = inventory(recorder.settings)
    with pytest.raises(SpoolInUse):
        drop(entry)
    sink.recover()

    assert recorder.flush() is True


def test_a_half_shipped_spool_counts_from_its_mark(settings: Settings) -> None:
    run(HERE, "abandon_many", settings.home, 1, 30)
    written: list[int] = []

    def on_write(events: object) -> None:
        if written:
            raise SinkUnavailable
        written.append(1)

    with pytest.raises(SinkUnavailable):
        adopt(Settings(home=settings.home, batch_events=12), MemorySink(on_write=on_write))

    assert [18] == [entry.unacknowledged_events for entry in inventory(settings)]


def test_spools_of_every_ledger_are_listed(
    make_recorder: MakeRecorder, own_home: Path, sink: MemorySink
) -> None:
    sink.fail()
    for url in ("https://ada:pw@one.example", "https://two.example?token=pw"):
        make_recorder(url=url).record(line(1))

    assert ["https://ada@one.example", "https://two.example?token=***"] == [
        entry.destination for entry in inventory(Settings(home=own_home))
    ]
