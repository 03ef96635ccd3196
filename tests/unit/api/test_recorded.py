"""``everyrun.testing.recorded``: what our users test with."""

import pytest

import everyrun
from everyrun.domain.events import ExecutionStarted
from everyrun.testing import HandClock, recorded
from everyrun.tracking import recording


@everyrun.workflow
def send_invoice(number: int) -> None: ...


def test_the_one_execution_can_be_asked_for() -> None:
    with recorded() as runs:
        send_invoice(7)

        assert "send_invoice" == runs.one().name
    assert "send_invoice" == runs.one("send_invoice").name
    assert 1 == len(runs)


@pytest.mark.parametrize(
    ("calls", "sentence"),
    [
        (0, "expected one execution, not 0; recorded: nothing"),
        (2, "expected one execution, not 2; recorded: send_invoice, send_invoice"),
    ],
)
def test_none_or_several_are_an_error_that_tells_what_there_is(calls: int, sentence: str) -> None:
    with recorded() as runs:
        for number in range(calls):
            send_invoice(number)

    with pytest.raises(AssertionError, match=sentence):
        runs.one()
    with pytest.raises(AssertionError, match="expected one execution of 'other'"):
        runs.one("other")
    assert calls == len(runs.all("send_invoice"))


def test_a_node_that_is_not_there_is_an_error_that_tells_which_are() -> None:
    with recorded() as runs, everyrun.execution("import") as run, run.node("load"):
        pass

    with pytest.raises(AssertionError, match="expected one node 'save', not 0; there are: load"):
        runs.one().node("save")


def test_afterwards_recording_goes_on_as_before() -> None:
    before = recording.use(None)
    try:
        with recorded():
            inside = recording.current()
        outside = recording.use(before)
    finally:
        recording.use(before)

    assert outside is not inside


def test_inside_an_execution_that_is_on_record_it_begins_anew() -> None:
    with recorded() as outer_runs, everyrun.execution("outer") as outer:
        with recorded() as runs:
            send_invoice(1)
        assert outer == everyrun.current_execution()

    assert runs.one().parent_execution_id is None
    assert ["outer"] == [run.name for run in outer_runs]


def test_events_are_as_the_ledger_reads_them() -> None:
    with recorded(HandClock()) as runs:
        send_invoice(7)

    first = runs.events[0]
    assert isinstance(first, ExecutionStarted)
    assert {"number": 7} == first.input


def test_a_clock_is_moved_by_hand() -> None:
    clock = HandClock()
    noon = clock.now()

    clock.forward(minutes=5, milliseconds=1)

    assert noon + 300_001_000 == clock.now()


def test_what_could_not_be_recorded_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="1 things could not be recorded"), recorded():
        recording.current().swallowed += 1


def test_an_error_in_the_block_is_not_hidden_by_another() -> None:
    with pytest.raises(ValueError, match="own"), recorded():  # noqa: PT012
        recording.current().swallowed += 1
        raise ValueError("own")
