"""``everyrun stats``: today in a zone, every workflow's figures, and a workflow's nodes'."""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
import typer

from everyrun.cli.options import Json, Since, Until, Url


class Statistics(msgspec.Struct, kw_only=True):
    """Everything ``everyrun stats`` answers."""

    zone: str
    since: datetime | None
    until: datetime | None
    today: Any
    logs: Any
    dropped_events: int
    workflows: list[Any]
    nodes: list[Any] | None


def stats(
    workflow: Annotated[
        str | None,
        typer.Option(
            "--workflow", "-w", help="This workflow, and each of its nodes.", show_default=False
        ),
    ] = None,
    since: Since = "7d",
    until: Until = None,
    zone: Annotated[
        str | None,
        typer.Option(
            "--zone",
            metavar="NAME",
            help="Whose today: an IANA name such as Asia/Seoul. Default: the local zone.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Today's figures, and how often, how long and how well each workflow runs."""
    from everyrun.cli import terminal
    from everyrun.cli.moments import local_zone_name, named_zone, parse_moment
    from everyrun.cli.opening import ledger

    name = zone or local_zone_name()
    place, now = named_zone(name), datetime.now(UTC)
    bounds = tuple(parse_moment(text, now, place) if text else None for text in (since, until))
    with ledger(url) as opened:
        statistics = opened.figures.statistics(workflow, bounds, name, now)
    if as_json:
        terminal.write_json(statistics)
        return
    from everyrun.cli.statistics_view import print_statistics

    print_statistics(statistics, now, place)
