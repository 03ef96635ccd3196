"""``everyrun workflow validate``: every problem of definitions in files, each with its place."""

from typing import Annotated, Any

import msgspec
import typer

from everyrun.cli.exits import ExitCode
from everyrun.cli.messages import say
from everyrun.cli.options import Json


class FileReport(msgspec.Struct, kw_only=True):
    """What is to be said of one file."""

    file: str
    ok: bool
    workflow: str | None
    problems: list[Any]


class ValidationReport(msgspec.Struct, kw_only=True):
    """What ``everyrun workflow validate --json`` prints."""

    ok: bool
    files: list[FileReport]


def validate(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...", help="YAML or JSON files; - is standard input.", show_default=False
        ),
    ],
    as_json: Json = False,
) -> None:
    """Check definitions and print every problem at once. Ends with 1 when there are any."""
    from everyrun.cli import marks, terminal, wording
    from everyrun.cli.workflow.files import check, print_problems
    from everyrun.domain.status import Status

    reports = []
    for file in files:
        checked = check(file)
        definition = checked.definition
        reports.append(
            FileReport(
                file=file,
                ok=definition is not None,
                workflow=None if definition is None else definition.workflow,
                problems=checked.problems,
            )
        )
        if as_json:
            continue
        if definition is None:
            print_problems(checked)
            continue
        style = marks.style(Status.COMPLETED)
        nodes = wording.counted("node", len(definition.nodes))
        terminal.write_spans(
            [
                (f"{marks.icon(Status.COMPLETED)} {file}: ", style),
                (definition.workflow, "bold"),
                (f", {nodes}: {say('check_ok')}", ""),
            ]
        )
    report = ValidationReport(ok=all(each.ok for each in reports), files=reports)
    if as_json:
        terminal.write_json(report)
    if not report.ok:
        problems = wording.counted("problem", sum(len(each.problems) for each in reports))
        terminal.aside(problems)
        raise typer.Exit(ExitCode.FAILED)
