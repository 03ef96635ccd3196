"""WfCommons 1.5 as a graph of ours."""

from typing import Any

import pytest

from benchmarks.wfcommons import Task, node_key, parse_instance
from everyrun.domain.graph import Edge, NodeDefinition


def instance_of(*edges: tuple[str, str], ids: tuple[str, ...]) -> dict[str, Any]:
    """A file's content: edges stated at both ends, one second a task times its place."""
    tasks = [
        {
            "id": id_,
            "name": "step",
            "parents": [parent for parent, child in edges if child == id_],
            "children": [child for parent, child in edges if parent == id_],
        }
        for id_ in ids
    ]
    ran = [{"id": id_, "runtimeInSeconds": 1.5 * place} for place, id_ in enumerate(ids, start=1)]
    return {"workflow": {"specification": {"tasks": tasks}, "execution": {"tasks": ran}}}


def test_tasks_keep_their_parents_names_and_seconds() -> None:
    plain = instance_of(("a", "b"), ("a", "c"), ("b", "c"), ids=("a", "b", "c"))
    instance = parse_instance(plain, "small")

    assert {
        "a": Task("step", (), 1.5),
        "b": Task("step", ("a",), 3.0),
        "c": Task("step", ("a", "b"), 4.5),
    } == instance.tasks


def test_parents_come_before_their_children_whatever_the_order_in_the_file() -> None:
    instance = parse_instance(instance_of(("b", "a"), ("c", "b"), ids=("a", "b", "c")), "x")

    assert ["c", "b", "a"] == list(instance.tasks)


def test_an_edge_that_one_end_alone_states_counts() -> None:
    plain = instance_of(("a", "b"), ids=("a", "b"))
    plain["workflow"]["specification"]["tasks"][1]["parents"] = []

    assert ("a",) == parse_instance(plain, "x").tasks["b"].parents


@pytest.mark.parametrize(
    ("task_id", "expected"),
    [("mAdd_ID01", "mAdd_ID01"), ("7zip", "_7zip"), ("a.b c", "a_b_c"), ("단계-1", "단계-1")],
)
def test_ids_become_legal_node_keys(task_id: str, expected: str) -> None:
    assert expected == node_key(task_id)


def test_ids_that_become_the_same_key_stay_apart() -> None:
    instance = parse_instance(instance_of(("a.b", "a b"), ids=("a.b", "a b")), "x")

    assert {"a_b": (), "a_b-2": ("a_b",)} == instance.parents


def test_a_parent_that_is_no_task_is_refused() -> None:
    plain = instance_of(ids=("a",))
    plain["workflow"]["specification"]["tasks"][0]["parents"] = ["b"]

    with pytest.raises(ValueError, match="a has the parent b, which is no task"):
        parse_instance(plain, "x")


def test_a_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="circle"):
        parse_instance(instance_of(("a", "b"), ("b", "a"), ids=("a", "b")), "x")


def test_a_definition_has_the_same_edges() -> None:
    instance = parse_instance(instance_of(("a", "b"), ids=("a", "b")), "small")
    definition = instance.as_definition(lambda task: NodeDefinition(type="set"))

    assert "small" == definition.workflow
    assert {
        "a": NodeDefinition(type="set", title="step"),
        "b": NodeDefinition(type="set", title="step", needs=[Edge(node="a")]),
    } == definition.nodes
