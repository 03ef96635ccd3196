"""What a database's refusal means, in the ledger's own words."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)

from everyrun.domain.errors import LedgerError, SinkUnavailable

DatabaseRefused = SQLAlchemyError
"""Whatever goes wrong between us and a database, for those who do not speak SQL."""


@contextmanager
def explained() -> Iterator[None]:
    """Turn what the database refuses inside the block into errors that explain themselves.

    Raises :class:`SinkUnavailable` when the database cannot be reached or used just now, and
    :class:`LedgerError` when the file is no database. Faults of our own SQL pass unchanged.
    """
    try:
        yield
    except DBAPIError as error:
        reason = _first_line(error)
        if isinstance(error, (OperationalError, InterfaceError)) or error.connection_invalidated:
            raise SinkUnavailable(reason) from error
        if type(error) is DatabaseError:
            raise LedgerError(reason) from error
        raise


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).partition("\n")[0].strip()
