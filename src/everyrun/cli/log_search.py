"""``everyrun logs --search``: a text in the lines of one execution or of all, newest first."""

import sys
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from everyrun.cli import terminal
from everyrun.cli.messages import say
from everyrun.domain.status import LogLevel
from everyrun.domain.views.limits import LONGEST_PAGE

if TYPE_CHECKING:
    from everyrun.cli.ledgers.ports import Ledger
    from everyrun.cli.log_lines import LineWriter


class SearchRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is searched for."""

    text: str
    levels: tuple[LogLevel, ...] = ()
    workflow: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 100
    cursor: str | None = None


def print_matches(
    ledger: "Ledger", execution: str | None, request: SearchRequest, writer: "LineWriter"
) -> None:
    """Print up to ``request.limit`` lines, however many bounded searches it takes."""
    from everyrun.cli.finding import find
    from everyrun.cli.paging import next_command
    from everyrun.cli.waiting import searching

    execution_id = None if execution is None else find(ledger, execution)
    cursor, found = request.cursor, 0
    with searching() as tell:
        while True:
            page = ledger.logs.search(
                request,
                execution_id,
                limit=min(max(request.limit - found, 1), LONGEST_PAGE),
                cursor=cursor,
            )
            writer.write_found(page.lines)
            cursor, found = page.next, found + len(page.lines)
            if cursor is None or found >= request.limit:
                break
            tell(page.searched_to)
    if not found and not writer.as_json:
        terminal.aside(say("no_line_matches"))
    if cursor is not None:
        terminal.aside(say("next_page", command=next_command(sys.argv[1:], cursor)))
