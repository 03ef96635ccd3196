"""``everyrun schedule``: add schedules, look at them, pause them, make up for what was missed."""

import typer

from everyrun.cli.loading import Command, group_of

COMMANDS = {
    "add": Command("everyrun.cli.schedule.adding:add"),
    "list": Command("everyrun.cli.schedule.listing:list_command"),
    "show": Command("everyrun.cli.schedule.showing:show"),
    "next": Command("everyrun.cli.schedule.coming:next_command"),
    "pause": Command("everyrun.cli.schedule.switching:pause"),
    "resume": Command("everyrun.cli.schedule.switching:resume"),
    "delete": Command("everyrun.cli.schedule.switching:delete"),
    "backfill": Command("everyrun.cli.schedule.backfilling:backfill"),
}

app = typer.Typer(
    name="schedule",
    cls=group_of(COMMANDS),
    help="When workflows start by themselves: cron, intervals, single moments.",
)


@app.callback()
def schedule() -> None:
    """When workflows start by themselves: cron, intervals, single moments."""
