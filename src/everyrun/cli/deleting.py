"""``everyrun delete``: executions with all that belongs to them, for good."""

from collections import Counter
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from everyrun.cli.errors import BadInput
from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url, Yes
from everyrun.domain.status import SETTLED, Status

if TYPE_CHECKING:
    from everyrun.domain.views.executions import ExecutionFilters
    from everyrun.store.database import Database

DELETED_AT_ONCE = 200
_OVER = (*sorted(SETTLED), Status.LOST)


class Doomed(msgspec.Struct):
    """The executions that a command is about to delete."""

    ids: list[str]
    statuses: Counter[str]


def delete(
    executions: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...",
            help="Ids, unique beginnings of them, or external ids.",
            show_default=False,
        ),
    ] = None,
    older_than: Annotated[
        str | None,
        typer.Option(
            "--older-than",
            metavar="SPAN",
            help="All that are older than this, such as 90d; those that still run stay.",
            show_default=False,
        ),
    ] = None,
    status: Annotated[
        list[Status] | None,
        typer.Option(
            "--status",
            "-s",
            help="With --older-than: in this status; repeatable.",
            show_default=False,
        ),
    ] = None,
    workflow: Annotated[
        str | None,
        typer.Option(
            "--workflow", "-w", help="With --older-than: of this workflow.", show_default=False
        ),
    ] = None,
    yes: Yes = False,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Delete executions with their nodes, attempts and log lines. Asks first."""
    from everyrun.cli import marks, terminal, wording
    from everyrun.cli.asking import confirm
    from everyrun.cli.moments import parse_span
    from everyrun.cli.opening import ledger
    from everyrun.domain.views.executions import ExecutionFilters

    if bool(executions) == bool(older_than):
        raise BadInput(say("something_needed", what="ID… / --older-than SPAN"))
    deleted = 0
    with ledger(url) as database:
        if older_than:
            until = datetime.now(UTC) - parse_span(older_than)
            statuses = tuple(status) if status else _OVER
            doomed = matching(
                database, ExecutionFilters(workflow=workflow, statuses=statuses, until=until)
            )
        else:
            doomed = named(database, executions or [])
        if doomed.ids:
            statuses_text = ", ".join(
                f"{wording.number(count)} {marks.word(word)}"
                for word, count in doomed.statuses.most_common()
            )
            executions_text = wording.counted("execution", len(doomed.ids))
            terminal.aside(
                say("delete_preview", executions=executions_text, statuses=statuses_text)
            )
            confirm(say("ask_delete", executions=executions_text), yes=yes)
            deleted = delete_all(database, doomed.ids)
    if as_json:
        terminal.write_json({"deleted": deleted, "statuses": doomed.statuses})
    elif doomed.ids:
        terminal.write(say("deleted", executions=wording.counted("execution", deleted)))
    else:
        terminal.write(say("nothing_to_delete"))


def matching(database: "Database", filters: "ExecutionFilters") -> Doomed:
    """Every execution that the filters match; counts on stderr, as there may be very many."""
    from everyrun.cli.waiting import counting_up
    from everyrun.store.reading.executions import LONGEST_PAGE, list_executions

    doomed, cursor = Doomed([], Counter()), None
    with counting_up(say("counting")) as tell:
        while True:
            with database.reading() as connection:
                page = list_executions(connection, filters, limit=LONGEST_PAGE, cursor=cursor)
            for item in page.items:
                doomed.ids.append(item.id)
                doomed.statuses[item.status] += 1
            tell(len(page.items))
            cursor = page.next
            if cursor is None:
                return doomed


def named(database: "Database", texts: list[str]) -> Doomed:
    """The executions that these texts name, each once."""
    from everyrun.cli.finding import find
    from everyrun.store.reading.summaries import read_summaries

    ids = list(dict.fromkeys(find(database, text) for text in texts))
    with database.reading() as connection:
        return Doomed(ids, Counter(each.status for each in read_summaries(connection, ids)))


def delete_all(database: "Database", ids: list[str]) -> int:
    """Delete in batches, each its own transaction, so that recorders are not kept waiting.

    Answers how many there still were to delete.
    """
    from everyrun.cli.waiting import counting_up
    from everyrun.store.deleting import delete_executions

    deleted = 0
    with counting_up(say("deleting"), total=len(ids)) as tell:
        for start in range(0, len(ids), DELETED_AT_ONCE):
            batch = ids[start : start + DELETED_AT_ONCE]
            deleted += database.transact(partial(delete_executions, execution_ids=batch))
            tell(len(batch))
    if deleted:
        database.give_space_back()
    return deleted
