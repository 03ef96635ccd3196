"""The spool as a table."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from everyrun.cli import tables, terminal, wording
from everyrun.cli.messages import say
from everyrun.cli.terminal import styled
from everyrun.domain.clock import to_datetime

if TYPE_CHECKING:
    from everyrun.tracking.spool.inventory import SpoolEntry

_HEADINGS = ("h_process", "h_program", "h_state", "h_waiting", "h_size", "h_oldest", "h_dropped")


def print_entries(entries: "Sequence[SpoolEntry]", folder: str) -> None:
    """Print one line a process, and the sum of what waits."""
    if not terminal.for_people():
        headings = [say(key) for key in (*_HEADINGS, "h_rejected", "h_ledger", "h_folder")]
        terminal.write_rows(headings, [_plain_row(entry) for entry in entries])
        return
    if not entries:
        terminal.aside(say("spool_empty"))
        return
    columns = [
        tables.Column(heading=say("h_process"), least=12),
        tables.Column(heading=say("h_program"), least=10, expendable=4),
        tables.Column(heading=say("h_state")),
        tables.Column(heading=say("h_waiting"), right=True),
        tables.Column(heading=say("h_size"), right=True),
        tables.Column(heading=say("h_oldest"), expendable=2),
        tables.Column(heading=say("h_dropped"), right=True),
        tables.Column(heading=say("h_rejected"), right=True),
        tables.Column(heading=say("h_ledger"), least=16, expendable=3),
    ]
    for line in tables.draw(columns, [_cells(e) for e in entries], terminal.out().width):
        terminal.write_text(line)
    events = wording.counted("event", sum(each.unacknowledged_events for each in entries))
    size = wording.size(sum(entry.unacknowledged_bytes for entry in entries))
    terminal.aside(say("spool_total", events=events, size=size, folder=folder))


def _cells(entry: "SpoolEntry") -> list[Text]:
    alive = entry.alive
    return [
        styled(f"{entry.recorder.pid}@{entry.recorder.host}", "bold"),
        styled(Path(entry.recorder.program).name),
        styled(
            f"▶ {say('alive')}" if alive else f"? {say('gone')}", "cyan" if alive else "magenta"
        ),
        styled(wording.number(entry.unacknowledged_events)),
        styled(wording.size(entry.unacknowledged_bytes)),
        styled(_oldest(entry)),
        _alarming(entry.dropped),
        _alarming(entry.rejected),
        styled(entry.destination, "bright_black"),
    ]


def _oldest(entry: "SpoolEntry") -> str:
    if entry.oldest_at is None:
        return wording.NOTHING
    return wording.ago(to_datetime(entry.oldest_at), datetime.now(UTC), UTC)


def _alarming(count: int) -> Text:
    return styled(wording.number(count), "bold red" if count else "bright_black")


def _plain_row(entry: "SpoolEntry") -> list[str]:
    oldest = "" if entry.oldest_at is None else to_datetime(entry.oldest_at).isoformat()
    return [
        f"{entry.recorder.pid}@{entry.recorder.host}",
        entry.recorder.program,
        "alive" if entry.alive else "gone",
        str(entry.unacknowledged_events),
        str(entry.unacknowledged_bytes),
        oldest,
        str(entry.dropped),
        str(entry.rejected),
        entry.destination,
        entry.path,
    ]
