"""An execution by what a person types."""

import pytest

from everyrun.domain.errors import AmbiguousId, NotOnRecord
from everyrun.store.database import Database
from everyrun.store.reading.finding import find_execution
from tests.integration.reading.runs import HOUR, NOBODY, Run, tell_runs
from tests.support.facts import NOON


def _find(database: Database, text: str) -> str:
    with database.reading() as connection:
        return find_execution(connection, text)


def test_a_full_id_is_found_in_any_spelling(database: Database) -> None:
    run = Run()
    tell_runs(database, [run])

    assert run.id == _find(database, run.id)
    assert run.id == _find(database, f" {run.id.upper()} ")
    assert run.id == _find(database, run.id.replace("-", ""))


def test_a_beginning_is_enough_when_nothing_else_begins_so(database: Database) -> None:
    run, other = Run(at=NOON), Run(at=NOON + 1000 * HOUR)
    tell_runs(database, [run, other])

    assert run.id == _find(database, run.id[:8])
    assert other.id == _find(database, other.id[:12])


def test_a_beginning_of_several_names_them(database: Database) -> None:
    runs = [Run() for _ in range(7)]
    tell_runs(database, runs)

    with pytest.raises(AmbiguousId, match=f"(?s){runs[-1].id}.* and more; give more of it"):
        _find(database, runs[0].id[:8])


@pytest.mark.parametrize("text", ["", "  ", "019", "zzzz", "%", "____", NOBODY, NOBODY[:9]])
def test_what_names_nothing_is_not_on_record(database: Database, text: str) -> None:
    tell_runs(database, [Run()])

    with pytest.raises(NotOnRecord):
        _find(database, text)


@pytest.mark.parametrize("external_id", ["job 7", "o'clock", "주문-1", NOBODY, "deadbeef", "a\0b"])
def test_an_external_id_is_found(database: Database, external_id: str) -> None:
    run = Run(external_id=external_id.replace("\0", "\\x00"), kind="job")
    tell_runs(database, [run, Run(external_id="another", kind="script")])

    assert run.id == _find(database, external_id)


def test_an_external_id_of_two_kinds_is_ambiguous(database: Database) -> None:
    tell_runs(database, [Run(external_id="7", kind="job"), Run(external_id="7", kind="celery")])

    with pytest.raises(AmbiguousId):
        _find(database, "7")


def test_a_whole_external_id_beats_the_beginning_of_an_id(database: Database) -> None:
    begun = Run()
    called = Run(external_id=begun.id[:9])
    tell_runs(database, [begun, called])

    assert called.id == _find(database, begun.id[:9])
