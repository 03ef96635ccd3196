"""``python`` nodes: functions from modules and files, checked before they are called."""

import asyncio
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from everyrun.nodes import function_files
from everyrun.nodes.base import BadParameters, NodeFailed
from everyrun.nodes.catalogue import build, problems_in
from everyrun.nodes.python import Python
from everyrun.testing import node_context

STEPS = """
from dataclasses import dataclass
from functools import wraps

import common

VALUE = 3
LOADED = []

@dataclass
class Row:
    name: str

class Steps:
    @staticmethod
    def parse(text):
        return common.shout(text)

def parse(rows, limit=10):
    return rows[:limit]

def row(name):
    return Row(name)

async def wait(value):
    return value

def placed(first, /, second, *, third=3):
    return [first, second, third]

def anything(**named):
    return named

def pages():
    yield 1

async def events():
    yield 1

@wraps(pages)
def wrapped():
    return pages()

def hidden_generator():
    return (n for n in [1])

def failing():
    raise KeyError("its own")
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A workflow's folder with two files; what was imported is forgotten again."""
    home = tmp_path / "my.project"
    home.mkdir()
    (home / "steps.py").write_text(STEPS)
    (home / "common.py").write_text("def shout(text):\n    return text.upper()\n")
    before = set(sys.modules)
    path_before = list(sys.path)
    yield home
    assert path_before == sys.path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def call(function: str, folder: Path, **arguments: Any) -> Any:
    return Python(function=function, arguments=arguments).run(node_context(folder))


def test_a_function_of_a_file_is_called(folder: Path) -> None:
    assert [1, 2] == call("steps.py:parse", folder, rows=[1, 2, 3], limit=2)
    assert [1] == call(f"{folder}/steps.py:parse", folder, rows=[1])
    assert [1] == call(f"../{folder.name}/steps.py:parse", folder, rows=[1])


def test_its_siblings_can_be_imported(folder: Path) -> None:
    assert "HELLO" == call("steps.py:Steps.parse", folder, text="hello")


def test_a_function_of_an_installed_module_is_called(folder: Path) -> None:
    assert "a/b" == call("posixpath:normpath", folder, path="a//b")


def test_a_module_of_the_folder_is_imported(folder: Path) -> None:
    assert "HELLO" == call("common:shout", folder, text="hello")


def test_an_async_function_gives_an_awaitable(folder: Path) -> None:
    coroutine = call("steps.py:wait", folder, value=3)

    assert 3 == asyncio.run(coroutine)


def test_arguments_that_have_no_name_come_first(folder: Path) -> None:
    assert [1, 2, 3] == call("steps.py:placed", folder, second=2, first=1)
    assert {"self": 1, "x": 2} == call("steps.py:anything", folder, self=1, x=2)


def test_a_file_is_loaded_once(folder: Path) -> None:
    first = function_files.load_file(folder / "steps.py")
    second = function_files.load_file(folder / ".." / folder.name / "steps.py")

    assert first is second
    assert sys.modules[first.__name__] is first
    assert str(folder / "steps.py") == first.__file__


def test_a_file_that_has_changed_is_loaded_again(folder: Path) -> None:
    call("steps.py:parse", folder, rows=[])
    (folder / "steps.py").write_text("def parse(rows):\n    return 'new'\n")

    assert "new" == call("steps.py:parse", folder, rows=[])


def test_a_link_that_leads_elsewhere_is_a_change(folder: Path, tmp_path: Path) -> None:
    for release in ("one", "two"):
        (tmp_path / release).mkdir()
        (tmp_path / release / "steps.py").write_text(f"def f():\n    return {release!r}\n")
    (tmp_path / "current").symlink_to("one")
    assert "one" == call("steps.py:f", tmp_path / "current")
    (tmp_path / "current").unlink()
    (tmp_path / "current").symlink_to("two")

    assert "two" == call("steps.py:f", tmp_path / "current")


def test_a_change_of_the_same_size_is_seen(folder: Path) -> None:
    (folder / "one.py").write_text("def f():\n    return 1\n")
    assert 1 == call("one.py:f", folder)
    (folder / "one.py").write_text("def f():\n    return 2\n")
    os.utime(folder / "one.py", ns=(1, 1))

    assert 2 == call("one.py:f", folder)


def test_two_workflows_may_have_files_of_the_same_names(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "steps.py").write_text("import common\n\ndef parse(): return common.shout('x')\n")
    (other / "common.py").write_text("def shout(text):\n    return 'other'\n")
    call("steps.py:parse", folder, rows=[])

    assert "other" == call("steps.py:parse", other)
    assert "other" == call("common:shout", other, text="x")
    assert "X" == call("common:shout", folder, text="x")
    assert "X" == call("steps.py:Steps.parse", folder, text="x")


def test_a_file_of_a_package_can_import_what_lies_around_it(folder: Path) -> None:
    inner = folder / "reports_of_ours" / "daily"
    inner.mkdir(parents=True)
    (inner.parent / "__init__.py").touch()
    (inner / "__init__.py").touch()
    (inner.parent / "names.py").write_text("OWNER = 'Ada'\n")
    imports = "from reports_of_ours.names import OWNER\nfrom . import __name__ as package\n"
    (inner / "steps.py").write_text(f"{imports}def owner():\n    return [OWNER, package]\n")

    assert ["Ada", "reports_of_ours.daily"] == call("steps.py:owner", inner)


