"""A graph as a tree."""

from hypothesis import given
from hypothesis import strategies as st

from everyrun.cli.workflow.graph_tree import graph_rows
from everyrun.domain.graph import ALWAYS, FAILURE, Edge, NodeDefinition


def node(*needs: str | Edge, do: dict[str, NodeDefinition] | None = None) -> NodeDefinition:
    edges = [need if isinstance(need, Edge) else Edge(node=need) for need in needs]
    return NodeDefinition(type="set", needs=edges, do=do or {})


def drawn(nodes: dict[str, NodeDefinition]) -> list[str]:
    return [row.guide + ("⟳ " if row.in_body else "") + row.key for row in graph_rows(nodes)]


def test_a_node_stands_below_the_one_it_needs() -> None:
    assert ["├─ a", "│  ├─ b", "│  └─ c", "└─ d"] == drawn(
        {"a": node(), "b": node("a"), "c": node("a"), "d": node()}
    )


def test_a_node_with_several_needs_stands_below_the_one_it_waits_for_longest() -> None:
    nodes = {"a": node(), "b": node("a"), "c": node("a", Edge(node="b", outcome=ALWAYS))}
    rows = graph_rows(nodes)

    assert ["└─ a", "   └─ b", "      └─ c"] == drawn(nodes)
    assert (["b"], ["a"]) == (
        [edge.node for edge in rows[2].edges],
        [edge.node for edge in rows[2].others],
    )


def test_several_outcomes_of_one_node_are_the_edges_it_hangs_on() -> None:
    edges = [Edge(node="a"), Edge(node="a", outcome=FAILURE)]
    _a, b = graph_rows({"a": node(), "b": node(*edges)})

    assert (edges, []) == (b.edges, b.others)


def test_the_body_of_a_loop_comes_before_what_needs_the_loop() -> None:
    loop = node(do={"read": node(), "check": node("read")})

    assert [
        "└─ each",
        "   ├─ ⟳ read",
        "   │  └─ ⟳ check",
        "   └─ after",
    ] == drawn({"each": loop, "after": node("each")})


def test_a_very_deep_graph_is_drawn() -> None:
    nodes = {"n0": node()} | {f"n{i}": node(f"n{i - 1}") for i in range(1, 3_000)}

    assert 3_000 == len(graph_rows(nodes))


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, NodeDefinition]:
    nodes: dict[str, NodeDefinition] = {}
    for number in range(draw(st.integers(1, 25))):
        needs = draw(st.sets(st.sampled_from(list(nodes)), max_size=4)) if nodes else set()
        nodes[f"n{number}"] = node(*sorted(needs))
    shuffled = draw(st.permutations(list(nodes)))
    return {key: nodes[key] for key in shuffled}


@given(graphs())
def test_every_node_is_drawn_once_with_all_its_edges(nodes: dict[str, NodeDefinition]) -> None:
    rows = graph_rows(nodes)

    assert sorted(nodes) == sorted(row.key for row in rows)
    assert all(len(row.edges) + len(row.others) == len(nodes[row.key].needs) for row in rows)
