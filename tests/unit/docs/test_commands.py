"""Every command and every option is in the reference."""

from collections.abc import Iterator
from typing import Any

import typer

from everyrun.cli.exits import ExitCode
from everyrun.cli.main import app
from scripts.write_reference import REFERENCE


def _commands(command: Any, path: str = "everyrun") -> Iterator[tuple[str, Any]]:
    if hasattr(command, "commands"):
        for name, inner in command.commands.items():
            yield from _commands(inner, f"{path} {name}")
    else:
        yield path, command


def _sections() -> dict[str, str]:
    page = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    headed = page.split("\n## ")[1:]
    return {section.partition("\n")[0].strip("`"): section for section in headed}


def _everything() -> list[tuple[str, Any]]:
    root = typer.main.get_command(app)
    return [("everyrun", root), *_commands(root)]


def test_the_command_line_has_the_commands_that_were_promised() -> None:
    assert {
        "run", "list", "show", "logs", "stats",
        "cancel", "pause", "resume", "rerun", "approve", "signal",
        "workflow validate", "workflow apply", "workflow run", "workflow list", "workflow show",
        "workflow versions", "workflow diff", "workflow export", "workflow enable",
        "workflow disable", "workflow order", "workflow delete", "workflow schema",
        "schedule add", "schedule list", "schedule show", "schedule next", "schedule pause",
        "schedule resume", "schedule delete", "schedule backfill", "scheduler",
        "batch run-all", "batch run", "batch resume", "batch list", "batch show", "batch stop",
        "celery ping", "celery revoke", "celery rate-limit", "celery import",
        "exec", "delete",
        "serve", "up", "worker",
        "token create", "token list", "token revoke",
        "user create", "user list", "user set-role", "user set-password", "user disable",
        "user enable",
        "spool status", "spool replay", "spool drop",
        "db upgrade", "db downgrade", "db check",
    } == {path.removeprefix("everyrun ") for path, _ in _everything()[1:]}  # fmt: skip


def test_every_command_has_a_section() -> None:
    assert set() == {path for path, _ in _everything()} - set(_sections())


def test_every_option_and_argument_is_in_its_commands_section() -> None:
    sections = _sections()
    missing = [
        f"{path} {name}"
        for path, command in _everything()
        for parameter in command.params
        for name in parameter.opts + parameter.secondary_opts
        if name.startswith("-") and f"`{name}`" not in sections[path]
    ]

    assert [] == missing


def test_every_option_says_what_it_does() -> None:
    silent = [
        f"{path} {parameter.name}"
        for path, command in _everything()
        for parameter in command.params
        if not parameter.help
    ]

    assert [] == silent


def test_json_is_everywhere_but_where_the_output_is_a_commands_own_or_json_anyway() -> None:
    without = {
        path
        for path, command in _everything()[1:]
        if not any("--json" in parameter.opts for parameter in command.params)
    }

    assert {"everyrun exec", "everyrun worker", "everyrun workflow schema"} == without


def test_every_exit_code_is_listed() -> None:
    page = (REFERENCE / "commands.md").read_text(encoding="utf-8")

    assert [] == [code.name for code in ExitCode if f"| {code.value} | " not in page]
