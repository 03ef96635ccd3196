"""Appending: whatever the disk, a signal or Ctrl+C does, whole frames stay readable."""

import errno
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.events import RecorderDropped, decode
from everyrun.tracking.spool.framing import framed_size
from everyrun.tracking.spool.marks import SpoolState
from everyrun.tracking.spool.writing import SpoolVanished
from tests.support.spools import FailingDisk, OpenSpool, open_spool


@pytest.fixture
def disk() -> FailingDisk:
    return FailingDisk()


@pytest.fixture
def spool(tmp_path: Path, disk: FailingDisk) -> Iterator[OpenSpool]:
    spool = open_spool(tmp_path / "spool", disk=disk)
    yield spool
    spool.close()


def _drops(payload: bytes) -> int:
    event = decode(payload)
    assert isinstance(event, RecorderDropped)
    return event.count


def test_what_was_appended_is_read_in_order(spool: OpenSpool) -> None:
    for payload in (b"one", b"two", b"three"):
        spool.writer.append(payload)

    assert [b"one", b"two", b"three"] == spool.read_all()


def test_the_bytes_are_in_the_file_when_append_returns(spool: OpenSpool) -> None:
    spool.writer.append(b"one")

    assert spool.directory.segment(1).read_bytes().endswith(b"one")


def test_nothing_is_made_before_the_first_event(spool: OpenSpool) -> None:
    assert [] == spool.directory.segments()


def test_a_short_write_is_completed(spool: OpenSpool, disk: FailingDisk) -> None:
    spool.writer.append(b"one")
    disk.deeds = [disk.short(5), disk.short(2)]
    spool.writer.append(b"two")
    spool.writer.append(b"three")

    assert [b"one", b"two", b"three"] == spool.read_all()
    assert 0 == spool.writer.dropped


def test_a_short_write_on_a_full_disk_is_undone_and_counted(
    spool: OpenSpool, disk: FailingDisk
) -> None:
    spool.writer.append(b"one")
    disk.deeds = [disk.short(5), disk.refuse(errno.ENOSPC)]
    spool.writer.append(b"two")
    size = spool.directory.segment(1).stat().st_size
    spool.writer.append(b"three")

    assert framed_size(b"one") == size
    *kept, told = spool.read_all()
    assert ([b"one", b"three"], 1) == (kept, _drops(told))


def test_a_drop_is_in_the_state_file_at_once(spool: OpenSpool, disk: FailingDisk) -> None:
    spool.writer.append(b"one")
    disk.deeds = [disk.refuse(errno.ENOSPC), disk.refuse(errno.ENOSPC)]
    spool.writer.append(b"two")

    assert 1 == SpoolState.read_from(spool.directory.state).dropped


def test_the_first_event_on_a_full_disk_is_counted(spool: OpenSpool, disk: FailingDisk) -> None:
    disk.deeds = [disk.refuse(errno.EDQUOT)] * 2
    spool.writer.append(b"one")

    assert 1 == spool.writer.dropped


@pytest.mark.parametrize("reason", [errno.EFBIG, errno.EIO, errno.EBADF, errno.ESTALE])
def test_a_segment_that_takes_no_more_is_left_for_a_new_one(
    spool: OpenSpool, disk: FailingDisk, reason: int
) -> None:
    spool.writer.append(b"one")
    disk.deeds = [disk.refuse(reason)] * 2
    spool.writer.append(b"two")
    spool.writer.append(b"three")

    assert 0 == spool.writer.dropped
    assert [b"one", b"two", b"three"] == spool.read_all()


def test_a_signal_handler_may_append_in_the_middle_of_an_append(
    spool: OpenSpool, disk: FailingDisk
) -> None:
    spool.writer.append(b"one")
    disk.deeds = [disk.meanwhile(lambda: spool.writer.append(b"from the handler"))]
    spool.writer.append(b"two")
    spool.writer.append(b"three")

    assert sorted([b"one", b"two", b"three", b"from the handler"]) == sorted(spool.read_all())


def test_what_a_signal_handler_overtook_counts_as_used(spool: OpenSpool, disk: FailingDisk) -> None:
    disk.deeds = [disk.meanwhile(lambda: spool.writer.append(b"from the handler"), disk.short(5))]
    spool.writer.append(b"one")
    sizes = sum(spool.directory.segment(each).stat().st_size for each in (1, 2))

    assert sizes == spool.writer.used()


def test_a_signal_handler_may_append_in_the_middle_of_the_first_append(
    spool: OpenSpool, disk: FailingDisk
) -> None:
    disk.deeds = [disk.meanwhile(lambda: spool.writer.append(b"from the handler"))]
    spool.writer.append(b"one")
    spool.writer.append(b"two")

    assert sorted([b"one", b"two", b"from the handler"]) == sorted(spool.read_all())


def test_undoing_a_write_leaves_what_a_signal_handler_appended_meanwhile(
    spool: OpenSpool, disk: FailingDisk
) -> None:
    spool.writer.append(b"one")
    disk.deeds = [
        disk.meanwhile(lambda: spool.writer.append(b"from the handler"), disk.short(5)),
        disk.meanwhile(lambda: None),
        disk.refuse(errno.ENOSPC),
    ]
    spool.writer.append(b"two")

    assert {b"one", b"from the handler"} == set(spool.read_all()[:2])
    assert 1 == spool.writer.dropped


