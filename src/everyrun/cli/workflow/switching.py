"""``everyrun workflow enable|disable|order|delete``: whether, when and that a workflow is there."""

from typing import Annotated

import typer

from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url, WorkflowName, Yes


def enable(name: WorkflowName, as_json: Json = False, url: Url = None) -> None:
    """Switch a workflow on: schedules and run-all start it."""
    _switch(name, active=True, as_json=as_json, url=url)


def disable(name: WorkflowName, as_json: Json = False, url: Url = None) -> None:
    """Switch a workflow off: nothing starts it any more. What runs goes on."""
    _switch(name, active=False, as_json=as_json, url=url)


def order(
    names: Annotated[
        list[str],
        typer.Argument(metavar="NAME...", help="Workflows' names.", show_default=False),
    ],
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Put workflows first in the order in which all are run; the others follow in theirs."""
    from everyrun.cli import terminal
    from everyrun.cli.opening import ledger

    with ledger(url) as opened:
        ordered = opened.workflows.order(names)
    if as_json:
        terminal.write_json({"workflows": ordered})
    else:
        terminal.write(say("ordered", names=terminal.one_line(", ".join(ordered))))


def delete(name: WorkflowName, yes: Yes = False, as_json: Json = False, url: Url = None) -> None:
    """Delete a workflow. Its history stays; saving it again brings it back. Asks first."""
    from everyrun.cli import terminal
    from everyrun.cli.asking import confirm
    from everyrun.cli.opening import ledger

    with ledger(url) as opened:
        version = opened.workflows.version(name).version
        shown = terminal.one_line(name)
        confirm(say("ask_delete_workflow", name=shown, version=version), yes=yes)
        opened.workflows.delete(name)
    if as_json:
        terminal.write_json({"deleted": name})
    else:
        terminal.write(say("workflow_deleted", name=shown))


def _switch(name: str, *, active: bool, as_json: bool, url: str | None) -> None:
    from everyrun.cli import terminal
    from everyrun.cli.opening import ledger

    with ledger(url) as opened:
        opened.workflows.switch(name, active=active)
    if as_json:
        terminal.write_json({"workflow": name, "active": active})
    else:
        shown = terminal.one_line(name)
        terminal.write(say("switched_on_now" if active else "switched_off_now", name=shown))
