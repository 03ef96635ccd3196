"""Who runs what, who asked for what, what fired when."""

import sqlalchemy as sa
from alembic import op

from everyrun.store import column_types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "concurrency_slots",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("node_execution_id", column_types.Identifier(), nullable=False),
        sa.Column("workflow_execution_id", column_types.Identifier(), nullable=False),
        sa.PrimaryKeyConstraint("key", "node_execution_id", name=op.f("pk_concurrency_slots")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_concurrency_slots_workflow_execution_id"),
        "concurrency_slots",
        ["workflow_execution_id"],
        unique=False,
    )
    op.create_table(
        "execution_leases",
        sa.Column("workflow_execution_id", column_types.Identifier(), nullable=False),
        sa.Column("workflow_id", column_types.Identifier(), nullable=False),
        sa.Column("batch_id", column_types.Identifier(), nullable=True),
        sa.Column("priority", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("available_at", column_types.Moment(), nullable=False),
        sa.Column("at_most", sa.Integer(), nullable=True),
        sa.Column("owner", column_types.Identifier(), nullable=True),
        sa.Column("host", sa.Text(), nullable=True),
        sa.Column("epoch", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("expires_at", column_types.Moment(), nullable=True),
        sa.Column("paused_at", column_types.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("workflow_execution_id", name=op.f("pk_execution_leases")),
    )
    op.create_index(
        "ix_execution_leases_expires_at", "execution_leases", ["expires_at"], unique=False
    )
    op.create_index(
        "ix_execution_leases_waiting",
        "execution_leases",
        ["owner", "priority", "workflow_execution_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_execution_leases_workflow_id"), "execution_leases", ["workflow_id"], unique=False
    )
    op.create_table(
        "execution_requests",
        sa.Column("workflow_execution_id", column_types.Identifier(), nullable=False),
        sa.Column("id", column_types.Identifier(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("node", sa.Text(), nullable=True),
        sa.Column("data", column_types.Payload(), nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=True),
        sa.Column("asked_at", column_types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("workflow_execution_id", "id", name=op.f("pk_execution_requests")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "leaderships",
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("owner", column_types.Identifier(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("expires_at", column_types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leaderships")),
    )
    op.create_table(
        "reused_nodes",
        sa.Column("workflow_execution_id", column_types.Identifier(), nullable=False),
        sa.Column("node_execution_id", column_types.Identifier(), nullable=False),
        sa.Column("origin_execution_id", column_types.Identifier(), nullable=False),
        sa.Column("origin_node_execution_id", column_types.Identifier(), nullable=False),
        sa.PrimaryKeyConstraint(
            "workflow_execution_id", "node_execution_id", name=op.f("pk_reused_nodes")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "schedule_backfills",
        sa.Column("id", column_types.Identifier(), nullable=False),
        sa.Column("schedule_id", column_types.Identifier(), nullable=False),
        sa.Column("batch_id", column_types.Identifier(), nullable=False),
        sa.Column("since", column_types.Moment(), nullable=False),
        sa.Column("until", column_types.Moment(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=True),
        sa.Column("asked_at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["schedules.id"],
            name=op.f("fk_schedule_backfills_schedule_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_backfills")),
        sa.UniqueConstraint("batch_id", name=op.f("uq_schedule_backfills_batch_id")),
    )
    op.create_index(
        op.f("ix_schedule_backfills_schedule_id"),
        "schedule_backfills",
        ["schedule_id"],
        unique=False,
    )
    op.create_table(
        "schedule_fires",
        sa.Column("schedule_id", column_types.Identifier(), nullable=False),
        sa.Column("due_at", column_types.Moment(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("fired_at", column_types.Moment(), nullable=False),
        sa.Column("workflow_execution_id", column_types.Identifier(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["schedules.id"],
            name=op.f("fk_schedule_fires_schedule_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("schedule_id", "due_at", name=op.f("pk_schedule_fires")),
    )
    op.add_column(
        "batches", sa.Column("parallel", sa.Integer(), server_default=sa.text("1"), nullable=False)
    )
    op.add_column("batches", sa.Column("stop_asked_at", column_types.Moment(), nullable=True))
    op.add_column("batches", sa.Column("stop_asked_by", sa.Text(), nullable=True))
    op.add_column("batches", sa.Column("owner", column_types.Identifier(), nullable=True))
    op.add_column("batches", sa.Column("expires_at", column_types.Moment(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(
            "workflow_versions",
            "definition",
            type_=column_types.Document(),
            postgresql_using="definition::json",
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(
            "workflow_versions",
            "definition",
            type_=column_types.Payload(),
            postgresql_using="definition::jsonb",
        )
    op.drop_column("batches", "expires_at")
    op.drop_column("batches", "owner")
    op.drop_column("batches", "stop_asked_by")
    op.drop_column("batches", "stop_asked_at")
    op.drop_column("batches", "parallel")
    op.drop_table("schedule_fires")
    op.drop_index(op.f("ix_schedule_backfills_schedule_id"), table_name="schedule_backfills")
    op.drop_table("schedule_backfills")
    op.drop_table("reused_nodes")
    op.drop_table("leaderships")
    op.drop_table("execution_requests")
    op.drop_index(op.f("ix_execution_leases_workflow_id"), table_name="execution_leases")
    op.drop_index("ix_execution_leases_waiting", table_name="execution_leases")
    op.drop_index("ix_execution_leases_expires_at", table_name="execution_leases")
    op.drop_table("execution_leases")
    op.drop_index(
        op.f("ix_concurrency_slots_workflow_execution_id"), table_name="concurrency_slots"
    )
    op.drop_table("concurrency_slots")
