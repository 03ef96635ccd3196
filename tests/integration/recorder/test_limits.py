"""At the limits: full disks, signals in the middle, floods. Kept or counted, within bounds."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from everyrun.testing.memory_sink import MemorySink
from everyrun.tracking.settings import Settings
from tests.integration.recorder import programs
from tests.integration.recorder.conftest import MakeRecorder
from tests.support.file_sink import read_events
from tests.support.lines import declared_drops, line, numbers
from tests.support.programs import run

HERE = programs.__name__
MIB = 1 << 20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if os.getuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_on_a_full_disk_every_event_is_kept_or_counted(
    small_disk: Path, make_recorder: MakeRecorder, sink: MemorySink
) -> None:
    recorder = make_recorder(home=small_disk, segment_bytes=100_000)
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(MIB // 2))
    sink.fail()
    count = 0
    while recorder.dropped < 500:
        recorder.record(line(count, text="x" * (count % 300)))
        count += 1
    dropped = recorder.dropped
    ballast.unlink()
    recorder.record(line(count))
    sink.recover()

    assert recorder.flush(20) is True
    assert (dropped, 0) == (recorder.dropped, recorder.swallowed)
    assert (count + 1 - dropped, dropped) == (
        len(numbers(sink.read())),
        declared_drops(sink.read()),
    )


def test_past_a_limit_on_file_sizes_every_event_is_kept_or_counted(
    settings: Settings, tmp_path: Path
) -> None:
    dropped = run(
        HERE,
        "record_past_a_file_size_limit",
        settings.home,
        tmp_path / "ledger",
        warns_of="dropped and counted: [Errno 27] File too large",
    )

    events = read_events(tmp_path / "ledger")
    assert (37, 37) == (dropped, declared_drops(events))
    assert [*range(10), *range(47, 50)] == numbers(events)


def test_signal_handlers_and_finalizers_may_record_in_the_middle_of_recording(
    settings: Settings, tmp_path: Path
) -> None:
    recorded, dropped, swallowed = run(
        HERE, "record_in_signal_handlers_and_finalizers", settings.home, tmp_path / "ledger"
    )

    assert sorted(recorded) == sorted(numbers(read_events(tmp_path / "ledger")))
    assert (0, 0) == (dropped, swallowed)


def test_a_flood_that_nobody_takes_stays_on_the_disk(settings: Settings) -> None:
    grown, spooled, dropped = run(HERE, "flood", settings.home, 150_000)

    assert spooled > 30 * MIB
    assert grown < 4 * MIB
    assert 0 == dropped
