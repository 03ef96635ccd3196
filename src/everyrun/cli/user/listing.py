"""``everyrun user list``: who may sign in."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url

if TYPE_CHECKING:
    from everyrun.domain.views.access import UserView

_PAGE = 500


def list_command(as_json: Json = False, url: Url = None) -> None:
    """List users, the newest first: what they may, how they sign in, when they last did."""
    from everyrun.cli import terminal
    from everyrun.cli.access import ledger_to_read
    from everyrun.store.access.users import list_users

    found: list[UserView] = []
    cursor = None
    with ledger_to_read(url) as database, database.reading() as connection:
        while True:
            page = list_users(connection, limit=_PAGE, after=cursor)
            found += page.items
            cursor = page.next
            if cursor is None:
                break
    if as_json:
        terminal.write_json({"users": found})
    elif not found:
        terminal.aside(say("no_users"))
    else:
        _print(found)


def _print(found: "list[UserView]") -> None:
    from everyrun.cli.grid import Cell, Heading, print_grid
    from everyrun.cli.moments import chosen_zone
    from everyrun.cli.wording import ago

    now, zone = datetime.now(UTC), chosen_zone(utc=False, local=False)
    headings = [
        Heading("h_id", least=8, expendable=2),
        Heading("h_name", least=16),
        Heading("h_role"),
        Heading("h_signs_in", expendable=1),
        Heading("h_last_login"),
        Heading("h_state"),
    ]
    rows = []
    for user in found:
        last = user.last_login_at
        state = "good" if user.disabled_at is None else "disabled"
        rows.append(
            [
                Cell(user.id, "bright_black"),
                Cell(user.name, "bold"),
                Cell(user.role.value),
                Cell(user.issuer or (say("by_password") if user.has_password else "")),
                Cell(
                    ago(last, now, zone) if last else say("never"),
                    "",
                    last.isoformat() if last else "",
                ),
                Cell(say(f"state_{state}"), "" if state == "good" else "red", state),
            ]
        )
    print_grid(headings, rows)
