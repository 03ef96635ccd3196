"""The graphs that are measured."""

from benchmarks.graph_runs.definitions import Work, definition_of, empty_node, sleeping_node
from benchmarks.graph_runs.shapes import chain, fan
from everyrun.domain.graph import Edge


def test_a_chain_is_one_after_the_other() -> None:
    assert {"n0": (), "n1": ("n0",), "n2": ("n1",)} == chain(3)


def test_a_fan_opens_and_closes() -> None:
    assert {"first": (), "n1": ("first",), "n2": ("first",), "last": ("n1", "n2")} == fan(4)


def test_a_definition_has_the_edges_asked_for() -> None:
    definition = definition_of("x", chain(2), lambda _key: empty_node(Work.THREAD))

    assert [] == definition.nodes["n0"].needs
    assert [Edge(node="n0")] == definition.nodes["n1"].needs


def test_empty_nodes_differ_in_where_they_are_done() -> None:
    types = {work: empty_node(work).type for work in Work}

    assert {Work.THREAD: "python", Work.TASK: "python", Work.AT_ONCE: "set"} == types


def test_a_sleeping_node_says_how_long() -> None:
    assert {"seconds": 1.5} == sleeping_node(1.5).parameters["arguments"]
