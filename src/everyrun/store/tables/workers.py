"""Workers of Celery and the queues that they take from, as the workers say themselves."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from everyrun.store.column_types import Identifier, Payload
from everyrun.store.tables.base import Base

STANDING_WORKERS = text("stopped_at IS NULL")


class CeleryWorker(Base):
    """One worker's main process, from its start to its end; ``id`` is its recorder's.

    Kept for a week after it was last seen.
    """

    __tablename__ = "celery_workers"

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    broker: Mapped[str] = mapped_column(Text)
    pool: Mapped[str] = mapped_column(String(100))
    concurrency: Mapped[int] = mapped_column(BigInteger)
    seen_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    running_total: Mapped[int] = mapped_column(BigInteger)
    reserved: Mapped[int] = mapped_column(BigInteger)
    done: Mapped[int] = mapped_column(BigInteger)
    queues: Mapped[Any] = mapped_column(Payload)
    running: Mapped[Any] = mapped_column(Payload)

    __table_args__ = (
        Index(
            "ix_celery_workers_standing",
            "id",
            sqlite_where=STANDING_WORKERS,
            postgresql_where=STANDING_WORKERS,
        ),
    )


class CeleryQueue(Base):
    """How many messages waited in a queue when a worker last looked. Kept for a week after."""

    __tablename__ = "celery_queues"

    broker: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    messages: Mapped[int | None] = mapped_column(BigInteger)
    seen_at: Mapped[datetime]
    seen_by: Mapped[str] = mapped_column(Text)
