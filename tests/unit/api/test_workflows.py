"""Decorated functions that are executions."""

import inspect
import pickle
from decimal import Decimal

import pytest

import everyrun
from everyrun.domain.status import Status
from everyrun.testing import HandClock, Runs


@everyrun.workflow
def send_invoice(number: int, copy_to: str = "") -> str:
    """Send one invoice."""
    return f"sent {number}"


class Invoices:
    @everyrun.workflow
    def send(self, number: int) -> int:
        return number

    @everyrun.workflow
    @classmethod
    def count(cls, first: int) -> int:
        return first

    @classmethod
    @everyrun.workflow
    def total(cls, first: int) -> int:
        return first

    @everyrun.workflow
    @staticmethod
    def price(number: int) -> int:
        return number

    @staticmethod
    @everyrun.workflow
    def tax(number: int) -> int:
        return number


def test_a_call_is_an_execution(runs: Runs, clock: HandClock) -> None:
    @everyrun.workflow
    def import_rows(count: int) -> int:
        clock.forward(seconds=3)
        return count

    import_rows(7)

    run = runs.one()
    assert "import_rows" == run.name
    assert "function" == run.kind
    assert Status.COMPLETED == run.status
    assert "manual" == run.trigger
    assert {"count": 7} == run.input
    assert 7 == run.output
    assert run.error is None
    assert run.started_at is not None
    assert run.ended_at == run.started_at + 3_000_000


def test_the_caller_gets_what_the_function_returned_itself(runs: Runs) -> None:
    result = object()

    @everyrun.workflow
    def answer() -> object:
        return result

    assert result is answer()


def test_an_output_that_is_false_is_kept(runs: Runs) -> None:
    @everyrun.workflow
    def give(value: object) -> object:
        return value

    values: list[object] = [{}, [], 0, "", False]
    for value in values:
        give(value)

    assert [{}, [], 0, "", False] == [run.output for run in runs]


def test_arguments_are_recorded_as_they_were_at_the_call(runs: Runs) -> None:
    @everyrun.workflow
    def empty(rows: list[int]) -> None:
        rows.clear()

    empty([1, 2, 3])

    assert {"rows": [1, 2, 3]} == runs.one().input


def test_arguments_are_named_however_they_are_given(runs: Runs) -> None:
    @everyrun.workflow
    def call(first: int, /, second: int, *more: int, only: int, **rest: int) -> None: ...

    call(1, 2, 3, 4, only=5, other=6)

    expected = {"first": 1, "second": 2, "*args": [3, 4], "only": 5, "other": 6}
    assert expected == runs.one().input


def test_values_that_are_no_json_come_back_equal(runs: Runs) -> None:
    @everyrun.workflow
    def pay(amount: Decimal) -> Decimal:
        return amount * 2

    pay(Decimal("1.10"))

    assert {"amount": Decimal("1.10")} == runs.one().input
    assert Decimal("2.20") == runs.one().output


def test_the_object_of_a_method_is_no_input(runs: Runs) -> None:
    Invoices().send(1)
    Invoices.count(2)
    Invoices.total(3)
    Invoices().price(4)
    Invoices.tax(5)

    names = ["Invoices.send", "Invoices.count", "Invoices.total", "Invoices.price", "Invoices.tax"]
    assert names == [run.name for run in runs]
    inputs = [{"number": 1}, {"first": 2}, {"first": 3}, {"number": 4}, {"number": 5}]
    assert inputs == [run.input for run in runs]
    assert [1, 2, 3, 4, 5] == [run.output for run in runs]


def test_name_tags_and_kind_can_be_chosen(runs: Runs) -> None:
    @everyrun.workflow(name="Nightly import", tags=["nightly", "import", "nightly"], kind="job")
    def run_it() -> None: ...

    run_it()

    run = runs.one("Nightly import")
    assert "job" == run.kind
    assert ["nightly", "import"] == run.tags


def test_one_text_is_one_tag(runs: Runs) -> None:
    @everyrun.workflow(tags="nightly")
    def run_it() -> None: ...

    run_it()

    assert ["nightly"] == runs.one().tags


def test_a_name_of_a_closure_leaves_out_where_it_was_made(runs: Runs) -> None:
    @everyrun.workflow
    def inner() -> None: ...

    inner()

    assert "inner" == runs.one().name


def test_a_workflow_inside_another_is_linked_to_it(runs: Runs) -> None:
    @everyrun.workflow
    def inner() -> None: ...

    @everyrun.node
    def step() -> None:
        inner()

    @everyrun.workflow
    def outer() -> None:
        inner()
        step()

    outer()

    parent = runs.one("outer")
    first, second = runs.all("inner")
    assert [parent.id, parent.id] == [first.parent_execution_id, second.parent_execution_id]
    assert first.parent_node_execution_id is None
    assert parent.node("step").id == second.parent_node_execution_id
    assert ["parent", "parent"] == [first.trigger, second.trigger]


def test_each_call_of_a_recursion_is_an_execution_of_its_own(runs: Runs) -> None:
    @everyrun.workflow
    def count_down(number: int) -> int:
        return number and count_down(number - 1)

    count_down(3)

    found = runs.all("count_down")
    assert [3, 2, 1, 0] == [run.input["number"] for run in found]
    assert [None, *(run.id for run in found[:-1])] == [run.parent_execution_id for run in found]


def test_who_started_it_is_on_record(runs: Runs) -> None:
    send_invoice(1)

    metadata = runs.one().metadata
    assert metadata is not None
    assert metadata["triggered_by"]


def test_a_decorated_function_is_still_itself() -> None:
    assert "send_invoice" == send_invoice.__name__
    assert "Send one invoice." == send_invoice.__doc__
    assert __name__ == send_invoice.__module__
    assert ["number", "copy_to"] == list(inspect.signature(send_invoice).parameters)
    assert "sent 3" == inspect.unwrap(send_invoice)(3)
    assert send_invoice is pickle.loads(pickle.dumps(send_invoice))


def test_each_kind_of_function_stays_what_it_is() -> None:
    @everyrun.workflow
    async def coroutine() -> None: ...

    @everyrun.workflow
    def generator() -> object:
        yield

    @everyrun.workflow
    async def async_generator() -> object:
        yield

    assert inspect.iscoroutinefunction(coroutine)
    assert inspect.isgeneratorfunction(generator)
    assert inspect.isasyncgenfunction(async_generator)
    assert not inspect.iscoroutinefunction(send_invoice)


def test_what_is_no_function_cannot_be_decorated() -> None:
    with pytest.raises(TypeError, match="decorate functions and methods"):
        everyrun.workflow(Invoices)
    with pytest.raises(TypeError, match="is no function"):
        everyrun.node(7)  # type: ignore[call-overload]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="pipeline"):

        @everyrun.workflow(kind="pipeline")
        def run_it() -> None: ...


def test_code_that_cannot_be_inspected_can_be_on_record(runs: Runs) -> None:
    biggest = everyrun.workflow(name="biggest")(max)

    assert 3 == biggest(1, 3)
    assert {"*args": [1, 3]} == runs.one("biggest").input
