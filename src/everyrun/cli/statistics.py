"""``everyrun stats``: today in a zone, every workflow's figures, and a workflow's nodes'."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from everyrun.cli.options import Json, Since, Until, Url

if TYPE_CHECKING:
    from everyrun.store.database import Database


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
    with ledger(url) as database:
        statistics = read_statistics(database, workflow, bounds, name, now)
    if as_json:
        terminal.write_json(statistics)
        return
    from everyrun.cli.statistics_view import print_statistics

    print_statistics(statistics, now, place)


def read_statistics(
    database: "Database",
    workflow: str | None,
    bounds: tuple[datetime | None, ...],
    zone: str,
    now: datetime,
) -> Statistics:
    """Read all figures from one snapshot of the ledger."""
    from everyrun.domain.clock import to_microseconds
    from everyrun.store.reading.dashboard import log_statistics, today
    from everyrun.store.reading.recorders import dropped_events
    from everyrun.store.reading.statistics import node_statistics, workflow_statistics

    since, until = bounds
    with database.reading() as connection:
        return Statistics(
            zone=zone,
            since=since,
            until=until,
            today=today(connection, to_microseconds(now), zone),
            logs=log_statistics(connection),
            dropped_events=dropped_events(connection),
            workflows=workflow_statistics(connection, since=since, until=until, workflow=workflow),
            nodes=None
            if workflow is None
            else node_statistics(connection, workflow, since=since, until=until),
        )
