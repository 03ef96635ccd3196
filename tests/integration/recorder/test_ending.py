"""The end of a process: it waits a while for shipping, never for ever, and leaves the rest."""

from pathlib import Path

from everyrun.testing.memory_sink import MemorySink
from everyrun.tracking.settings import Settings
from everyrun.tracking.spool.adoption import adopt
from everyrun.tracking.spool.layout import spool_directories, spools_of
from tests.integration.recorder import programs
from tests.support.file_sink import read_events
from tests.support.lines import numbers
from tests.support.programs import run

HERE = programs.__name__


def _spools(settings: Settings) -> int:
    return len(spool_directories(spools_of(settings.home, settings.url)))


def test_the_end_of_the_process_ships_everything(settings: Settings, tmp_path: Path) -> None:
    run(HERE, "record_and_end", settings.home, tmp_path / "ledger", 3_000)

    assert list(range(3_000)) == numbers(read_events(tmp_path / "ledger"))
    assert 0 == _spools(settings)


def test_what_is_recorded_while_the_process_ends_is_shipped(
    settings: Settings, tmp_path: Path
) -> None:
    run(HERE, "record_while_ending", settings.home, tmp_path / "ledger")

    assert [0, 1] == numbers(read_events(tmp_path / "ledger"))


def test_what_is_recorded_after_the_end_waits_in_the_spool(
    settings: Settings, sink: MemorySink, tmp_path: Path
) -> None:
    run(HERE, "record_after_the_end", settings.home, tmp_path / "ledger")
    adopt(settings, sink)

    assert [0] == numbers(read_events(tmp_path / "ledger"))
    assert [1] == numbers(sink.read())


def test_a_ledger_that_hangs_does_not_keep_the_process(
    settings: Settings, sink: MemorySink
) -> None:
    run(HERE, "end_with_a_hanging_ledger", settings.home)
    adopt(settings, sink)

    assert [0] == numbers(sink.read())


def test_where_no_thread_can_start_flushing_ships_in_the_callers(
    settings: Settings, tmp_path: Path
) -> None:
    flushed = run(HERE, "record_where_no_thread_can_start", settings.home, tmp_path / "ledger")

    assert flushed is True
    assert [0] == numbers(read_events(tmp_path / "ledger"))
    assert 0 == _spools(settings)
