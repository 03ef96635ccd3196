"""A graph written in Python is the definition that a file would have given."""

from pathlib import Path
from typing import Any

import pytest

from everyrun import Graph
from everyrun.domain.graph import (
    Edge,
    InputDefinition,
    InputType,
    Join,
    KeyLimit,
    NodeDefinition,
    Retry,
    RunPolicy,
    WorkflowDefinition,
)
from everyrun.nodes.python import find_function
from everyrun.workflows.building.functions import NoArgument, NotFindable, function_name
from everyrun.workflows.building.nodes import KeyTaken
from everyrun.workflows.problems import Code, InvalidDefinition

HERE = Path(__file__).resolve().parent
GRAPH = Graph("invoices", inputs={"month": str})


@GRAPH.node
def fetch(month: Any = "{{ inputs.month }}", limit: int = 10) -> list[int]:
    return list(range(limit))


@GRAPH.node(retry=2, timeout="30s", key="sum")
def total(rows: Any = fetch) -> int:
    return sum(rows)


def other(value: Any, more: Any = 3, *rest: Any, **named: Any) -> Any:
    return value


def step(value: Any = "x") -> Any:
    return value


def edges(definition: WorkflowDefinition, key: str) -> list[tuple[str, str]]:
    return [(edge.node, edge.outcome) for edge in definition.nodes[key].needs]


def test_functions_are_nodes_that_need_what_they_read() -> None:
    assert (
        WorkflowDefinition(
            workflow="invoices",
            inputs={"month": InputDefinition(type=InputType.STRING)},
            nodes={
                "fetch": NodeDefinition(
                    type="python",
                    parameters={
                        "function": f"{__name__}:fetch",
                        "arguments": {"month": "{{ inputs.month }}"},
                    },
                ),
                "sum": NodeDefinition(
                    type="python",
                    needs=[Edge(node="fetch")],
                    parameters={
                        "function": f"{__name__}:total",
                        "arguments": {"rows": "{{ nodes.fetch.output }}"},
                    },
                    retry=Retry(max_retries=2),
                    timeout=30.0,
                ),
            },
            directory=str(HERE),
        )
        == GRAPH.definition
    )
    assert [] == GRAPH.validate()


def test_a_node_can_be_called_as_the_function_it_is() -> None:
    assert [0, 1, 2] == fetch(limit=3)
    assert 3 == total([1, 2])
    assert "fetch" == fetch.__name__


def test_the_engine_finds_the_function() -> None:
    written = GRAPH.definition.nodes["fetch"].parameters["function"]

    assert [0] == find_function(written, HERE)(limit=1)


def test_everything_that_can_be_said_of_a_workflow_and_a_node_is_taken() -> None:
    graph = Graph(
        "all",
        description="All of it.",
        tags="a",
        inputs={"n": {"type": int, "default": 3}, "o": InputDefinition(type=InputType.LIST)},
        variables={"root": "/data"},
        policy=RunPolicy(timeout=60.0),
        directory="/srv",
    )
    first = graph.add(
        "first",
        "set",
        values={"a": graph.input("n"), "b": f"{graph.variable('root')}/x"},
        join="any",
        retry=Retry(max_retries=1),
        timeout=3,
        concurrency={"key": "k", "limit": 2},
        allow_failure=True,
        in_process=True,
        title="First",
        description="It is.",
        position={"x": 1, "y": 2},
    )
    graph.output = first["a"]
    definition = graph.definition
    node = definition.nodes["first"]

    assert ("All of it.", ["a"], {"root": "/data"}, "/srv") == (
        definition.description,
        definition.tags,
        definition.variables,
        definition.directory,
    )
    assert RunPolicy(timeout=60.0) == definition.policy
    assert {
        "n": InputDefinition(type=InputType.INTEGER, default=3),
        "o": InputDefinition(type=InputType.LIST),
    } == definition.inputs
    assert "{{ nodes.first.output['a'] }}" == definition.output
    assert {"values": {"a": "{{ inputs['n'] }}", "b": "{{ variables['root'] }}/x"}} == (
        node.parameters
    )
    assert (Join.ANY, 3.0, KeyLimit(key="k", limit=2), True, True, "First") == (
        node.join,
        node.timeout,
        node.concurrency,
        node.allow_failure,
        node.in_process,
        node.title,
    )


def test_needs_can_be_said_in_several_ways() -> None:
    graph = Graph("w")
    a = graph.add("a", "set", values={})
    b = graph.add("b", "condition", if_=True, needs=a)
    graph.add("c", "set", values={}, needs=[a, "b"])
    graph.add("d", "set", values={}, needs={a: "always", b: True})
    graph.add("e", "set", values={}, needs=[{b: ["true", "always"]}, "a"])
    definition = graph.definition

    assert [("a", "success")] == edges(definition, "b")
    assert [("a", "success"), ("b", "success")] == edges(definition, "c")
    assert [("a", "always"), ("b", "true")] == edges(definition, "d")
    assert [("b", "true"), ("b", "always"), ("a", "success")] == edges(definition, "e")


