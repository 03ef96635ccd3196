"""Which nodes are drawn, and how they hang together."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from everyrun.cli.node_tree import (
    arrange,
    label,
    marked_slowest,
    slowest,
    summary_of,
    troubled,
)
from everyrun.domain.status import Status
from everyrun.domain.views.nodes import EarlierAttempt, NodeSummary

BEGAN = datetime(2026, 11, 20, tzinfo=UTC)


def node(
    id_: str, parent: str | None = None, seconds: float | None = 1.0, **given: Any
) -> NodeSummary:
    values: dict[str, Any] = {
        "id": id_,
        "node": id_,
        "node_type": None,
        "status": Status.COMPLETED,
        "attempts": 1,
        "execution_order": None,
        "parent_node_execution_id": parent,
        "iteration": None,
        "started_at": BEGAN,
        "ended_at": None if seconds is None else BEGAN + timedelta(seconds=seconds),
        "duration_seconds": seconds,
        "progress_current": None,
        "progress_total": None,
        "progress_message": None,
        "error": None,
        "lost_reason": None,
    }
    return NodeSummary(**values | given)


def drawn(nodes: list[NodeSummary], *args: Any, **kwargs: Any) -> list[str]:
    return [
        row.guide
        + (
            row.node.id
            if row.node
            else f"try {row.attempt.attempt}"
            if row.attempt
            else f"{row.hidden.total()} more"
        )
        for row in arrange(nodes, *args, **kwargs)
    ]


def test_nodes_hang_under_those_that_ran_them() -> None:
    nodes = [node("a"), node("b", "a"), node("c", "b"), node("d", "a"), node("e")]

    assert ["├─ a", "│  ├─ b", "│  │  └─ c", "│  └─ d", "└─ e"] == drawn(nodes)


def test_a_node_whose_parent_is_unknown_stands_at_the_root() -> None:
    assert ["└─ a"] == drawn([node("a", "gone")])


def test_earlier_attempts_stand_under_their_node_before_its_children() -> None:
    attempt = EarlierAttempt(
        node_execution_id="a",
        attempt=1,
        status="failed",
        started_at=None,
        ended_at=None,
        duration_seconds=None,
        error=None,
    )

    assert ["└─ a", "   │  try 1", "   └─ b"] == drawn([node("a"), node("b", "a")], None, [attempt])


def test_hidden_nodes_are_counted_with_all_that_is_under_them() -> None:
    nodes = [node("a"), node("b"), node("c", "b"), node("d", "c"), node("e")]

    assert ["├─ a", "└─ 4 more"] == drawn(nodes, {"a"})


def test_hidden_nodes_are_not_counted_where_only_failures_are_wanted() -> None:
    assert ["└─ a"] == drawn([node("a"), node("b")], {"a"}, count_hidden=False)


def test_a_tree_of_ten_thousand_levels_is_drawn() -> None:
    nodes = [node("0"), *(node(str(n), str(n - 1)) for n in range(1, 10_000))]

    assert 10_000 == len(arrange(nodes))


def test_trouble_keeps_what_is_around_it() -> None:
    nodes = [
        node("fine"),
        node("outer"),
        node("inner", "outer"),
        node("broken", "inner", status=Status.FAILED),
        node("beside", "inner"),
    ]

    assert {"outer", "inner", "broken"} == troubled(nodes)


def test_a_loop_is_told_apart_by_its_iterations() -> None:
    assert ["turn[3]", "turn"] == [label(node("turn", iteration="3")), label(node("turn"))]


def test_a_node_that_only_waits_for_others_is_not_slow() -> None:
    nodes = [node("outer", seconds=9), node("inner", "outer", 8), node("other", seconds=2)]

    assert ["inner", "other"] == [each.id for each in slowest(nodes, 5)]


def test_what_takes_twice_as_long_as_most_is_marked() -> None:
    nodes = [node(f"usual {n}", seconds=1.0) for n in range(5)]

    assert {"worst": 1, "bad": 2} == marked_slowest(
        [*nodes, node("bad", seconds=2.0), node("worst", seconds=7.0), node("ok", seconds=1.9)]
    )


def test_nothing_is_marked_where_all_are_alike() -> None:
    assert {} == marked_slowest([node(f"usual {n}", seconds=1.0) for n in range(5)])


def test_two_nodes_are_too_few_to_compare() -> None:
    assert {} == marked_slowest([node("a", seconds=1.0), node("b", seconds=99.0)])


def test_a_summary_keeps_the_failed_the_running_and_the_slowest() -> None:
    nodes = [node(str(n)) for n in range(1_000)]
    nodes[500] = node("500", status=Status.FAILED)
    nodes[600] = node("600", status=Status.RUNNING, seconds=None)
    nodes[700] = node("700", seconds=60.0)

    kept = summary_of(nodes)

    assert {"500", "600", "700"} <= kept
    assert len(kept) <= 30


def test_a_summary_of_failures_alone_stays_a_summary() -> None:
    nodes = [node(str(n), status=Status.FAILED) for n in range(5_000)]

    assert len(summary_of(nodes)) <= 200


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=30))
def test_every_node_is_either_drawn_or_counted(shape: list[tuple[int, bool]]) -> None:
    nodes = [
        node(str(number), str(parent) if parent < number else None)
        for number, (parent, _) in enumerate(shape)
    ]
    kept = {str(number) for number, (_, keep) in enumerate(shape) if keep}
    kept |= {each.id for each in nodes if each.parent_node_execution_id is None}

    rows = arrange(nodes, _closed(nodes, kept))

    assert len(nodes) == sum(1 if row.node else row.hidden.total() for row in rows)


def _closed(nodes: list[NodeSummary], kept: set[str]) -> set[str]:
    """Those of ``kept`` whose parents are kept as well."""
    closed: set[str] = set()
    for each in nodes:
        parent = each.parent_node_execution_id
        if each.id in kept and (parent is None or parent in closed):
            closed.add(each.id)
    return closed
