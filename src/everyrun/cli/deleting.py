"""``everyrun delete``: executions with all that belongs to them, for good."""

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from everyrun.cli.errors import BadInput
from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url, Yes
from everyrun.domain.status import SETTLED, Status
from everyrun.domain.views.limits import LONGEST_PAGE

if TYPE_CHECKING:
    from everyrun.cli.ledgers.ports import Ledger
    from everyrun.domain.views.executions import ExecutionFilters

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
    with ledger(url) as opened:
        if older_than:
            until = datetime.now(UTC) - parse_span(older_than)
            statuses = tuple(status) if status else _OVER
            doomed = matching(
                opened, ExecutionFilters(workflow=workflow, statuses=statuses, until=until)
            )
        else:
            doomed = named(opened, executions or [])
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
            deleted = delete_all(opened, doomed.ids)
    if as_json:
        terminal.write_json({"deleted": deleted, "statuses": doomed.statuses})
    elif doomed.ids:
        terminal.write(say("deleted", executions=wording.counted("execution", deleted)))
    else:
        terminal.write(say("nothing_to_delete"))


def matching(ledger: "Ledger", filters: "ExecutionFilters") -> Doomed:
    """Every execution that the filters match; counts on stderr, as there may be very many."""
    from everyrun.cli.waiting import counting_up

    doomed, cursor = Doomed([], Counter()), None
    with counting_up(say("counting")) as tell:
        while True:
            page = ledger.executions.page(filters, limit=LONGEST_PAGE, cursor=cursor)
            for item in page.items:
                doomed.ids.append(item.id)
                doomed.statuses[item.status] += 1
            tell(len(page.items))
            cursor = page.next
            if cursor is None:
                return doomed


def named(ledger: "Ledger", texts: list[str]) -> Doomed:
    """The executions that these texts name, each once."""
    from everyrun.cli.finding import find

    ids = list(dict.fromkeys(find(ledger, text) for text in texts))
    return Doomed(ids, Counter(ledger.executions.summary(id_).status for id_ in ids))


def delete_all(ledger: "Ledger", ids: list[str]) -> int:
    """Delete these; answers how many there still were to delete."""
    from everyrun.cli.waiting import counting_up

    with counting_up(say("deleting"), total=len(ids)) as tell:
        return ledger.executions.delete(ids, tell)
