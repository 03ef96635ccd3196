"""``everyrun token list``: who may come in with a token."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url

if TYPE_CHECKING:
    from everyrun.domain.views.access import TokenView

_PAGE = 500


def list_command(
    all_tokens: Annotated[
        bool, typer.Option("--all", "-a", help="Revoked ones too.", show_default=False)
    ] = False,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """List tokens, the newest first: how they begin, what they may, when they were last used."""
    from everyrun.cli import terminal
    from everyrun.cli.access import ledger_to_read
    from everyrun.store.access.tokens import list_tokens

    found: list[TokenView] = []
    cursor = None
    with ledger_to_read(url) as database, database.reading() as connection:
        while True:
            page = list_tokens(connection, limit=_PAGE, after=cursor, revoked=all_tokens)
            found += page.items
            cursor = page.next
            if cursor is None:
                break
    if as_json:
        terminal.write_json({"tokens": found})
    elif not found:
        terminal.aside(say("no_tokens"))
    else:
        _print(found)


def _print(found: "list[TokenView]") -> None:
    from everyrun.cli.grid import Cell, Heading, print_grid
    from everyrun.cli.moments import chosen_zone
    from everyrun.cli.wording import absolute, ago

    now, zone = datetime.now(UTC), chosen_zone(utc=False, local=False)
    headings = [
        Heading("h_id", least=13),
        Heading("h_name", least=16),
        Heading("h_role"),
        Heading("h_begins", expendable=3),
        Heading("h_user", expendable=2),
        Heading("h_last_used"),
        Heading("h_expires", expendable=1),
        Heading("h_state"),
    ]
    rows = []
    for token in found:
        used, expires = token.last_used_at, token.expires_at
        state = _state(token, now)
        rows.append(
            [
                Cell(token.id, "bright_black"),
                Cell(token.name, "bold"),
                Cell(token.role.value),
                Cell(token.hint or "", "bright_black"),
                Cell(token.user or ""),
                Cell(
                    ago(used, now, zone) if used else say("never"),
                    "",
                    used.isoformat() if used else "",
                ),
                Cell(
                    absolute(expires, zone) if expires else "",
                    "",
                    expires.isoformat() if expires else "",
                ),
                Cell(say(f"state_{state}"), "" if state == "good" else "red", state),
            ]
        )
    print_grid(headings, rows)


def _state(token: "TokenView", now: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "expired" if token.expires_at is not None and token.expires_at <= now else "good"
