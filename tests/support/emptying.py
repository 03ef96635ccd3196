"""Take every row out of a ledger and keep its schema: a fresh ledger a Hypothesis example."""

from sqlalchemy import delete

from everyrun.store.database import Database
from everyrun.store.tables import Base


def empty(database: Database) -> None:
    """Delete every row of every table, children first."""
    with database.writing() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(delete(table))
