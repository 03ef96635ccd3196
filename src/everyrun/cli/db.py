"""``everyrun db``: the ledger's schema, up and down, and whether all adds up."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from everyrun.cli.errors import BadInput
from everyrun.cli.exits import ExitCode
from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url, Yes

if TYPE_CHECKING:
    from everyrun.store.database import Database

app = typer.Typer(
    name="db", help="The ledger's schema: migrate it up or down, check that all adds up."
)

NO_SCHEMA = "base"


class SchemaReport(msgspec.Struct):
    """Where a ledger's schema stands."""

    ledger: str
    revision: str | None


class CheckReport(msgspec.Struct):
    """What ``everyrun db check`` found: per part, the differences in words."""

    ledger: str
    revision: str | None
    ok: bool
    schema: list[str]
    counters: list[str]
    integrity: list[str]


@app.command("upgrade")
def upgrade(
    revision: Annotated[str, typer.Option("--revision", help="Up to this revision.")] = "head",
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Make the ledger's tables, or migrate them to this Everyrun's schema."""
    from everyrun.cli.opening import unchecked_ledger

    with unchecked_ledger(url, create=True) as database:
        _require_known(revision, also="head")
        database.upgrade(revision)
        _report(database, as_json=as_json)


@app.command("downgrade")
def downgrade(
    revision: Annotated[
        str,
        typer.Option(
            "--revision", help="Down to this revision; base removes all.", show_default=False
        ),
    ],
    yes: Yes = False,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Take the ledger's schema back. What newer revisions added is deleted."""
    from everyrun.cli.asking import confirm
    from everyrun.cli.opening import place_of, unchecked_ledger
    from everyrun.store.schema import schema_revision

    with unchecked_ledger(url) as database:
        _require_known(revision, also=NO_SCHEMA)
        with database.reading() as connection:
            current = schema_revision(connection)
        question = say(
            "ask_downgrade",
            place=place_of(database),
            current=current,
            revision=revision,
            everything=say("everything") if revision == NO_SCHEMA else "",
        )
        confirm(question, yes=yes)
        database.downgrade(revision)
        _report(database, as_json=as_json)


@app.command("check")
def check(as_json: Json = False, url: Url = None) -> None:
    """Check schema, counters and integrity; print differences and end with 1 when there are any."""
    from everyrun.cli import terminal
    from everyrun.cli.opening import unchecked_ledger

    with unchecked_ledger(url) as database:
        report = inspect_ledger(database)
    if as_json:
        terminal.write_json(report)
    else:
        _print_check(report)
    if not report.ok:
        raise typer.Exit(ExitCode.FAILED)


def inspect_ledger(database: "Database") -> CheckReport:
    """Check every part of a ledger; its counters only where the schema is this code's."""
    from everyrun.cli.opening import place_of
    from everyrun.cli.waiting import working
    from everyrun.store.checking import check_counters, check_integrity
    from everyrun.store.schema import SchemaState, schema_revision

    state = database.schema()
    counters: list[str] = []
    with working(say("checking")), database.reading() as connection:
        revision = schema_revision(connection)
        if state is SchemaState.CURRENT:
            counters = check_counters(connection)
        integrity = check_integrity(connection)
    schema = [] if state is SchemaState.CURRENT else [say(f"schema_{state.name.lower()}")]
    return CheckReport(
        ledger=place_of(database),
        revision=revision,
        ok=not (schema or counters or integrity),
        schema=schema,
        counters=counters,
        integrity=integrity,
    )


def _require_known(revision: str, also: str) -> None:
    from everyrun.store.schema import REVISIONS

    if revision not in (*REVISIONS, also):
        known = ", ".join((also, *REVISIONS))
        raise BadInput(say("bad_revision", revision=revision, known=known))


def _report(database: "Database", *, as_json: bool) -> None:
    from everyrun.cli import terminal
    from everyrun.cli.opening import place_of
    from everyrun.store.schema import schema_revision

    with database.reading() as connection:
        revision = schema_revision(connection)
    report = SchemaReport(ledger=place_of(database), revision=revision)
    if as_json:
        terminal.write_json(report)
    else:
        terminal.write(say("at_revision", place=report.ledger, revision=revision or NO_SCHEMA))


def _print_check(report: CheckReport) -> None:
    from everyrun.cli import marks, terminal, wording
    from everyrun.cli.terminal import styled
    from everyrun.domain.status import Status

    terminal.write_text(styled(report.ledger, "bold"))
    for part in ("schema", "counters", "integrity"):
        found: list[str] = getattr(report, part)
        status = Status.FAILED if found else Status.COMPLETED
        text = styled(f"  {marks.icon(status)} {say(f'check_{part}')}  ", marks.style(status))
        text.append(wording.counted("difference", len(found)) if found else say("check_ok"))
        terminal.write_text(text)
        for difference in found:
            terminal.write_text(styled(f"      {difference}"))
