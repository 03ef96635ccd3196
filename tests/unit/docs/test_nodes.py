"""The page about node types: complete, and its examples can work."""

import re
from pathlib import Path

import pytest

from everyrun.nodes import catalogue
from everyrun.workflows.defining import read_text
from everyrun.workflows.problems import Problem
from everyrun.workflows.validating import validate
from scripts.node_examples import EXAMPLES
from scripts.node_reference import nodes

AROUND = """
workflow: an example
inputs: {{day: string, file: string}}
variables: {{root: /data}}
nodes:
  fetch: {{type: python, with: {{function: "steps.py:fetch"}}}}
{nodes}
"""
PAGE = nodes()


def problems_of(nodes_of_a_graph: str) -> list[Problem]:
    indented = "\n".join(f"  {line}" for line in nodes_of_a_graph.splitlines())
    read = read_text(AROUND.format(nodes=indented), "example.yaml")
    if read.problems or read.definition is None:
        return read.problems
    return validate(read.definition, read.places, catalogue=catalogue)


@pytest.mark.parametrize("name", catalogue.BUILT_IN)
def test_an_example_can_work(name: str) -> None:
    assert [] == problems_of(EXAMPLES[name])
    assert EXAMPLES[name].strip() in PAGE


@pytest.mark.parametrize("name", catalogue.BUILT_IN)
def test_every_node_type_and_parameter_is_described(name: str) -> None:
    kind = catalogue.find(name)
    schema = catalogue.schema_of(kind)
    section = PAGE.partition(f"## `{name}`\n")[2].partition("\n## ")[0]
    undescribed = [
        parameter
        for parameter, part in schema["properties"].items()
        if not re.fullmatch(r"[A-Z`{].{6,}[.…]", part.get("description", ""), re.DOTALL)
        or f"| `{parameter}` |" not in section
    ]

    assert [] == undescribed
    assert re.fullmatch(r"[A-Z].{8,}\.", catalogue.summary_of(kind))


def test_the_page_is_in_place() -> None:
    page = Path(__file__).parents[3] / "docs/reference/nodes.md"

    assert PAGE == page.read_text(encoding="utf-8"), "run: python -m scripts.write_reference"
