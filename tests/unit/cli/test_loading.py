"""Commands are loaded when they are asked for, and are spared what they do not need."""

import subprocess
import sys
from typing import Annotated

import pytest
import typer

from everyrun.cli.coercing import SparingCommand
from everyrun.cli.loading import Command, Commands
from everyrun.cli.main import COMMANDS


def _modules_after(*arguments: str) -> set[str]:
    code = (
        "import sys\n"
        "from everyrun.cli.main import main\n"
        f"main({list(arguments)!r})\n"
        "sys.stdout.write('\\n' + ' '.join(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.rpartition("\n")[2].split())


def test_a_command_loads_no_other_one() -> None:
    loaded = _modules_after("spool", "status", "--json")

    assert "everyrun.cli.spool" in loaded
    assert set() == {"everyrun.cli.listing", "everyrun.cli.run", "sqlalchemy", "rich"} & loaded


def test_names_come_without_loading_anything() -> None:
    commands = Commands({"broken": Command("no.such.module:app")})

    assert ["broken"] == list(commands)
    with pytest.raises(ModuleNotFoundError):
        commands["broken"]


def test_a_command_is_loaded_once() -> None:
    commands = Commands(COMMANDS)

    assert commands["list"] is commands["list"]
    assert "list" == commands["list"].name


def _call(*arguments: str) -> list[object]:
    called: list[object] = []
    app = typer.Typer(add_completion=False)

    @app.command(cls=SparingCommand)
    def command(
        name: Annotated[str, typer.Argument()],
        tags: Annotated[list[str] | None, typer.Option("--tag")] = None,
        count: Annotated[int, typer.Option(min=1)] = 3,
        quiet: bool = False,
    ) -> None:
        called.extend([name, tags, count, quiet])

    typer.main.get_command(app).main(list(arguments), standalone_mode=False)
    return called


def test_values_come_as_they_would_without_sparing() -> None:
    assert ["x", None, 3, False] == _call("x")
    assert ["x", ["a", "b"], 7, True] == _call(
        "x", "--tag", "a", "--tag", "b", "--count", "7", "--quiet"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["x", "--count", "0"], "greater"), (["x", "--count", "many"], "integer"), ([], "Missing")],
)
def test_values_that_cannot_work_are_refused(arguments: list[str], message: str) -> None:
    with pytest.raises(Exception, match=message):
        _call(*arguments)
