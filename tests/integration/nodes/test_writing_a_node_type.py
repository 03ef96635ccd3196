"""The how-to about node types does what it says, from its ten lines to a graph that uses them."""

import tomllib
from pathlib import Path

import pytest

from tests.support.documentation import Block, Reader, blocks

PAGE = (Path(__file__).parents[3] / "docs/howto/write-a-node-type.md").read_text(encoding="utf-8")


def block_of(language: str) -> Block:
    return next(block for block in blocks(PAGE) if block.language == language)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The page's package, as an installation leaves it, and the page's graph beside it."""
    (tmp_path / "greetings.py").write_text(block_of("python").text, encoding="utf-8")
    (tmp_path / "hello.yaml").write_text(block_of("yaml").text, encoding="utf-8")
    project = tomllib.loads(block_of("toml").text)["project"]
    metadata = tmp_path / f"{project['name']}-{project['version']}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    entries = project["entry-points"]["everyrun.nodes"]
    lines = ["[everyrun.nodes]", *(f"{name} = {value}" for name, value in entries.items()), ""]
    (metadata / "entry_points.txt").write_text("\n".join(lines))
    return tmp_path


def test_the_page_can_be_followed(tmp_path: Path) -> None:
    assert [] == Reader(tmp_path, tmp_path / "home").follow(PAGE)


def test_the_first_one_has_ten_lines() -> None:
    lines = block_of("python").text.splitlines()[1:]

    assert len([line for line in lines if line]) <= 10


def test_a_graph_uses_it(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(package))
    followed = Reader(tmp_path, tmp_path / "home").follow(
        "```console\n"
        "$ python -m everyrun.cli run --quiet --json hello.yaml"
        " | python -c \"import json, sys; print(json.load(sys.stdin)['output'])\"\n"
        "Hello Kim\n"
        "```\n"
    )

    assert [] == followed
