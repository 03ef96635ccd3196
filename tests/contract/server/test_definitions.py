"""Definitions over HTTP: judged as a whole, refused with every place, and never run."""

import time
from itertools import pairwise
from typing import Any

import httpx
import pytest

from everyrun.domain.roles import Role
from tests.support.served import Served

VALIDATE = "/api/v1/workflows/validate"
YAML = {"Content-Type": "application/yaml"}
JSON = {"Content-Type": "application/json"}
PATIENCE = 10
"""Seconds within which the worst of them is refused, on a busy machine."""

CYCLE = """
workflow: circle
nodes:
  a: {type: set, needs: c, with: {values: {x: 1}}}
  b: {type: set, needs: a, with: {values: {x: 1}}}
  c: {type: set, needs: b, with: {values: {x: 1}}}
"""
LETTERS = "abcdefghijkl"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{this}: &{this} [{', '.join([f'*{before}'] * 10)}]\n" for before, this in pairwise(LETTERS)
)
MERGES = "x0: &x0 {a0: 1}\n" + "".join(
    f"x{at}: &x{at} {{<<: *x{at - 1}, a{at}: 1}}\n" for at in range(1, 3_000)
)


def _template(expression: str) -> str:
    value = "{{ " + expression + " }}"
    return f'workflow: w\nnodes:\n  a: {{type: set, with: {{values: {{x: "{value}"}}}}}}\n'


HOSTILE: dict[str, tuple[str | bytes, dict[str, str], str]] = {
    "a bomb of aliases": (BOMB, YAML, "TOO_LARGE"),
    "a chain of merges": (MERGES, YAML, "TOO_LARGE"),
    "an alias of itself": ("a: &a [*a]", YAML, "BAD_ALIAS"),
    "lists without an end": ("[" * 500_000, YAML, "TOO_DEEP"),
    "deep lists in JSON": ("[" * 250_000 + "]" * 250_000, JSON, "TOO_DEEP"),
    "a Python object": ("!!python/object/apply:os.system ['true']", YAML, "UNKNOWN_TAG"),
    "NUL": ("workflow: \0", YAML, "SYNTAX_ERROR"),
    "half of a pair": ('{"workflow": "\\ud800", "nodes": {}}', JSON, "NOT_STORABLE"),
    "not a number": ('{"workflow": "w", "nodes": {}, "output": NaN}', JSON, "NOT_STORABLE"),
    "a huge number": ('{"workflow": "w", "nodes": {}, "output": 1e999}', JSON, "NOT_STORABLE"),
    "a key twice": ('{"workflow": "w", "workflow": "v", "nodes": {}}', JSON, "DUPLICATE_KEY"),
    "a list": ("[]", JSON, "WRONG_TYPE"),
    "half of it": ('{"workflow": "w", "nod', JSON, "SYNTAX_ERROR"),
    "not Unicode": (b"workflow: \xff\xfe\xfa", YAML, "NOT_UNICODE"),
    "a million operators": (_template("1" + " + 1" * 100_000), YAML, "TEMPLATE_SYNTAX"),
    "deep brackets": (_template("(" * 40_000 + "1" + ")" * 40_000), YAML, "TEMPLATE_SYNTAX"),
}


@pytest.fixture
def operator(served: Served) -> httpx.Client:
    """Somebody who may save workflows."""
    return served.client(Role.OPERATOR)


def judge(client: httpx.Client, content: str | bytes, headers: dict[str, str]) -> dict[str, Any]:
    """What the server says of a definition."""
    response = client.post(VALIDATE, content=content, headers=headers)
    assert 200 == response.status_code, response.text
    judged: dict[str, Any] = response.json()
    return judged


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_definitions_are_refused_quickly(operator: httpx.Client, kind: str) -> None:
    content, headers, code = HOSTILE[kind]
    begun = time.monotonic()
    judged = judge(operator, content, headers)
    refused = operator.put("/api/v1/workflows/w", content=content, headers=headers)

    assert time.monotonic() - begun < PATIENCE
    assert not judged["ok"]
    assert code in {problem["code"] for problem in judged["problems"]}
    assert 422 == refused.status_code
    assert 404 == operator.get("/api/v1/workflows/w").status_code


