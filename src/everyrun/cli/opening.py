"""Opening the ledger that the settings name: where the rooms are put together."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from everyrun.cli.errors import LedgerMissing, NeedsDatabase
from everyrun.cli.messages import language, say

if TYPE_CHECKING:
    from everyrun.cli.ledgers.ports import Ledger
    from everyrun.store.database import Database
    from everyrun.tracking.settings import Settings


def settings_from(url: str | None) -> "Settings":
    """The settings of the environment, with the ledger's URL where one was given.

    Raises :class:`~everyrun.domain.errors.SettingsError`.
    """
    from everyrun.tracking.settings import Settings

    return Settings.from_environment(url=url)


@contextmanager
def unchecked_ledger(url: str | None, *, create: bool = False) -> Iterator["Database"]:
    """The ledger, whatever its schema; closed at the end.

    What the database refuses is raised as an :class:`~everyrun.domain.errors.EveryrunError`.
    ``create`` allows an SQLite file that does not exist yet.
    """
    target = settings_from(url).url
    if is_server(target):
        raise NeedsDatabase(say("needs_database", url=target))
    from everyrun.store.database import normalised_url, open_database
    from everyrun.store.explaining import explained

    with explained():
        place = normalised_url(target)
        if place.get_backend_name() == "sqlite" and not create:
            path = Path(str(place.database))
            if not path.exists():
                raise LedgerMissing(say("ledger_missing", path=path), str(path))
        database = open_database(target)
        try:
            yield database
        finally:
            database.close()


@contextmanager
def ledger(url: str | None) -> Iterator["Ledger"]:
    """The ledger, for reading or writing, its schema checked; or a server. Closed at the end.

    What ended processes of this machine left for it is taken in first, and what engines left that
    are gone is told as lost. Raises
    :class:`LedgerMissing` where nothing was ever recorded, and the ledger's own errors.
    """
    from everyrun.cli.ledgers.here.ledger import LedgerHere
    from everyrun.cli.lost_engines import tell_of_lost_engines
    from everyrun.cli.taking_in import take_in_what_waits

    settings = settings_from(url)
    take_in_what_waits(settings)
    if is_server(settings.url):
        with server(settings) as there:
            yield there
        return
    with unchecked_ledger(url) as database:
        from everyrun.store.schema import SchemaState

        state = database.schema()
        if state is SchemaState.EMPTY:
            place = place_of(database)
            raise LedgerMissing(say("ledger_empty", url=place), place)
        state.require_current()
        tell_of_lost_engines(database, settings)
        yield LedgerHere(database)


@contextmanager
def ledger_to_run(url: str | None) -> Iterator["Ledger"]:
    """The ledger, for what runs: made where there is none yet, migrated where it may be."""
    from everyrun.cli.ledgers.here.ledger import LedgerHere

    settings = settings_from(url)
    if is_server(settings.url):
        with server(settings) as there:
            yield there
        return
    with database_to_run(url) as database:
        yield LedgerHere(database)


def is_server(url: str) -> bool:
    """Whether a ledger's URL is that of a server."""
    return url.startswith(("http://", "https://"))


@contextmanager
def server(settings: "Settings") -> Iterator["Ledger"]:
    """The server that the settings name."""
    from everyrun.cli.ledgers.there.ledger import LedgerThere
    from everyrun.client import Client

    with Client(settings.url, token=settings.token, language=language()) as client:
        yield LedgerThere(client)


@contextmanager
def database_to_run(url: str | None) -> Iterator["Database"]:
    """The ledger's database: made where there is none yet, migrated where it may be."""
    with unchecked_ledger(url, create=True) as database:
        from everyrun.store.sql_sink import prepare_ledger

        prepare_ledger(database)
        yield database


def place_of(database: "Database") -> str:
    """Where a ledger lies, for people: a file's path, or a URL without its password."""
    if database.dialect == "sqlite":
        return str(database.url.database)
    return database.url.set(drivername="postgresql").render_as_string(hide_password=True)
