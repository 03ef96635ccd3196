"""The list scheduler that makespans are measured against."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.graph_runs.list_scheduling import (
    critical_path,
    least_makespan,
    list_schedule,
    longest_path_first,
    paths_behind,
)

DIAMOND: dict[str, tuple[str, ...]] = {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")}
SECONDS = {"a": 1.0, "b": 2.0, "c": 5.0, "d": 3.0}


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[str, tuple[str, ...]], dict[str, float]]:
    """Up to nine tasks with edges from earlier to later ones, and whole seconds each."""
    count = draw(st.integers(1, 9))
    parents = {
        f"t{number}": tuple(
            f"t{earlier}" for earlier in range(number) if draw(st.integers(0, 3)) == 0
        )
        for number in range(count)
    }
    return parents, {task: float(draw(st.integers(0, 9))) for task in parents}


def equal(parents: dict[str, tuple[str, ...]]) -> dict[str, float]:
    """A second each: what is assumed of a graph that never ran."""
    return dict.fromkeys(parents, 1.0)


def test_one_worker_does_one_after_the_other() -> None:
    schedule = list_schedule(DIAMOND, SECONDS, 1, longest_path_first(DIAMOND, equal(DIAMOND)))

    assert {"a": 0.0, "b": 1.0, "c": 3.0, "d": 8.0} == schedule.starts
    assert 11.0 == schedule.makespan


def test_two_workers_share_what_is_ready() -> None:
    schedule = list_schedule(DIAMOND, SECONDS, 2, longest_path_first(DIAMOND, equal(DIAMOND)))

    assert {"a": 0.0, "b": 1.0, "c": 1.0, "d": 6.0} == schedule.starts
    assert 9.0 == schedule.makespan


def test_the_longest_path_goes_first_when_asked() -> None:
    parents = {"short": (), "long": (), "after": ("long",)}
    seconds = {"short": 4.0, "long": 1.0, "after": 5.0}
    schedule = list_schedule(parents, seconds, 1, longest_path_first(parents, seconds))

    assert {"long": 0.0, "after": 1.0, "short": 6.0} == schedule.starts


def test_of_equals_goes_first_what_was_ready_first() -> None:
    parents = {"late": ("begin",), "begin": (), "early": ()}
    seconds = {"late": 1.0, "begin": 1.0, "early": 1.0}
    schedule = list_schedule(parents, seconds, 1, longest_path_first(parents, seconds))

    assert {"begin": 0.0, "early": 1.0, "late": 2.0} == schedule.starts


def test_the_longest_path_behind_each_task() -> None:
    assert {"a": 9.0, "b": 5.0, "c": 8.0, "d": 3.0} == paths_behind(DIAMOND, SECONDS)
    assert 9.0 == critical_path(DIAMOND, SECONDS)
    assert 11.0 == least_makespan(DIAMOND, SECONDS, 1)


def test_a_parent_that_is_named_twice_counts_once() -> None:
    parents = {"a": (), "b": ("a", "a")}
    seconds = {"a": 1.0, "b": 1.0}

    assert 2.0 == list_schedule(parents, seconds, 2, longest_path_first(parents, seconds)).makespan
    assert 2.0 == critical_path(parents, seconds)


def test_tasks_that_wait_in_a_circle_are_refused() -> None:
    parents = {"a": ("b",), "b": ("a",)}
    seconds = {"a": 1.0, "b": 1.0}

    with pytest.raises(ValueError, match="circle"):
        list_schedule(parents, seconds, 1, lambda _task, ready_at: (ready_at,))
    with pytest.raises(ValueError, match="circle"):
        critical_path(parents, seconds)


@given(graph=graphs(), workers=st.integers(1, 4), known=st.booleans())
def test_a_schedule_is_legal_and_never_idle_without_need(
    graph: tuple[dict[str, tuple[str, ...]], dict[str, float]], workers: int, known: bool
) -> None:
    parents, seconds = graph
    order = longest_path_first(parents, seconds if known else equal(parents))
    schedule = list_schedule(parents, seconds, workers, order)
    ends = {task: schedule.starts[task] + seconds[task] for task in parents}

    assert max(ends.values()) == schedule.makespan
    assert all(
        ends[parent] <= schedule.starts[task]
        for task, needed in parents.items()
        for parent in needed
    )
    assert all(
        workers >= sum(schedule.starts[task] <= moment < ends[task] for task in parents)
        for moment in schedule.starts.values()
    )
    # Graham's bound for list schedules, whatever the order.
    assert schedule.makespan <= sum(seconds.values()) / workers + critical_path(parents, seconds)
    assert least_makespan(parents, seconds, workers) <= schedule.makespan


@given(graph=graphs())
def test_the_critical_path_is_the_longest_of_all_paths(
    graph: tuple[dict[str, tuple[str, ...]], dict[str, float]],
) -> None:
    parents, seconds = graph
    chains = (
        chain
        for length in range(1, len(parents) + 1)
        for chain in itertools.combinations(parents, length)
    )
    lengths = [
        sum(seconds[task] for task in chain)
        for chain in chains
        if all(before in parents[after] for before, after in itertools.pairwise(chain))
    ]

    assert max(lengths) == critical_path(parents, seconds)
