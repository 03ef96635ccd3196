"""The design of seed 004 as it is written there: a session and commits in every signal.

Its chain id, found in the first argument there, is one for all here: every task counts up one row.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from celery import signals
from sqlalchemy import ForeignKey, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker


class Base(DeclarativeBase):
    """The seed's two tables."""


class Chain(Base):
    """``chain_executions``."""

    __tablename__ = "chain_executions"
    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str]
    completed_tasks: Mapped[int] = mapped_column(default=0)


class TaskLog(Base):
    """``task_logs``."""

    __tablename__ = "task_logs"
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[str] = mapped_column(unique=True)
    task_name: Mapped[str]
    status: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    chain_execution_id: Mapped[int] = mapped_column(ForeignKey("chain_executions.id"))


def install(path: Path) -> None:
    """Connect the seed's two handlers, over an SQLite file as gentle as our own ledger's."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 60})
    event.listen(engine, "connect", _be_gentle)
    if not path.exists():
        Base.metadata.create_all(engine)
        with Session(engine) as session, session.begin():
            session.add(Chain(chain_id="chain", status="PENDING"))
    sessions = sessionmaker(engine)
    signals.worker_process_init.connect(lambda **_: engine.dispose(close=False), weak=False)
    signals.task_prerun.connect(lambda **told: _prerun(sessions, **told), weak=False)
    signals.task_postrun.connect(lambda **told: _postrun(sessions, **told), weak=False)


def _be_gentle(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _prerun(sessions: sessionmaker[Session], task_id: str, task: Any, **_: Any) -> None:
    with sessions() as session:
        chain = session.scalars(select(Chain).where(Chain.chain_id == "chain")).one()
        session.add(
            TaskLog(
                task_id=task_id,
                task_name=task.name,
                status="STARTED",
                started_at=datetime.now(UTC),
                chain_execution_id=chain.id,
            )
        )
        session.commit()
        if chain.status == "PENDING":
            chain.status = "STARTED"
            session.commit()


def _postrun(sessions: sessionmaker[Session], task_id: str, **_: Any) -> None:
    with sessions() as session:
        task = session.scalars(select(TaskLog).where(TaskLog.task_id == task_id)).one_or_none()
        if task is None:
            return
        task.status = "SUCCESS"
        task.finished_at = datetime.now(UTC)
        session.commit()
        chain = session.get_one(Chain, task.chain_execution_id)
        chain.completed_tasks += 1
        session.commit()
