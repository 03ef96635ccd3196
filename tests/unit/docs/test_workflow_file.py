"""The page about workflow files names every field and problem, and its example works."""

import re
from typing import Any

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
from everyrun.domain.spans import parse_span
from everyrun.workflows.checking import check_text
from everyrun.workflows.problems import Code
from scripts.write_reference import REFERENCE

PAGE = (REFERENCE / "workflow-file.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    _, heading, after = PAGE.partition(f"\n## {name}\n")

    assert heading
    return after.partition("\n## ")[0]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("The workflow", WorkflowDefinition),
        ("Nodes", NodeDefinition),
        ("Nodes", KeyLimit),
        ("Nodes", Position),
        ("Edges", Edge),
        ("Retry", Retry),
        ("Inputs", InputDefinition),
        ("Policy", RunPolicy),
    ],
)
def test_every_field_is_named(name: str, kind: Any) -> None:
    text = section(name)

    assert [] == [field for field in kind.__struct_encode_fields__ if f"`{field}`" not in text]


@pytest.mark.parametrize(
    ("name", "kind"), [("Nodes", Join), ("Policy", Overlap), ("Inputs", InputType)]
)
def test_every_word_is_named(name: str, kind: Any) -> None:
    text = section(name)

    assert [] == [word for word in kind if f"`{word}`" not in text]


def test_every_problem_is_named() -> None:
    named = set(re.findall(r"`([A-Z_]{4,})`", section("Problems")))

    assert set(Code) == named


def test_the_defaults_are_the_ones_that_hold() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \|[^|]*\| `([^`]+)`", section("Retry"), re.MULTILINE))
    default = Retry()

    assert (default.delay, default.maximum_delay) == (
        parse_span(rows["delay"]),
        parse_span(rows["maximum_delay"]),
    )
    assert (default.backoff, default.jitter) == (float(rows["backoff"]), float(rows["jitter"]))


def test_the_example_has_no_problem() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)

    assert [] == check_text(example).problems


def test_every_span_is_one() -> None:
    spans = re.findall(r"`(\d\w+)`", section("Spans"))

    assert [0.5, 30, 300, 7200, 5400, 604_800, 1_209_600] == [parse_span(span) for span in spans]