def test_half_a_frame_that_ctrl_c_left_behind_hides_nothing(
    spool: OpenSpool, disk: FailingDisk
) -> None:
    spool.writer.append(b"one")
    disk.deeds = [disk.interrupt(5)]
    with pytest.raises(KeyboardInterrupt):
        spool.writer.append(b"two")
    spool.writer.append(b"three")

    assert [b"one", b"three"] == spool.read_all()


def test_a_whole_frame_is_kept_when_ctrl_c_came_right_after_it(
    spool: OpenSpool, disk: FailingDisk
) -> None:
    spool.writer.append(b"one")
    disk.deeds = [disk.interrupt(1000)]
    with pytest.raises(KeyboardInterrupt):
        spool.writer.append(b"two")
    spool.writer.append(b"three")

    assert [b"one", b"two", b"three"] == spool.read_all()


def test_past_the_limit_events_are_dropped_and_counted_exactly(tmp_path: Path) -> None:
    spool = open_spool(tmp_path / "spool", limit=10 * framed_size(b"0123"))
    for _ in range(25):
        spool.writer.append(b"0123")
    before = spool.writer.dropped
    kept = spool.read_all()
    spool.writer.append(b"4567")
    *after, told = spool.read_all()
    spool.close()

    assert (15, [b"0123"] * 10) == (before, kept)
    assert ([b"4567"], 15) == (after, _drops(told))


def test_an_event_larger_than_the_whole_spool_is_counted(tmp_path: Path) -> None:
    spool = open_spool(tmp_path / "spool", limit=100)
    spool.writer.append(b"x" * 200)
    spool.close()

    assert 1 == spool.writer.dropped


def test_acknowledged_bytes_make_room_within_a_segment(tmp_path: Path) -> None:
    spool = open_spool(tmp_path / "spool", limit=3 * framed_size(b"0123"))
    for _ in range(20):
        spool.writer.append(b"0123")
        spool.read_all()
    spool.close()

    assert 0 == spool.writer.dropped


def test_drops_are_told_once_there_is_room_even_when_nothing_more_is_recorded(
    spool: OpenSpool, disk: FailingDisk
) -> None:
    disk.deeds = [disk.refuse(errno.ENOSPC)] * 2
    spool.writer.append(b"one")
    spool.writer.declare_drops()
    spool.writer.declare_drops()

    assert [1] == [_drops(told) for told in spool.read_all()]


def test_a_full_segment_is_followed_by_another(tmp_path: Path) -> None:
    spool = open_spool(tmp_path / "spool", segment_bytes=3 * framed_size(b"0123"))
    for _ in range(10):
        spool.writer.append(b"0123")
    numbers = spool.directory.segments()
    found = spool.read_all()
    left = spool.directory.segments()
    spool.close()

    assert ([1, 2, 3, 4], [4]) == (numbers, left)
    assert [b"0123"] * 10 == found


def test_an_event_larger_than_a_segment_has_one_of_its_own(tmp_path: Path) -> None:
    spool = open_spool(tmp_path / "spool", segment_bytes=64)
    written = [b"a" * 20, b"b" * 5000, b"c" * 20]
    for payload in written:
        spool.writer.append(payload)
    found = spool.read_all()
    spool.close()

    assert written == found


def test_a_waiting_reader_is_woken_once(tmp_path: Path) -> None:
    rings: list[str] = []
    spool = open_spool(tmp_path / "spool", wake=lambda: rings.append("ring"))
    spool.writer.reader_waits = True
    spool.writer.append(b"one")
    spool.writer.append(b"two")
    spool.close()

    assert ["ring"] == rings


def test_appending_to_a_spool_that_was_given_up_is_told_apart(spool: OpenSpool) -> None:
    spool.writer.append(b"one")
    spool.writer.close()

    with pytest.raises(SpoolVanished):
        spool.writer.append(b"two")


deeds = st.sampled_from(["fine", "short", "full", "broken", "interrupted", "overtaken"])


@given(st.lists(st.tuples(deeds, st.integers(1, 40)), max_size=30), st.integers(30, 400))
def test_every_event_is_kept_or_counted_whatever_happens(
    plan: list[tuple[str, int]], segment_bytes: int
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        disk = FailingDisk()
        spool = open_spool(Path(directory) / "spool", disk=disk, segment_bytes=segment_bytes)
        promised: set[bytes] = set()
        uncertain: set[bytes] = set()
        for number, (deed, size) in enumerate(plan):
            payload = b"%d " % number + b"x" * size
            nested = b"nested " + payload
            disk.deeds = {
                "fine": [],
                "short": [disk.short(size)],
                "full": [disk.short(size % 8), disk.refuse(errno.ENOSPC)],
                "broken": [disk.refuse(errno.EIO)] * 2,
                "interrupted": [disk.interrupt(size)],
                "overtaken": [disk.meanwhile(partial(spool.writer.append, nested))],
            }[deed]
            uncertain.add(payload)
            with suppress(KeyboardInterrupt):
                spool.writer.append(payload)
                uncertain.discard(payload)
                promised.add(payload)
            if deed == "overtaken":
                promised.add(nested)
            disk.deeds = []
        spool.writer.append(b"the last")
        found = [each for each in spool.read_all() if b"recorder.dropped" not in each]
        dropped = spool.writer.dropped
        spool.close()

    assert len(set(found)) == len(found)
    assert set(found) <= promised | uncertain | {b"the last"}
    assert dropped == len(promised | {b"the last"}) - len(set(found) - uncertain)