def test_what_is_larger_than_a_definition_is_not_looked_into(operator: httpx.Client) -> None:
    refused = operator.post(VALIDATE, content=b" " * ((1 << 20) + 1), headers=YAML)

    assert (413, "BODY_TOO_LARGE") == (refused.status_code, refused.json()["code"])


def test_nothing_is_no_definition(operator: httpx.Client) -> None:
    refused = operator.post(VALIDATE, headers=YAML)

    assert (400, "INVALID_BODY") == (refused.status_code, refused.json()["code"])


def test_what_is_neither_json_nor_yaml_is_not_taken(operator: httpx.Client) -> None:
    refused = operator.post(VALIDATE, content=b"workflow: w", headers={"Content-Type": "text/csv"})

    assert (415, "UNSUPPORTED_MEDIA_TYPE") == (refused.status_code, refused.json()["code"])


def test_a_cycle_is_told_with_its_path_and_place(operator: httpx.Client) -> None:
    refused = operator.put("/api/v1/workflows/circle", content=CYCLE, headers=YAML)
    told = refused.json()

    assert (422, "CYCLE_DETECTED") == (refused.status_code, told["code"])
    assert told["cycle_path"][0] == told["cycle_path"][-1]
    assert {"a", "b", "c"} == set(told["cycle_path"])
    problem = told["problems"][0]
    assert ("CYCLE_DETECTED", told["cycle_path"]) == (problem["code"], problem["cycle_path"])
    assert problem["line"] in {4, 5, 6}
    assert problem["path"].startswith("/nodes/")


def test_problems_of_several_kinds_are_told_together(operator: httpx.Client) -> None:
    text = "workflow: w\nnodes:\n  a: {type: nope}\n  b: {type: set, needs: zz}\n"
    refused = operator.put("/api/v1/workflows/w", content=text, headers=YAML)

    assert (422, "INVALID_DEFINITION") == (refused.status_code, refused.json()["code"])
    problems = {each["code"]: each["line"] for each in refused.json()["problems"]}
    assert {"UNKNOWN_NODE_TYPE": 3, "DANGLING_EDGE": 4} == {
        code: problems[code] for code in ("UNKNOWN_NODE_TYPE", "DANGLING_EDGE")
    }


def test_a_definition_without_a_problem_is_told_so(operator: httpx.Client) -> None:
    text = '{"workflow": "w", "nodes": {"a": {"type": "wait", "with": {"seconds": 1}}}}'
    judged = judge(operator, text, JSON)

    assert {"ok", "workflow", "problems"} == set(judged)
    assert judge(operator, CYCLE.replace("needs: c, ", ""), YAML)["ok"]


def test_judging_runs_nothing(operator: httpx.Client, tmp_path: Any) -> None:
    mark = tmp_path / "mark"
    (tmp_path / "steps.py").write_text(f"open({str(mark)!r}, 'w').close()\ndef step(): pass\n")
    text = f"""
    workflow: w
    nodes:
      a: {{type: python, with: {{function: "{tmp_path}/steps.py:step"}}}}
      b: {{type: shell, with: {{command: "touch {mark}"}}}}
    """
    judged = judge(operator, text, YAML)

    assert judged["ok"], judged
    assert not mark.exists()


def test_node_types_have_schemas_for_forms(operator: httpx.Client) -> None:
    types = {each["name"]: each for each in operator.get("/api/v1/node-types").json()["items"]}

    assert {"python", "shell", "http", "condition", "for_each"} <= set(types)
    assert "url" in types["http"]["schema"]["properties"]
    assert types["for_each"]["has_body"]
    assert types["http"] == operator.get("/api/v1/node-types/http").json()
    assert 404 == operator.get("/api/v1/node-types/nope").status_code
