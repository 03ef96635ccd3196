"""``everyrun workflow apply``: files made the newest versions of their workflows."""

from typing import Annotated

import msgspec
import typer

from everyrun.cli.errors import BadInput
from everyrun.cli.messages import say
from everyrun.cli.options import By, Json, Url


class Applied(msgspec.Struct, kw_only=True):
    """What became of one file. ``created`` when it made a version."""

    file: str
    workflow: str
    version: int
    created: bool


def apply(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...", help="YAML or JSON files; - is standard input.", show_default=False
        ),
    ],
    expect: Annotated[
        int | None,
        typer.Option(
            "--expect",
            metavar="VERSION",
            min=0,
            help="Refuse unless this is the newest version; 0: unless there is none.",
            show_default=False,
        ),
    ] = None,
    by: By = None,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Check files and save what has changed as new versions. Saves none when one has a problem."""
    from everyrun.cli import terminal
    from everyrun.cli.opening import ledger_to_run
    from everyrun.cli.who import current_user
    from everyrun.cli.workflow.saving import definitions_in

    if expect is not None and len(files) > 1:
        raise BadInput(say("one_of", first="--expect", second="FILE FILE"))
    applied = []
    with ledger_to_run(url) as opened:
        for file, definition in definitions_in(opened, files).items():
            saved = opened.workflows.save(definition, by=by or current_user(), expected=expect)
            applied.append(
                Applied(
                    file=file,
                    workflow=definition.workflow,
                    version=saved.version,
                    created=saved.created,
                )
            )
    if as_json:
        terminal.write_json({"applied": applied})
        return
    for each in applied:
        key = "version_made" if each.created else "version_unchanged"
        line = [(each.workflow, "bold"), (f"  {say(key, version=each.version)}", "")]
        terminal.write_spans(line)
