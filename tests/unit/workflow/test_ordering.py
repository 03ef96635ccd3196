"""The node with the longest way to the end goes first."""

from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.graph import Edge, NodeDefinition
from everyrun.workflows.running.ordering import longest_paths


def node(*needs: str) -> NodeDefinition:
    return NodeDefinition(type="set", needs=[Edge(node=each) for each in needs])


def test_the_longest_way_counts_not_the_shortest() -> None:
    nodes = {"a": node(), "b": node("a"), "c": node("a"), "d": node("b", "c")}
    seconds = {"a": 1.0, "b": 5.0, "c": 2.0, "d": 1.0}

    assert {"a": 7.0, "b": 6.0, "c": 3.0, "d": 1.0} == longest_paths(nodes, seconds)


def test_without_a_record_all_nodes_are_alike() -> None:
    assert {"a": 2.0, "b": 1.0} == longest_paths({"a": node(), "b": node("a")}, {})


def test_a_node_that_is_new_is_taken_for_the_median() -> None:
    nodes = {"a": node(), "b": node(), "c": node(), "new": node()}

    assert 3.0 == longest_paths(nodes, {"a": 1.0, "b": 3.0, "c": 9.0})["new"]


@given(st.integers(1, 30), st.data())
def test_it_is_what_recursion_says(size: int, data: st.DataObject) -> None:
    nodes = {}
    for number in range(size):
        earlier = st.sampled_from([f"n{each}" for each in range(number)] or ["-"])
        needs = data.draw(st.sets(earlier, max_size=3)) if number else set()
        nodes[f"n{number}"] = node(*sorted(needs))
    seconds = {key: float(data.draw(st.integers(0, 9))) for key in nodes}

    def longest(key: str) -> float:
        after = [
            longest(other)
            for other, definition in nodes.items()
            if key in {edge.node for edge in definition.needs}
        ]
        return seconds[key] + max(after, default=0.0)

    lengths = longest_paths(nodes, seconds)

    assert longest("n0") == lengths["n0"]
    assert all(lengths[key] >= seconds[key] for key in nodes)