def test_what_is_read_is_needed_unless_it_is_needed_otherwise() -> None:
    graph = Graph("w")
    a = graph.add("a", "set", values={})
    b = graph.add("my-b", "set", values={})
    graph.add("c", "set", values={"x": [f"{a['k'][0]}!", b.status]})
    graph.add("d", "set", values={"x": a.error}, needs={a: "always"})
    definition = graph.definition

    assert [("a", "success"), ("my-b", "success")] == edges(definition, "c")
    assert ["{{ nodes.a.output['k'][0] }}!", "{{ nodes['my-b'].status }}"] == (
        definition.nodes["c"].parameters["values"]["x"]
    )
    assert [("a", "always")] == edges(definition, "d")


def test_a_loop_has_a_body_that_may_read_what_is_around_it() -> None:
    graph = Graph("w")
    listed = graph.add("listed", "set", values={"items": [1]})
    around = graph.add("around", "set", values={})
    each = graph.for_each("each", items=listed["items"], parallel=4, retry=1)
    checked = each.add("checked", "set", values={"n": each.item, "i": each.index})
    each.add("told", "set", values={"n": checked, "a": around})
    graph.add("after", "set", values={"all": each})
    loop = graph.definition.nodes["each"]

    assert {"items": "{{ nodes.listed.output['items'] }}", "parallel": 4} == loop.parameters
    assert [("listed", "success"), ("around", "success")] == edges(graph.definition, "each")
    assert [Edge(node="checked")] == loop.do["told"].needs
    assert {"n": "{{ item }}", "i": "{{ index }}"} == loop.do["checked"].parameters["values"]
    assert [("each", "success")] == edges(graph.definition, "after")


def test_a_condition_of_a_loop_reads_its_body() -> None:
    graph = Graph("w")
    again = graph.repeat("again", until="nodes.poll.output.done", max_turns=3, delay="5s")
    again.node(key="poll", arguments={"value": again.previous})(other)
    loop = graph.definition.nodes["again"]

    assert {"until": "nodes.poll.output.done", "max_turns": 3, "delay": "5s"} == loop.parameters
    assert {"value": "{{ previous }}"} == loop.do["poll"].parameters["arguments"]


def test_arguments_go_before_defaults() -> None:
    graph = Graph("w")
    first = graph.node(step)
    graph.node(arguments={"value": (first, 1)})(other)

    assert "arguments" not in graph.definition.nodes["step"].parameters
    assert {"value": ["{{ nodes.step.output }}", 1]} == (
        graph.definition.nodes["other"].parameters["arguments"]
    )


def test_a_function_without_its_arguments_is_refused() -> None:
    with pytest.raises(NoArgument, match="nothing gives other its value"):
        Graph("w").node(other)


def test_a_key_is_taken_once() -> None:
    graph = Graph("w")
    graph.node(step)
    with pytest.raises(KeyTaken, match="'step'"):
        graph.add("step", "set")


def test_a_function_that_no_other_process_finds_is_refused() -> None:
    graph = Graph("w")

    def inner() -> None: ...

    graph.node(inner)
    with pytest.raises(NotFindable, match="top of a module"):
        graph.validate()
    with pytest.raises(NotFindable):
        function_name(lambda: None, HERE)


@pytest.mark.parametrize(
    ("directory", "expected"), [(HERE, "steps.py:run"), (HERE.parent, "building/steps.py:run")]
)
def test_a_function_of_a_script_is_found_by_its_file(
    directory: Path, expected: str, tmp_path: Path
) -> None:
    folder = tmp_path / "building"
    folder.mkdir()
    (folder / "steps.py").write_text("def run(): return 7\n")
    run = find_function("steps.py:run", folder)
    start = folder if directory == HERE else tmp_path

    assert expected == function_name(run, start)
    assert 7 == find_function(function_name(run, start), start)()


def test_every_problem_has_the_line_of_its_node() -> None:
    graph = Graph("w")
    graph.add("a", "set", needs="b", values={})
    line = test_every_problem_has_the_line_of_its_node.__code__.co_firstlineno + 2
    each = graph.for_each("each", items=[1])
    each.add("x", "shell", comand="ls")
    found = graph.validate()

    assert [
        (Code.DANGLING_EDGE, line, "a"),
        (Code.MISSING_PARAMETER, line + 3, "each.x"),
        (Code.UNKNOWN_PARAMETER, line + 3, "each.x"),
    ] == [(each.code, each.line, each.node) for each in found]
    assert {__file__} == {each.file for each in found}
    with pytest.raises(InvalidDefinition, match="which does not exist"):
        _ = graph.definition


def test_what_is_no_plain_value_is_a_problem() -> None:
    graph = Graph("w", variables={"x": object()})
    graph.add("a", "set", values={})

    assert [Code.WRONG_TYPE] == [each.code for each in graph.validate()]


def test_a_value_that_is_not_there_yet_cannot_be_gone_through() -> None:
    with pytest.raises(TypeError):
        list(fetch)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="a key is a text or a number"):
        _ = fetch[1.5]  # type: ignore[index]
