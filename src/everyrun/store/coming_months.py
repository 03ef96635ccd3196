"""Partitions made before they are needed, for processes that live on into the next month."""

from everyrun.domain.identifiers import new_id
from everyrun.store.database import Database
from everyrun.store.partitions import ensure_months, month_of


def prepare_months(database: Database) -> None:
    """Make sure of room for executions that are born now or in the next days.

    Costs nothing once it is known to be there.
    """
    if database.dialect != "postgresql":
        return
    this_month = month_of(new_id())
    if this_month is None:
        return
    missing = {this_month, this_month + 1} - database.known_months
    if missing:
        database.transact(lambda connection: ensure_months(connection, missing))
        database.known_months |= missing
