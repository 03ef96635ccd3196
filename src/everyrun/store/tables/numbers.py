"""Small whole numbers for what the seeds' endpoints call by number."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from everyrun.store.column_types import Identifier
from everyrun.store.tables.base import Base
from everyrun.store.tables.changes import RowNumber


class WorkflowNumber(Base):
    """A workflow's number, given when one is first asked for: the seeds' ``script_id``."""

    __tablename__ = "workflow_numbers"

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    workflow_id: Mapped[str] = mapped_column(
        Identifier, ForeignKey("workflows.id", ondelete="CASCADE"), unique=True
    )

    __table_args__ = ({"sqlite_autoincrement": True},)


class NodeExecutionNumber(Base):
    """A node execution's number, given when one is first asked for: the seeds' ``log_id``.

    It refers to a partitioned table: ``store.deleting`` sees to it.
    """

    __tablename__ = "node_execution_numbers"

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    node_execution_id: Mapped[str] = mapped_column(Identifier, unique=True)
    workflow_execution_id: Mapped[str] = mapped_column(Identifier, index=True)

    __table_args__ = ({"sqlite_autoincrement": True},)
