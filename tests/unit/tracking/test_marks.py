"""The state file: each value is the old one or the new one, or zero."""

from pathlib import Path

import pytest

from everyrun.tracking.spool.marks import STATE_BYTES, Mark, SpoolState, StateFile
from everyrun.tracking.spool.unyielding import Writes, unyielding_writes, yielding_writes


@pytest.fixture(params=[unyielding_writes, yielding_writes])
def writes(request: pytest.FixtureRequest) -> Writes:
    made: Writes = request.param()
    return made


def test_values_survive_their_process(tmp_path: Path, writes: Writes) -> None:
    state = StateFile.create(tmp_path / "state", writes)
    state.write_mark(Mark(7, 4096))
    state.write_dropped(3)
    state.write_rejected(2)
    state.close()

    assert SpoolState(Mark(7, 4096), 3, 2) == SpoolState.read_from(tmp_path / "state")


def test_a_new_state_is_zero_and_has_its_full_size(tmp_path: Path) -> None:
    StateFile.create(tmp_path / "state", yielding_writes()).close()

    assert STATE_BYTES == (tmp_path / "state").stat().st_size
    assert SpoolState() == SpoolState.read_from(tmp_path / "state")


@pytest.mark.parametrize("place", range(8, 32))
def test_a_damaged_mark_reads_as_zero_and_leaves_the_counts(tmp_path: Path, place: int) -> None:
    state = StateFile.create(tmp_path / "state", yielding_writes())
    state.write_mark(Mark(0x0102030405060708, 0x0102030405060708))
    state.write_dropped(3)
    state.close()
    data = bytearray((tmp_path / "state").read_bytes())
    data[place] ^= 0xFF
    unused = place >= 28

    found = SpoolState.from_bytes(bytes(data))

    assert (
        Mark(0, 0) if not unused else Mark(0x0102030405060708, 0x0102030405060708)
    ) == found.mark
    assert 3 == found.dropped


def test_a_state_file_that_was_cut_short_reads_as_zero() -> None:
    assert SpoolState() == SpoolState.from_bytes(b"evrs")


def test_a_write_to_a_closed_state_says_why(tmp_path: Path, writes: Writes) -> None:
    state = StateFile.create(tmp_path / "state", writes)
    state.close()

    with pytest.raises(OSError, match="Bad file descriptor"):
        state.write_dropped(1)
