"""Delivering: around what the ledger will never take, and nothing acknowledged before it is in."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from everyrun.domain.clock import SystemClock
from everyrun.domain.errors import EventRejected, SinkUnavailable
from everyrun.domain.events import RecorderInfo, encode
from everyrun.testing.memory_sink import MemorySink
from everyrun.tracking.spool.delivering import Delivery, Rejects, read_rejected
from everyrun.tracking.spool.marks import SpoolState
from tests.support.lines import line, numbers
from tests.support.spools import OpenSpool, open_spool

RECORDER = RecorderInfo(id="01890000-0000-7000-8000-00000000000a", host="h", pid=1, started_at=0)
EVENTS = [encode(line(number)) for number in range(10)]


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[OpenSpool]:
    spool = open_spool(tmp_path / "spool")
    for event in EVENTS:
        spool.writer.append(event)
    yield spool
    spool.close()


def _delivery(spool: OpenSpool, *, limit: int = 1 << 20) -> Delivery:
    rejects = Rejects(spool.directory, spool.state, SystemClock(), limit=limit)
    return Delivery(spool.backlog, rejects, RECORDER, batch_events=4, batch_bytes=1 << 20)


def _deliver_all(delivery: Delivery, sink: MemorySink) -> None:
    while delivery.deliver_next(sink):
        pass


def _rejecting(*bad: int, position: Callable[[int], int] = lambda place: place) -> MemorySink:
    def on_write(events: Sequence[bytes]) -> None:
        for place, event in enumerate(events):
            if event in [EVENTS[number] for number in bad]:
                raise EventRejected(position(place), "too blue")

    return MemorySink(on_write=on_write)


def test_batches_are_no_larger_than_asked_for(spool: OpenSpool) -> None:
    sink = MemorySink()
    _deliver_all(_delivery(spool), sink)

    assert (list(range(10)), [4, 4, 2]) == (numbers(sink.read()), sink.batches)


@pytest.mark.parametrize("bad", [(0,), (3,), (9,), (4, 5), (0, 1, 2, 3), tuple(range(10))])
def test_everything_but_the_rejected_events_is_delivered(
    spool: OpenSpool, bad: tuple[int, ...]
) -> None:
    sink = _rejecting(*bad)
    _deliver_all(_delivery(spool), sink)

    assert [number for number in range(10) if number not in bad] == numbers(sink.read())
    rejected = read_rejected(spool.directory)
    assert [EVENTS[number] for number in bad] == [each.event for each in rejected]
    assert {"too blue"} == {each.reason for each in rejected}
    assert len(bad) == SpoolState.read_from(spool.directory.state).rejected


@pytest.mark.parametrize("nonsense", [-1, 99])
def test_a_sink_that_points_nowhere_still_gets_the_good_events(
    spool: OpenSpool, nonsense: int
) -> None:
    sink = _rejecting(6, position=lambda _: nonsense)
    _deliver_all(_delivery(spool), sink)

    assert [0, 1, 2, 3, 4, 5, 7, 8, 9] == numbers(sink.read())
    assert [EVENTS[6]] == [each.event for each in read_rejected(spool.directory)]


def test_nothing_is_acknowledged_while_the_sink_is_away(spool: OpenSpool) -> None:
    sink = MemorySink()
    sink.fail()
    delivery = _delivery(spool)
    with pytest.raises(SinkUnavailable):
        delivery.deliver_next(sink)
    sink.recover()
    _deliver_all(delivery, sink)

    assert list(range(10)) == numbers(sink.read())


def test_rejected_events_are_counted_beyond_the_room_that_is_kept_for_them(
    spool: OpenSpool,
) -> None:
    delivery = _delivery(spool, limit=1)
    _deliver_all(delivery, _rejecting(2, 5, 7))

    assert (3, 1) == (delivery.rejects.count, len(read_rejected(spool.directory)))