def test_objects_of_its_classes_can_be_sent_to_another_process(folder: Path) -> None:
    row = call("steps.py:row", folder, name="a")
    program = (
        "import pickle, sys; import everyrun.nodes.python;"
        "row = pickle.load(sys.stdin.buffer); sys.stdout.write(row.name)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], input=pickle.dumps(row), capture_output=True, check=True
    )

    assert b"a" == result.stdout
    assert row == pickle.loads(pickle.dumps(row))


def test_a_file_that_came_in_with_an_object_is_not_loaded_again(folder: Path) -> None:
    row = call("steps.py:row", folder, name="a")
    sent = pickle.dumps(row)
    del sys.modules[type(row).__module__]
    arrived = pickle.loads(sent)

    assert arrived == call("steps.py:row", folder, name="a")
    assert sent == pickle.dumps(arrived)


def test_the_node_itself_can_be_sent() -> None:
    node = Python(function="steps.py:parse", arguments={"rows": [1]})

    assert node == pickle.loads(pickle.dumps(node))


@pytest.mark.parametrize(
    ("sentence", "function", "arguments"),
    [
        ("cannot read", "stepz.py:parse", {}),
        ("No such file or directory", "stepz.py:parse", {}),
        ("there is no prase in steps.py; there are: parse, Row, Steps", "steps.py:prase", {}),
        ("did you mean parse?", "steps.py:prase", {}),
        ("there is no prase in steps.py:Steps; there are: parse; did", "steps.py:Steps.prase", {}),
        ("steps.py:VALUE is no function but of type int", "steps.py:VALUE", {}),
        ("there is no module nowhere, neither installed nor in", "nowhere.at_all:f", {}),
        ("there is no module email.nowhere", "email.nowhere:f", {}),
        ("steps.py:pages is a generator", "steps.py:pages", {}),
        ("steps.py:events is a generator", "steps.py:events", {}),
        ("steps.py:wrapped is a generator", "steps.py:wrapped", {}),
        ("steps.py:parse takes no 'rowz'; there are: rows, limit; did you mean rows?",
         "steps.py:parse", {"rowz": [1]}),
        ("parameter 'arguments': steps.py:parse needs rows", "steps.py:parse", {"limit": 1}),
        ("steps.py:placed needs first, second", "steps.py:placed", {}),
        ("takes no 'x'; there are none", "steps.py:failing", {"x": 1}),
    ],
)  # fmt: skip
def test_what_cannot_be_called_is_told(
    folder: Path, sentence: str, function: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(BadParameters) as caught:
        call(function, folder, **arguments)

    assert sentence in str(caught.value)


def test_a_generator_that_comes_out_is_refused(folder: Path) -> None:
    with pytest.raises(NodeFailed, match="returned a generator: return a list of its items"):
        call("steps.py:hidden_generator", folder)


def test_what_a_function_raises_is_its_own(folder: Path) -> None:
    with pytest.raises(KeyError, match="its own"):
        call("steps.py:failing", folder)


@pytest.mark.parametrize(
    ("error", "source"),
    [
        (ModuleNotFoundError, "import nowhere_to_be_found"),
        (FileNotFoundError, "open('/nowhere/data.csv')"),
        (SyntaxError, "def f(:"),
        (ZeroDivisionError, "1 / 0"),
    ],
)
def test_what_a_file_raises_while_it_loads_is_its_own(
    folder: Path, error: type[Exception], source: str
) -> None:
    (folder / "broken.py").write_text(source)
    for _ in range(2):
        with pytest.raises(error):
            call("broken.py:f", folder)
    (folder / "broken.py").write_text("def f():\n    return 'mended'\n")

    assert "mended" == call("broken.py:f", folder)


@pytest.mark.parametrize(
    ("sentence", "parameters"),
    [
        ("parameter 'function' is missing", {}),
        ("'parse' names no function: write module:name, or file.py:name", {"function": "parse"}),
        ("'steps.py' names no function", {"function": "steps.py"}),
        ("'steps.py:' names no function", {"function": "steps.py:"}),
        ("':f' names no function", {"function": ":f"}),
        ("'my steps' is neither a module nor a .py file", {"function": "my steps:f"}),
        ("'a/steps.sh' is neither a module nor a .py file", {"function": "a/steps.sh:f"}),
        ("parameter 'arguments' must be a mapping", {"function": "a:f", "arguments": [1]}),
        ("there is no parameter 'argument'", {"function": "a:f", "argument": {}}),
    ],
)  # fmt: skip
def test_bad_parameters_have_a_clear_error(sentence: str, parameters: dict[str, Any]) -> None:
    with pytest.raises(BadParameters) as caught:
        build(Python, parameters)

    assert sentence in str(caught.value)


def test_as_written_a_template_is_not_judged() -> None:
    assert [] == problems_in(Python, {"function": "{{ inputs.step }}"})
