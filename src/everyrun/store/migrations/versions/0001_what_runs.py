"""What runs, when, for whom, and its sums."""

import sqlalchemy as sa
from alembic import op

from everyrun.store import column_types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("id", column_types.Identifier(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "status", sa.String(length=20), server_default=sa.text("'pending'"), nullable=False
        ),
        sa.Column("executions_total", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "executions_completed", sa.Integer(), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("executions_failed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "executions_cancelled", sa.Integer(), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("executions_not_run", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", column_types.Moment(), nullable=False),
        sa.Column("started_at", column_types.Moment(), nullable=True),
        sa.Column("ended_at", column_types.Moment(), nullable=True),
        sa.Column("started_by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_table(
        "dashboard_stats",
        sa.Column("stat_key", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("stat_value", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("updated_at", column_types.Moment(), nullable=False),
        sa.Column("created_at", column_types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("stat_key", "day", "timezone", name=op.f("pk_dashboard_stats")),
    )
    op.create_table(
        "users",
        sa.Column("id", column_types.Identifier(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("created_at", column_types.Moment(), nullable=False),
        sa.Column("disabled_at", column_types.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("name", name=op.f("uq_users_name")),
    )
    op.create_table(
        "workflows",
        sa.Column("id", column_types.Identifier(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("execution_order", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", column_types.Moment(), nullable=False),
        sa.Column("updated_at", column_types.Moment(), nullable=False),
        sa.Column("deleted_at", column_types.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflows")),
        sa.UniqueConstraint("kind", "name", name=op.f("uq_workflows_kind_name")),
    )
    op.create_index("ix_workflows_name", "workflows", ["name"], unique=False)
    op.create_table(
        "log_stats",
        sa.Column("workflow_id", column_types.Identifier(), nullable=False),
        sa.Column("executions", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("nodes_completed", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("nodes_failed", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("duration_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("duration_sum", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workflow_id"],
            ["workflows.id"],
            name=op.f("fk_log_stats_workflow_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workflow_id", name=op.f("pk_log_stats")),
    )
    op.create_table(
        "nodes",
        sa.Column("id", column_types.Identifier(), nullable=False),
        sa.Column("workflow_id", column_types.Identifier(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("node_type", sa.String(length=100), nullable=True),
        sa.Column(
            "retry_config", column_types.Payload(), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("created_at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workflow_id"], ["workflows.id"], name=op.f("fk_nodes_workflow_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nodes")),
        sa.UniqueConstraint("workflow_id", "key", name=op.f("uq_nodes_workflow_id_key")),
    )
    op.create_table(
        "schedules",
        sa.Column("id", column_types.Identifier(), nullable=False),
        sa.Column("workflow_id", column_types.Identifier(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("definition", column_types.Payload(), nullable=False),
        sa.Column(
            "timezone", sa.String(length=64), server_default=sa.text("'UTC'"), nullable=False
        ),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("paused_reason", sa.Text(), nullable=True),
        sa.Column("next_fire_at", column_types.Moment(), nullable=True),
        sa.Column("last_fire_at", column_types.Moment(), nullable=True),
        sa.Column("created_at", column_types.Moment(), nullable=False),
        sa.Column("updated_at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workflow_id"],
            ["workflows.id"],
            name=op.f("fk_schedules_workflow_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
        sa.UniqueConstraint("workflow_id", "name", name=op.f("uq_schedules_workflow_id_name")),
    )
    op.create_index("ix_schedules_due", "schedules", ["active", "next_fire_at"], unique=False)
    op.create_index(op.f("ix_schedules_workflow_id"), "schedules", ["workflow_id"], unique=False)
    op.create_table(
        "stats_buckets",
        sa.Column("bucket", column_types.Moment(), nullable=False),
        sa.Column("workflow_id", column_types.Identifier(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("executions", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("duration_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("duration_sum", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workflow_id"],
            ["workflows.id"],
            name=op.f("fk_stats_buckets_workflow_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("bucket", "workflow_id", "status", name=op.f("pk_stats_buckets")),
    )
    op.create_index(
        "ix_stats_buckets_workflow_id_bucket",
        "stats_buckets",
        ["workflow_id", "bucket"],
        unique=False,
    )
    op.create_table(
        "tokens",
        sa.Column("id", column_types.Identifier(), nullable=False),
        sa.Column("user_id", column_types.Identifier(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", column_types.Moment(), nullable=False),
        sa.Column("last_used_at", column_types.Moment(), nullable=True),
        sa.Column("revoked_at", column_types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_tokens_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tokens_token_hash")),
    )
    op.create_index(op.f("ix_tokens_user_id"), "tokens", ["user_id"], unique=False)
    op.create_table(
        "workflow_versions",
        sa.Column("id", column_types.Identifier(), nullable=False),
        sa.Column("workflow_id", column_types.Identifier(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("definition", column_types.Payload(), nullable=False),
        sa.Column("created_at", column_types.Moment(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workflow_id"],
            ["workflows.id"],
            name=op.f("fk_workflow_versions_workflow_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_versions")),
        sa.UniqueConstraint(
            "workflow_id", "version", name=op.f("uq_workflow_versions_workflow_id_version")
        ),
    )


def downgrade() -> None:
    op.drop_table("workflow_versions")
    op.drop_index(op.f("ix_tokens_user_id"), table_name="tokens")
    op.drop_table("tokens")
    op.drop_index("ix_stats_buckets_workflow_id_bucket", table_name="stats_buckets")
    op.drop_table("stats_buckets")
    op.drop_index(op.f("ix_schedules_workflow_id"), table_name="schedules")
    op.drop_index("ix_schedules_due", table_name="schedules")
    op.drop_table("schedules")
    op.drop_table("nodes")
    op.drop_table("log_stats")
    op.drop_index("ix_workflows_name", table_name="workflows")
    op.drop_table("workflows")
    op.drop_table("users")
    op.drop_table("dashboard_stats")
    op.drop_table("batches")
