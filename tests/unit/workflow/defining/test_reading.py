"""What people write becomes the canonical definition, or problems with their places."""

import json
from pathlib import Path

import pytest

from everyrun.domain.graph import (
    Edge,
    InputDefinition,
    InputType,
    Join,
    KeyLimit,
    NodeDefinition,
    Overlap,
    Position,
    Retry,
    RunPolicy,
    WorkflowDefinition,
)
from everyrun.workflows.defining import Read, read_file, read_text, read_value
from everyrun.workflows.problems import Code, Problem

WHOLE = """\
workflow: nightly report
description: What came in overnight.
tags: [reports, nightly]
inputs:
  day: {type: string, default: today, description: Which day., choices: [today, yesterday]}
  files: list
  anything:
variables: {root: /data, deep: {list: [1, 2.5, true, null]}}
policy: {timeout: 2h, overlap: skip, concurrency: 8, max_executions: 2, priority: 5}
nodes:
  fetch:
    type: http
    with: {url: "https://example.org/{{ inputs.day }}"}
    retry: {max_retries: 3, delay: 1s, backoff: 3, maximum_delay: 5m, jitter: 0.2, on: [OSError]}
    timeout: 30s
    concurrency: {key: example.org, limit: 2}
    title: Fetch
    description: Gets it.
    position: {x: 10, y: -20.5}
  parse: {needs: fetch, type: python, with: {function: "steps.py:parse"}, in_process: true}
  each:
    needs: [parse]
    type: for_each
    with: {items: "{{ nodes.parse.output }}"}
    do:
      verify: {type: shell, with: {command: ["check", "{{ item.name }}"]}}
      after: {type: shell, needs: verify}
  alert: {needs: {each: failure}, type: notify, allow_failure: true}
  tidy: {needs: [{each: always}, fetch], type: shell, join: any, retry: 2, concurrency: disk}
  both: {needs: {check: [true, failure], fetch: false}, type: shell}
output: "{{ nodes.parse.output }}"
"""


def problems_in(text: str, name: str | None = None) -> list[tuple[Code, int | None, int | None]]:
    return [(each.code, each.line, each.column) for each in read_text(text, name).problems]


def definition_of(text: str, name: str | None = None) -> WorkflowDefinition:
    read = read_text(text, name)

    assert [] == read.problems
    assert read.definition is not None
    return read.definition


def node_of(text: str) -> NodeDefinition:
    return definition_of(f"workflow: w\nnodes:\n  a: {text}\n").nodes["a"]


def test_everything_that_can_be_written_is_read() -> None:
    assert WorkflowDefinition(
        workflow="nightly report",
        description="What came in overnight.",
        tags=["reports", "nightly"],
        inputs={
            "day": InputDefinition(
                type=InputType.STRING,
                default="today",
                description="Which day.",
                choices=["today", "yesterday"],
            ),
            "files": InputDefinition(type=InputType.LIST),
            "anything": InputDefinition(),
        },
        variables={"root": "/data", "deep": {"list": [1, 2.5, True, None]}},
        policy=RunPolicy(
            timeout=7200.0, overlap=Overlap.SKIP, concurrency=8, max_executions=2, priority=5
        ),
        nodes={
            "fetch": NodeDefinition(
                type="http",
                parameters={"url": "https://example.org/{{ inputs.day }}"},
                retry=Retry(
                    max_retries=3,
                    delay=1.0,
                    backoff=3.0,
                    maximum_delay=300.0,
                    jitter=0.2,
                    on=["OSError"],
                ),
                timeout=30.0,
                concurrency=KeyLimit(key="example.org", limit=2),
                title="Fetch",
                description="Gets it.",
                position=Position(x=10.0, y=-20.5),
            ),
            "parse": NodeDefinition(
                type="python",
                needs=[Edge(node="fetch")],
                parameters={"function": "steps.py:parse"},
                in_process=True,
            ),
            "each": NodeDefinition(
                type="for_each",
                needs=[Edge(node="parse")],
                parameters={"items": "{{ nodes.parse.output }}"},
                do={
                    "verify": NodeDefinition(
                        type="shell", parameters={"command": ["check", "{{ item.name }}"]}
                    ),
                    "after": NodeDefinition(type="shell", needs=[Edge(node="verify")]),
                },
            ),
            "alert": NodeDefinition(
                type="notify",
                needs=[Edge(node="each", outcome="failure")],
                allow_failure=True,
            ),
            "tidy": NodeDefinition(
                type="shell",
                needs=[Edge(node="each", outcome="always"), Edge(node="fetch")],
                join=Join.ANY,
                retry=Retry(max_retries=2),
                concurrency=KeyLimit(key="disk"),
            ),
            "both": NodeDefinition(
                type="shell",
                needs=[
                    Edge(node="check", outcome="true"),
                    Edge(node="check", outcome="failure"),
                    Edge(node="fetch", outcome="false"),
                ],
            ),
        },
        output="{{ nodes.parse.output }}",
    ) == definition_of(WHOLE)


