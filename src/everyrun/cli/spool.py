"""``everyrun spool``: what waits on this machine to be shipped; shipping it now, or dropping it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from everyrun.cli.errors import ReplayStopped
from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url, Yes
from everyrun.domain.errors import SinkUnavailable

if TYPE_CHECKING:
    from everyrun.domain.ports import Sink
    from everyrun.tracking.settings import Settings
    from everyrun.tracking.spool.inventory import SpoolEntry

app = typer.Typer(
    name="spool", help="Events that wait on this machine: look, ship them now, or drop them."
)


class SpoolReport(msgspec.Struct, kw_only=True):
    """Everything that waits under one home."""

    home: str
    waiting_events: int
    waiting_bytes: int
    dropped: int
    rejected: int
    spools: "Sequence[SpoolEntry]"


class Replayed(msgspec.Struct, kw_only=True):
    """What a replay came to."""

    events: int
    spools: int
    rejected: int
    left: int


class Dropped(msgspec.Struct, kw_only=True):
    """What was dropped for good."""

    events: int
    spools: int


@app.command("status")
def status(as_json: Json = False) -> None:
    """What waits to be shipped: per process, whether it lives, how much waits, what it dropped."""
    from everyrun.cli import terminal
    from everyrun.cli.opening import settings_from
    from everyrun.tracking.spool.inventory import inventory

    settings = settings_from(None)
    entries = inventory(settings)
    if as_json:
        terminal.write_json(
            SpoolReport(
                home=str(settings.home),
                waiting_events=_waiting(entries),
                waiting_bytes=sum(entry.unacknowledged_bytes for entry in entries),
                dropped=sum(entry.dropped for entry in entries),
                rejected=sum(entry.rejected for entry in entries),
                spools=entries,
            )
        )
        return
    from everyrun.cli.spool_view import print_entries

    print_entries(entries, str(settings.home / "spool"))


@app.command("replay")
def replay(
    other_hosts: Annotated[
        bool,
        typer.Option(
            "--other-hosts",
            help="Also what processes on other machines left that share this home. "
            "Make sure that they are gone.",
        ),
    ] = False,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Ship now what gone processes left for this ledger. Ends with 5 when it does not answer."""
    from everyrun.cli import terminal, wording
    from everyrun.cli.opening import settings_from
    from everyrun.tracking.sinks import open_sink

    settings = settings_from(url)
    sink = open_sink(settings)
    try:
        replayed = ship_abandoned(settings, sink, other_hosts=other_hosts)
    finally:
        sink.close()
    if as_json:
        terminal.write_json(replayed)
    else:
        terminal.write(
            say(
                "replayed",
                events=wording.counted("event", replayed.events),
                spools=wording.counted("process", replayed.spools),
                rejected=wording.number(replayed.rejected),
                left=wording.number(replayed.left),
            )
        )


@app.command("drop")
def drop(yes: Yes = False, as_json: Json = False) -> None:
    """Delete for good what gone processes left and nobody shipped. Asks first."""
    from everyrun.cli import terminal, wording
    from everyrun.cli.asking import confirm
    from everyrun.cli.opening import settings_from
    from everyrun.tracking.spool.inventory import SpoolInUse, inventory
    from everyrun.tracking.spool.inventory import drop as drop_spool

    gone = [entry for entry in inventory(settings_from(None)) if not entry.alive]
    dropped = Dropped(events=0, spools=0)
    if gone:
        question = say(
            "ask_drop",
            events=wording.counted("event", sum(waiting_for_good(entry) for entry in gone)),
            size=wording.size(sum(entry.unacknowledged_bytes for entry in gone)),
            spools=wording.counted("process", len(gone)),
        )
        confirm(question, yes=yes)
    for entry in gone:
        try:
            drop_spool(entry)
        except SpoolInUse:  # a recorder adopted it meanwhile, and ships it
            continue
        dropped.events += waiting_for_good(entry)
        dropped.spools += 1
    if as_json:
        terminal.write_json(dropped)
    else:
        terminal.write(say("dropped", events=wording.counted("event", dropped.events)))


def waiting_for_good(entry: "SpoolEntry") -> int:
    """The events that are lost when a spool is dropped: unshipped ones and rejected ones."""
    return entry.unacknowledged_events + entry.rejected


def ship_abandoned(settings: "Settings", sink: "Sink", *, other_hosts: bool) -> Replayed:
    """Ship every abandoned spool bound for the settings' ledger.

    Raises :class:`~everyrun.cli.errors.ReplayStopped`, saying how much still waits.
    """
    from everyrun.cli import wording
    from everyrun.cli.waiting import counting_up
    from everyrun.tracking.spool.adoption import adopting

    before = _abandoned(settings)
    replayed = Replayed(events=0, spools=0, rejected=0, left=0)
    try:
        with counting_up(say("replaying"), total=_waiting(before)) as tell:
            for shipped in adopting(settings, sink, other_hosts=other_hosts):
                replayed.events += shipped
                replayed.spools += not shipped
                tell(shipped)
    except SinkUnavailable as error:
        left = wording.counted("event", _waiting(_abandoned(settings)))
        reason = str(error).partition("\n")[0]
        raise ReplayStopped(say("replay_failed", reason=reason, left=left)) from error
    after = _abandoned(settings)
    replayed.left = _waiting(after)
    replayed.rejected = sum(each.rejected for each in after) - sum(each.rejected for each in before)
    return replayed


def _abandoned(settings: "Settings") -> "list[SpoolEntry]":
    """The spools of gone processes that are bound for the settings' ledger."""
    from everyrun.tracking.spool.inventory import inventory
    from everyrun.tracking.spool.layout import spools_of

    folder = spools_of(settings.home, settings.url)
    return [
        entry
        for entry in inventory(settings)
        if not entry.alive and Path(entry.path).parent == folder
    ]


def _waiting(entries: "Sequence[SpoolEntry]") -> int:
    return sum(entry.unacknowledged_events for entry in entries)
