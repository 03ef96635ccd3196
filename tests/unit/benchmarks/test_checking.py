"""The check that every task ran once and never before its parents."""

from benchmarks.graph_runs.checking import problems_of_order

PARENTS = {"a": (), "b": ("a",)}


def test_a_run_in_order_has_no_problems() -> None:
    assert [] == problems_of_order({"a": [(0, 5)], "b": [(5, 9)]}, PARENTS)


def test_a_task_before_its_parent_is_told() -> None:
    found = problems_of_order({"a": [(0, 5)], "b": [(4, 9)]}, PARENTS)

    assert ["b started before a had ended"] == found


def test_a_task_that_ran_twice_or_never_is_told() -> None:
    found = problems_of_order({"a": [(0, 5), (1, 6)]}, PARENTS)

    assert ["a ran 2 times", "b ran 0 times"] == found