def test_json_is_read_alike() -> None:
    plain = json.dumps(read_text(WHOLE).places.written.value)  # type: ignore[union-attr]

    assert definition_of(WHOLE) == definition_of(plain, "report.json")
    assert definition_of(WHOLE) == read_value(json.loads(plain)).definition


@pytest.mark.parametrize(
    ("needs", "edges"),
    [
        ("b", [("b", "success")]),
        ("[b, c]", [("b", "success"), ("c", "success")]),
        ("{b: failure, c: always}", [("b", "failure"), ("c", "always")]),
        ("[{b: [success, failure]}, c]", [("b", "success"), ("b", "failure"), ("c", "success")]),
        ("{b: [true, 'no', 3]}", [("b", "true"), ("b", "no"), ("b", "3")]),
        ("", []),
        ("[]", []),
    ],
)
def test_needs_can_be_written_in_several_ways(needs: str, edges: list[tuple[str, str]]) -> None:
    node = node_of(f"{{type: x, needs: {needs}}}")

    assert edges == [(edge.node, edge.outcome) for edge in node.needs]


def test_a_word_of_yaml_1_1_is_a_branch() -> None:
    assert [Edge(node="check", outcome="yes")] == node_of("{type: x, needs: {check: yes}}").needs


def test_on_is_no_boolean() -> None:
    assert Retry(on=["E"]) == node_of("{type: x, retry: {on: E}}").retry


def test_a_field_left_empty_is_as_if_it_were_not_there() -> None:
    assert NodeDefinition(type="x") == node_of("{type: x, needs: , with: , timeout: , do: }")


def test_a_default_of_null_is_a_default() -> None:
    declared = definition_of("workflow: w\ninputs: {a: {default: null}}\nnodes: {a: {type: x}}")

    assert None is declared.inputs["a"].default


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("{type: x, retrys: 3}", Code.UNKNOWN_FIELD, (3, 16)),
        ("{type: x, retry: {max: 3}}", Code.UNKNOWN_FIELD, (3, 24)),
        ("{type: 3}", Code.WRONG_TYPE, (3, 13)),
        ("{type: x, timeout: soon}", Code.WRONG_TYPE, (3, 25)),
        ("{type: x, timeout: -1}", Code.WRONG_TYPE, (3, 25)),
        ("{type: x, timeout: true}", Code.WRONG_TYPE, (3, 25)),
        ("{type: x, retry: often}", Code.WRONG_TYPE, (3, 23)),
        ("{type: x, retry: {max_retries: 1.5}}", Code.WRONG_TYPE, (3, 37)),
        ("{type: x, retry: {jitter: true}}", Code.WRONG_TYPE, (3, 32)),
        ("{type: x, join: every}", Code.WRONG_VALUE, (3, 22)),
        ("{type: x, join: 1}", Code.WRONG_TYPE, (3, 22)),
        ("{type: x, with: [1]}", Code.WRONG_TYPE, (3, 22)),
        ("{type: x, allow_failure: yes}", Code.WRONG_TYPE, (3, 31)),
        ("{type: x, needs: 3}", Code.WRONG_TYPE, (3, 23)),
        ("{type: x, needs: [3]}", Code.WRONG_TYPE, (3, 24)),
        ("{type: x, needs: {b: {c: d}}}", Code.WRONG_TYPE, (3, 27)),
        ("{type: x, needs: {b: [null]}}", Code.WRONG_TYPE, (3, 28)),
        ("{type: x, concurrency: 3}", Code.WRONG_TYPE, (3, 29)),
        ("{type: x, concurrency: {limit: 3}}", Code.MISSING_FIELD, (3, 16)),
        ("{type: x, position: {x: 3}}", Code.MISSING_FIELD, (3, 16)),
        ("{type: x, position: far}", Code.WRONG_TYPE, (3, 26)),
        ("{type: x, do: [a]}", Code.WRONG_TYPE, (3, 20)),
        ("{type: x, do: {b: {}}}", Code.MISSING_FIELD, (3, 21)),
        ("{with: {a: 1}}", Code.MISSING_FIELD, (3, 3)),
        ("fetch", Code.WRONG_TYPE, (3, 3)),
    ],
)
def test_a_node_that_cannot_be_read_is_a_problem(
    text: str, code: Code, place: tuple[int, int]
) -> None:
    assert [(code, *place)] == problems_in(f"workflow: w\nnodes:\n  a: {text}\n")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", [Code.WRONG_TYPE]),
        ("[a]", [Code.WRONG_TYPE]),
        ("{}", [Code.MISSING_FIELD, Code.MISSING_FIELD]),
        ("workflow: 2024\nnodes: {}", [Code.WRONG_TYPE]),
        ("workflow: w\nnodes: [a]", [Code.WRONG_TYPE]),
        ("workflow: w\nnodes: {}\ntags: {a: b}", [Code.WRONG_TYPE]),
        ("workflow: w\nnodes: {}\ntags: [a, 3, [b]]", [Code.WRONG_TYPE, Code.WRONG_TYPE]),
        ("workflow: w\nnodes: {}\ninputs: [a]", [Code.WRONG_TYPE]),
        ("workflow: w\nnodes: {}\ninputs: {a: text}", [Code.WRONG_VALUE]),
        ("workflow: w\nnodes: {}\ninputs: {a: 3}", [Code.WRONG_TYPE]),
        ("workflow: w\nnodes: {}\ninputs: {a: {choices: b}}", [Code.WRONG_TYPE]),
        ("workflow: w\nnodes: {}\npolicy: {overlap: wait}", [Code.WRONG_VALUE]),
        ("workflow: w\nnodes: {}\npolicy: fast", [Code.WRONG_TYPE]),
        ("workflow: w\nnodes: {}\nvariables: [a]", [Code.WRONG_TYPE]),
    ],
)
def test_a_workflow_that_cannot_be_read_is_a_problem(text: str, codes: list[Code]) -> None:
    assert codes == [code for code, _, _ in problems_in(text)]


