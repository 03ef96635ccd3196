"""The pages about the API name all of it, and their code does what they say."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import everyrun
from tests.support.documentation import Reader

DOCS = Path(__file__).resolve().parents[3] / "docs"
REFERENCE = (DOCS / "reference/api.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    """What the reference says of one name."""
    _, _, after = REFERENCE.partition(f"\n## `{name}`\n")
    return after.partition("\n## ")[0]


@pytest.mark.parametrize("name", everyrun.__all__)
def test_every_public_name_has_its_section(name: str) -> None:
    assert f"`{name}`" in REFERENCE
    assert len(section(name).strip()) > 50


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("workflow", everyrun.workflow),
        ("node", everyrun.node),
        ("execution", everyrun.execution),
        ("submit", everyrun.submit.options),
        ("progress", everyrun.progress),
        ("flush", everyrun.flush),
        ("Execution", everyrun.Execution.node),
        ("Execution", everyrun.Execution.progress),
        ("Job", everyrun.Job.result),
        ("Graph", everyrun.Graph),
        ("Graph", everyrun.Graph.add),
        ("Graph", everyrun.Graph.for_each),
        ("Graph", everyrun.Graph.repeat),
    ],
)
def test_every_option_is_named(name: str, function: Callable[..., Any]) -> None:
    options = set(inspect.signature(function).parameters) - {"self", "fields"}

    assert [] == [option for option in options if option not in section(name)]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Execution", everyrun.Execution),
        ("NodeExecution", everyrun.NodeExecution),
        ("Job", everyrun.Job),
        ("Graph", everyrun.Graph),
        ("testing", everyrun.testing.Runs),
        ("testing", everyrun.testing.RecordedExecution),
        ("testing", everyrun.testing.RecordedNode),
    ],
)
def test_what_handles_offer_is_named(name: str, kind: type) -> None:
    offered = {word for word in dir(kind) if not word.startswith("_")}

    assert [] == sorted(word for word in offered if word not in section(name))


@pytest.mark.parametrize("page", ["howto/record-your-code.md", "howto/run-workflows.md"])
def test_the_page_can_be_followed(tmp_path: Path, page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")

    assert [] == Reader(tmp_path, tmp_path / "home").follow(text)
