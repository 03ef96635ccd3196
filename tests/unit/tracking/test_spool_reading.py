"""Reading: torn tails are no events, damage costs no more than its segment, the mark holds."""

from pathlib import Path

from everyrun.tracking.spool.framing import frame, framed_size
from everyrun.tracking.spool.marks import Mark
from tests.support.spools import open_spool, read_abandoned

PAYLOADS = [b"first", b"second, longer", b"third"]


def _abandon(path: Path, payloads: list[bytes], *, segment_bytes: int = 1 << 16) -> None:
    spool = open_spool(path, segment_bytes=segment_bytes)
    for payload in payloads:
        spool.writer.append(payload)
    spool.close()


def test_a_tail_torn_at_any_byte_is_ignored_when_its_process_is_gone(tmp_path: Path) -> None:
    for kept in range(framed_size(PAYLOADS[-1])):
        path = tmp_path / str(kept)
        _abandon(path, PAYLOADS)
        segment = path / "00000001.seg"
        whole = segment.read_bytes()
        segment.write_bytes(whole[: len(whole) - framed_size(PAYLOADS[-1]) + kept])

        found, backlog = read_abandoned(path)

        assert (PAYLOADS[:-1], []) == (found, backlog.damaged)


def test_damage_at_any_byte_costs_no_more_than_the_rest_of_its_segment(tmp_path: Path) -> None:
    sizes = list(map(framed_size, PAYLOADS))
    for place in range(sum(sizes)):
        path = tmp_path / str(place)
        _abandon(path, PAYLOADS)
        segment = path / "00000001.seg"
        data = bytearray(segment.read_bytes())
        data[place] ^= 0xFF
        segment.write_bytes(data)
        (path / "00000002.seg").write_bytes(frame(b"of the next segment"))
        intact = sum(sum(sizes[: index + 1]) <= place for index in range(len(sizes)))

        found, _ = read_abandoned(path)

        assert [*PAYLOADS[:intact], b"of the next segment"] == found


def test_a_damaged_segment_is_kept_for_a_person_to_look_at(tmp_path: Path) -> None:
    _abandon(tmp_path / "spool", PAYLOADS)
    segment = tmp_path / "spool" / "00000001.seg"
    data = bytearray(segment.read_bytes())
    data[-1] ^= 0xFF
    segment.write_bytes(data)

    _, backlog = read_abandoned(tmp_path / "spool")

    assert [segment.with_name("00000001.seg.corrupt")] == backlog.damaged
    assert bytes(data) == backlog.damaged[0].read_bytes()


def test_damage_in_a_segment_in_use_moves_the_writer_on(tmp_path: Path) -> None:
    spool = open_spool(tmp_path / "spool")
    spool.writer.append(b"one")
    data = bytearray(spool.directory.segment(1).read_bytes())
    data[-1] ^= 0xFF
    with spool.directory.segment(1).open("r+b") as segment:
        segment.write(data)
    nothing = spool.read_all()
    spool.writer.append(b"two")
    found = spool.read_all()
    spool.close()

    assert ([], [b"two"]) == (nothing, found)
    assert 1 == len(spool.directory.damaged())


def test_a_segment_in_use_is_read_no_further_than_its_last_whole_frame(tmp_path: Path) -> None:
    spool = open_spool(tmp_path / "spool")
    spool.writer.append(b"one")
    with spool.directory.segment(1).open("ab") as segment:
        segment.write(frame(b"two")[:5])
    found = spool.read_all()
    spool.close()

    assert ([b"one"], []) == (found, spool.directory.damaged())


def test_an_adopter_goes_on_at_the_mark(tmp_path: Path) -> None:
    spool = open_spool(tmp_path / "spool")
    for payload in PAYLOADS:
        spool.writer.append(payload)
    spool.backlog.acknowledge(spool.backlog.peek(1, 1000))
    spool.close()

    found, _ = read_abandoned(tmp_path / "spool")

    assert PAYLOADS[1:] == found


def test_an_unreadable_mark_ships_everything_again(tmp_path: Path) -> None:
    spool = open_spool(tmp_path / "spool")
    for payload in PAYLOADS:
        spool.writer.append(payload)
    spool.read_all()
    spool.close()
    (tmp_path / "spool" / "state").write_bytes(b"\xff" * 64)

    found, _ = read_abandoned(tmp_path / "spool")

    assert PAYLOADS == found


def test_a_part_of_what_was_peeked_can_be_acknowledged(tmp_path: Path) -> None:
    spool = open_spool(tmp_path / "spool")
    for payload in PAYLOADS:
        spool.writer.append(payload)
    peeked = spool.backlog.peek(3, 1000)
    spool.backlog.acknowledge(peeked[:2])
    rest = spool.backlog.peek(3, 1000)
    spool.close()

    assert (PAYLOADS, PAYLOADS[2:]) == (peeked, rest)


def test_one_call_reads_no_more_bytes_than_asked_for_but_at_least_one_event(tmp_path: Path) -> None:
    spool = open_spool(tmp_path / "spool")
    for payload in (b"a" * 100, b"b" * 100, b"c" * 5000):
        spool.writer.append(payload)
    sizes = []
    while payloads := spool.backlog.peek(10, 150):
        spool.backlog.acknowledge(payloads)
        sizes.append([len(each) for each in payloads])
    spool.close()

    assert [[100], [100], [5000]] == sizes


def test_a_segment_that_somebody_removed_is_passed_over(tmp_path: Path) -> None:
    _abandon(tmp_path / "spool", PAYLOADS, segment_bytes=1)
    (tmp_path / "spool" / "00000002.seg").unlink()

    found, _ = read_abandoned(tmp_path / "spool")

    assert [PAYLOADS[0], PAYLOADS[2]] == found


def test_the_mark_is_behind_the_last_segment_when_all_is_read(tmp_path: Path) -> None:
    _abandon(tmp_path / "spool", PAYLOADS)

    _, backlog = read_abandoned(tmp_path / "spool")

    assert (Mark(2, 0), []) == (backlog.mark, backlog.directory.segments())
