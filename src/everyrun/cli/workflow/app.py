"""``everyrun workflow``: check, save, look at, compare, run and switch workflows."""

import typer

from everyrun.cli.loading import Command, group_of

COMMANDS = {
    "validate": Command("everyrun.cli.workflow.validating:validate"),
    "apply": Command("everyrun.cli.workflow.applying:apply"),
    "run": Command("everyrun.cli.run:run"),
    "list": Command("everyrun.cli.workflow.listing:list_command"),
    "show": Command("everyrun.cli.workflow.showing:show"),
    "versions": Command("everyrun.cli.workflow.versions:versions"),
    "diff": Command("everyrun.cli.workflow.comparing:diff"),
    "export": Command("everyrun.cli.workflow.exporting:export"),
    "enable": Command("everyrun.cli.workflow.switching:enable"),
    "disable": Command("everyrun.cli.workflow.switching:disable"),
    "order": Command("everyrun.cli.workflow.switching:order"),
    "delete": Command("everyrun.cli.workflow.switching:delete"),
    "schema": Command("everyrun.cli.workflow.schema:schema"),
}

app = typer.Typer(
    name="workflow",
    cls=group_of(COMMANDS),
    help="Graphs: check a file, save it as a new version, look at what is saved, switch it.",
)


@app.callback()
def workflow() -> None:
    """Graphs: check a file, save it as a new version, look at what is saved, switch it."""
