"""Node types are found by name, and nothing is imported but what is asked for."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from everyrun.nodes import catalogue
from everyrun.nodes.base import NodeType
from everyrun.nodes.catalogue import BrokenNodeType, UnknownNodeType

PYPROJECT = Path(__file__).parents[3] / "pyproject.toml"
PACKAGE = """
from everyrun.nodes.base import NodeType

class Greet(NodeType):
    '''Say hello.'''

    who: str = "world"

    def run(self, context):
        return f"Hello {self.who}"

class Other:
    pass
"""
ENTRY_POINTS = """
[everyrun.nodes]
greet = greetings:Greet
shell = greetings:Greet
stranger = greetings:Other
missing = greetings_of_old:Greet
"""


@pytest.fixture
def greetings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installed package that adds node types."""
    (tmp_path / "greetings.py").write_text(PACKAGE)
    metadata = tmp_path / "greetings-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: greetings\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.syspath_prepend(str(tmp_path))
    catalogue.forget()
    yield
    catalogue.forget()
    sys.modules.pop("greetings", None)


def test_the_built_in_ones_are_those_that_the_package_declares() -> None:
    declared = tomllib.loads(PYPROJECT.read_text())["project"]["entry-points"]["everyrun.nodes"]

    assert declared == catalogue.BUILT_IN


def test_an_unknown_name_is_told_which_there_are() -> None:
    with pytest.raises(UnknownNodeType) as caught:
        catalogue.find("for-each")

    assert "there is no node type 'for-each'; there are: for_each, python" in str(caught.value)
    assert str(caught.value).endswith("did you mean for_each?")


@pytest.mark.usefixtures("greetings")
def test_a_package_adds_a_node_type() -> None:
    kind = catalogue.find("greet")

    assert "Greet" == kind.__name__
    assert issubclass(kind, NodeType)
    assert "greet" in catalogue.names()
    assert "Say hello." == catalogue.summary_of(kind)


@pytest.mark.usefixtures("greetings")
def test_a_package_does_not_replace_a_built_in_one() -> None:
    assert catalogue.BUILT_IN["shell"] == "everyrun.nodes.shell:Shell"
    assert 1 == catalogue.names().count("shell")


@pytest.mark.usefixtures("greetings")
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("stranger", "of greetings (greetings:Other) is no subclass of everyrun.nodes.base.Node"),
        ("missing", "cannot be loaded: ModuleNotFoundError"),
    ],
)
def test_a_package_whose_node_type_cannot_be_used_is_named(name: str, sentence: str) -> None:
    with pytest.raises(BrokenNodeType) as caught:
        catalogue.find(name)

    assert sentence in str(caught.value)


def test_finding_a_built_in_one_imports_no_other() -> None:
    program = (
        "import sys; from everyrun.nodes.catalogue import find; find('condition');"
        "loaded = [name for name in sys.modules if name.startswith('everyrun.nodes.')"
        " or name in ('importlib.metadata', 'httpx', 'jinja2', 'sqlalchemy', 'difflib')];"
        "sys.stdout.write(' '.join(sorted(loaded)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert "everyrun.nodes.condition" in result.stdout
    assert not {"everyrun.nodes.shell", "everyrun.nodes.http", "importlib.metadata"} & set(
        result.stdout.split()
    )
    assert not {"httpx", "jinja2", "sqlalchemy", "difflib"} & set(result.stdout.split())