def test_a_misspelt_field_is_told_what_it_may_have_been() -> None:
    (problem,) = read_text("workflow: w\nnodes: {a: {type: x, need: b}}").problems

    assert "needs" == problem.suggestion
    assert "a has no field need; did you mean needs?" == problem.message


def test_every_problem_is_told_at_once_in_the_order_of_the_text() -> None:
    text = "workflow: 3\ntag: a\nnodes:\n  a: {timeout: x}\n  a: {type: x}\n  b: {type: []}\n"

    assert [
        (Code.WRONG_TYPE, 1),
        (Code.UNKNOWN_FIELD, 2),
        (Code.MISSING_FIELD, 4),
        (Code.WRONG_TYPE, 4),
        (Code.DUPLICATE_KEY, 5),
        (Code.WRONG_TYPE, 6),
    ] == [(problem.code, problem.line) for problem in read_text(text).problems]


def test_what_can_be_read_of_a_broken_definition_is_its_draft() -> None:
    read = read_text("workflow: w\nnodes: {a: {type: x, timeout: soon, needs: b}}")

    assert None is read.definition
    assert read.draft is not None
    assert {"a": NodeDefinition(type="x", needs=[Edge(node="b")])} == read.draft.nodes


def test_a_problem_says_where_it_stands() -> None:
    text = "workflow: w\nnodes:\n  loop/1:\n    do:\n      b: {type: x, timeout: soon}\n"
    problem = read_text(text, "nightly.yaml").problems[-1]

    assert "nightly.yaml:5:29: timeout must be seconds" == str(problem)[:42]
    assert "loop/1.b" == problem.node
    assert "/nodes/loop~11/do/b/timeout" == problem.path


def test_a_problem_without_a_place_is_its_sentence() -> None:
    assert "Wrong." == str(Problem(code=Code.WRONG_TYPE, message="Wrong."))


def test_the_folder_of_a_file_is_where_its_paths_start(tmp_path: Path) -> None:
    file = tmp_path / "nightly.yaml"
    file.write_text("workflow: w\nnodes: {a: {type: x}}\n")

    assert str(tmp_path) == _definition(read_file(file)).directory


def test_a_directory_that_is_written_starts_at_the_file(tmp_path: Path) -> None:
    file = tmp_path / "flows" / "nightly.json"
    file.parent.mkdir()
    file.write_text('{"workflow": "w", "nodes": {"a": {"type": "x"}}, "directory": "../steps"}')

    assert str(tmp_path / "steps") == _definition(read_file(file)).directory


def _definition(read: Read) -> WorkflowDefinition:
    assert read.definition is not None
    return read.definition


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_may_have_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "w.yaml"
    file.write_text("workflow: 주간\nnodes: {a: {type: x}}\n", encoding=encoding)

    assert "주간" == _definition(read_file(file)).workflow


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("workflow: w\n# caf\xe9\n".encode("latin-1"))

    assert [Code.UNREADABLE] == [each.code for each in read_file(tmp_path / "none").problems]
    assert [Code.UNREADABLE] == [each.code for each in read_file(tmp_path).problems]
    assert [(Code.NOT_UNICODE, 2)] == [(each.code, each.line) for each in read_file(latin).problems]


class TestValues:
    """Definitions that come as Python objects."""

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            ({1: 2}, Code.WRONG_TYPE),
            ({"a": object()}, Code.WRONG_TYPE),
            ({"a": {1, 2}}, Code.WRONG_TYPE),
            ({"a": float("nan")}, Code.NOT_STORABLE),
            ({"a": 2**63}, Code.NOT_STORABLE),
            ({"a": "\0"}, Code.NOT_STORABLE),
            ({"\ud800": 1}, Code.NOT_STORABLE),
        ],
    )
    def test_what_no_text_could_say_is_a_problem(self, value: object, code: Code) -> None:
        assert [code] == [each.code for each in read_value(value).problems]

    def test_a_value_without_an_end_is_a_problem(self) -> None:
        endless: dict[str, object] = {}
        endless["again"] = endless

        assert [Code.TOO_DEEP] == [each.code for each in read_value(endless).problems]
