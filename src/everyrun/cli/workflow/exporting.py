"""``everyrun workflow export``: a saved version as a file."""

from pathlib import Path
from typing import Annotated

import typer

from everyrun.cli.errors import BadInput
from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url, Version, WorkflowName


def export(
    name: WorkflowName,
    version: Version = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Into this file instead of standard output; JSON where it ends in .json.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Print a version as YAML that reads back to the same, or as JSON."""
    import sys

    import msgspec

    from everyrun.cli import terminal
    from everyrun.cli.opening import ledger
    from everyrun.domain.graph import from_plain
    from everyrun.workflows.exporting import as_written, export_yaml

    with ledger(url) as opened:
        found = opened.workflows.version(name, version)
    definition = from_plain(found.definition)
    if as_json or (output or "").lower().endswith(".json"):
        document = msgspec.json.encode(as_written(definition))
        text = msgspec.json.format(document, indent=2).decode() + "\n"
    else:
        text = export_yaml(definition)
    if output is None:
        sys.stdout.write(text)
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(say("unwritable_file", file=output, reason=error.strerror)) from None
    terminal.aside(say("exported", name=name, version=found.version, file=output))
