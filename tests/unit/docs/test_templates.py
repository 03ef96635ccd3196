"""The page about templates: its examples are run, and it names all that there is."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from everyrun.workflows.templates import Templates
from everyrun.workflows.templates.environment import sandbox
from tests.support.documentation import blocks

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "templates.md").read_text()
NAMES: dict[str, Any] = json.loads(blocks(PAGE)[0].text)
TABLE = re.compile(r"\| template \| gives \|\n\|[-|]+\|\n((?:\|.*\n)+)")
ROW = re.compile(r"\| `(.*)` \| `(.*)` \|")
EXAMPLES = [
    (row[1].replace("\\|", "|"), row[2].replace("\\|", "|"))
    for table in TABLE.findall(PAGE)
    for row in map(ROW.fullmatch, table.splitlines())
    if row is not None
]


@pytest.mark.parametrize(("template", "gives"), EXAMPLES)
def test_an_example_gives_what_the_page_says(template: str, gives: str) -> None:
    assert json.loads(gives) == Templates().render(template, NAMES, "the page")


def test_all_rows_are_examples() -> None:
    assert sum(len(table.splitlines()) for table in TABLE.findall(PAGE)) == len(EXAMPLES) > 30


def test_every_filter_and_function_is_named() -> None:
    named = set(re.findall(r"`(\w+)", PAGE))

    assert set() == set(sandbox().filters) - named
    assert set() == set(sandbox().globals) - named


def test_every_filter_that_is_named_is_there() -> None:
    rows = PAGE.partition("## Filters")[2].partition("\n\n| template")[0].splitlines()
    heads = [row.split(" | ")[0] for row in rows if row.startswith("| `")]
    named = {name for head in heads for name in re.findall(r"`(\w+)", head)}

    assert set(sandbox().filters) == named
