"""What appeared, settled or was altered lately, in the order in which it was committed."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from everyrun.store.column_types import Identifier, Payload
from everyrun.store.tables.base import Base

RowNumber = BigInteger().with_variant(Integer, "sqlite")
"""A number that the database gives; SQLite does so for this type alone."""


class Change(Base):
    """One change, kept for a while: what polling pages ask for.

    Readers go by (``transaction``, ``id``). On PostgreSQL rows of transactions may be committed in
    another order than their ids were given; ``transaction`` is the id of the writer's, and only
    those below every open one are read, so that none is passed over. On SQLite it is 0, and the
    order is that of the ids alone, of which the highest is always kept, so that none comes again.
    """

    __tablename__ = "changes"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    transaction: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    at: Mapped[datetime]
    type: Mapped[str] = mapped_column(String(40))
    workflow_id: Mapped[str | None] = mapped_column(Identifier)
    workflow_execution_id: Mapped[str | None] = mapped_column(Identifier)
    batch_id: Mapped[str | None] = mapped_column(Identifier)
    data: Mapped[Any | None] = mapped_column(Payload)

    __table_args__ = (
        Index("ix_changes_transaction_id", "transaction", "id", info={"only_on": "postgresql"}),
    )
