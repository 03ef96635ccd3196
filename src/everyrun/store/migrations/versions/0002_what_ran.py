"""What ran: executions, node executions, attempts, logs, and who recorded them."""

import sqlalchemy as sa
from alembic import op

from everyrun.store import column_types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recorders",
        sa.Column("id", column_types.Identifier(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("program", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "everyrun_version", sa.String(length=40), server_default=sa.text("''"), nullable=False
        ),
        sa.Column("started_at", column_types.Moment(), nullable=False),
        sa.Column("last_seen_at", column_types.Moment(), nullable=False),
        sa.Column("gone_at", column_types.Moment(), nullable=True),
        sa.Column("gone_reason", sa.Text(), nullable=True),
        sa.Column("dropped_events", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recorders")),
    )
    op.create_table(
        "workflow_executions",
        sa.Column("id", column_types.Identifier(), nullable=False),
        sa.Column("workflow_id", column_types.Identifier(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("workflow_version_id", column_types.Identifier(), nullable=True),
        sa.Column("batch_id", column_types.Identifier(), nullable=True),
        sa.Column(
            "trigger_type", sa.String(length=50), server_default=sa.text("'manual'"), nullable=False
        ),
        sa.Column(
            "status", sa.String(length=20), server_default=sa.text("'pending'"), nullable=False
        ),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("parent_execution_id", column_types.Identifier(), nullable=True),
        sa.Column("parent_node_execution_id", column_types.Identifier(), nullable=True),
        sa.Column("origin_execution_id", column_types.Identifier(), nullable=True),
        sa.Column("recorder_id", column_types.Identifier(), nullable=True),
        sa.Column("created_at", column_types.Moment(), nullable=False),
        sa.Column("started_at", column_types.Moment(), nullable=True),
        sa.Column("ended_at", column_types.Moment(), nullable=True),
        sa.Column("updated_at", column_types.Moment(), nullable=False),
        sa.Column("seen_at", column_types.Moment(), nullable=True),
        sa.Column("lost_at", column_types.Moment(), nullable=True),
        sa.Column("lost_reason", sa.Text(), nullable=True),
        sa.Column("error_type", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("tags", column_types.Payload(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("nodes_planned", sa.Integer(), nullable=True),
        sa.Column("nodes_total", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("nodes_completed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("nodes_failed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("nodes_cancelled", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("nodes_skipped", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("progress_current", sa.Double(), nullable=True),
        sa.Column("progress_total", sa.Double(), nullable=True),
        sa.Column("progress_message", sa.Text(), nullable=True),
        sa.Column("progress_at", column_types.Moment(), nullable=True),
        sa.Column("log_position", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "context", column_types.Payload(), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column(
            "metadata", column_types.Payload(), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column(
            "input_data", column_types.Payload(), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("output_data", column_types.Payload(), nullable=True),
        sa.Column("error_traceback", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workflow_id"], ["workflows.id"], name=op.f("fk_workflow_executions_workflow_id")
        ),
        sa.ForeignKeyConstraint(
            ["workflow_version_id"],
            ["workflow_versions.id"],
            name=op.f("fk_workflow_executions_workflow_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_executions")),
        postgresql_partition_by="RANGE (id)",
    )
    op.create_index(
        "ix_workflow_executions_batch",
        "workflow_executions",
        ["batch_id", "id"],
        unique=False,
        sqlite_where=sa.text("batch_id IS NOT NULL"),
        postgresql_where=sa.text("batch_id IS NOT NULL"),
    )
    op.create_index(
        "ix_workflow_executions_kind_id", "workflow_executions", ["kind", "id"], unique=False
    )
    op.create_index(
        "ix_workflow_executions_kind_status_id",
        "workflow_executions",
        ["kind", "status", "id"],
        unique=False,
    )
    op.create_index(
        "ix_workflow_executions_kind_trigger_id",
        "workflow_executions",
        ["kind", "trigger_type", "id"],
        unique=False,
    )
    op.create_index(
        "ix_workflow_executions_parent",
        "workflow_executions",
        ["parent_execution_id", "id"],
        unique=False,
        sqlite_where=sa.text("parent_execution_id IS NOT NULL"),
        postgresql_where=sa.text("parent_execution_id IS NOT NULL"),
    )
    op.create_index(
        "ix_workflow_executions_recorder_open",
        "workflow_executions",
        ["recorder_id"],
        unique=False,
        sqlite_where=sa.text("status NOT IN ('completed', 'failed', 'cancelled', 'skipped')"),
        postgresql_where=sa.text("status NOT IN ('completed', 'failed', 'cancelled', 'skipped')"),
    )
    op.create_index(
        "ix_workflow_executions_status_id", "workflow_executions", ["status", "id"], unique=False
    )
    op.create_index(
        "ix_workflow_executions_trigger_status_id",
        "workflow_executions",
        ["trigger_type", "status", "id"],
        unique=False,
    )
    op.create_index(
        "ix_workflow_executions_trigger_type_id",
        "workflow_executions",
        ["trigger_type", "id"],
        unique=False,
    )
    op.create_index(
        "ix_workflow_executions_workflow_id_id",
        "workflow_executions",
        ["workflow_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_workflow_executions_workflow_id_status_id",
        "workflow_executions",
        ["workflow_id", "status", "id"],
        unique=False,
    )
    op.create_index(
        "ix_workflow_executions_workflow_id_trigger_id",
        "workflow_executions",
        ["workflow_id", "trigger_type", "id"],
        unique=False,
    )
    op.create_table(
        "execution_tags",
        sa.Column("tag", sa.String(length=200), nullable=False),
        sa.Column("workflow_execution_id", column_types.Identifier(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workflow_execution_id"],
            ["workflow_executions.id"],
            name=op.f("fk_execution_tags_workflow_execution_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tag", "workflow_execution_id", name=op.f("pk_execution_tags")),
        postgresql_partition_by="RANGE (workflow_execution_id)",
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_execution_tags_execution", "execution_tags", ["workflow_execution_id"], unique=False
    )
    op.create_table(
        "external_ids",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("workflow_execution_id", column_types.Identifier(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workflow_execution_id"],
            ["workflow_executions.id"],
            name=op.f("fk_external_ids_workflow_execution_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("kind", "external_id", name=op.f("pk_external_ids")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_external_ids_workflow_execution_id"),
        "external_ids",
        ["workflow_execution_id"],
        unique=False,
    )
    op.create_table(
        "node_executions",
        sa.Column("workflow_execution_id", column_types.Identifier(), nullable=False),
        sa.Column("id", column_types.Identifier(), nullable=False),
        sa.Column("node_id", column_types.Identifier(), nullable=False),
        sa.Column("parent_node_execution_id", column_types.Identifier(), nullable=True),
        sa.Column("iteration", sa.Text(), nullable=True),
        sa.Column("execution_order", sa.Integer(), nullable=True),
        sa.Column(
            "status", sa.String(length=20), server_default=sa.text("'pending'"), nullable=False
        ),
        sa.Column("attempt", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("recorder_id", column_types.Identifier(), nullable=True),
        sa.Column("started_at", column_types.Moment(), nullable=True),
        sa.Column("attempt_started_at", column_types.Moment(), nullable=True),
        sa.Column("ended_at", column_types.Moment(), nullable=True),
        sa.Column("seen_at", column_types.Moment(), nullable=True),
        sa.Column("lost_at", column_types.Moment(), nullable=True),
        sa.Column("lost_reason", sa.Text(), nullable=True),
        sa.Column("error_type", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("progress_current", sa.Double(), nullable=True),
        sa.Column("progress_total", sa.Double(), nullable=True),
        sa.Column("progress_message", sa.Text(), nullable=True),
        sa.Column("progress_at", column_types.Moment(), nullable=True),
        sa.Column(
            "input_data", column_types.Payload(), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("output_data", column_types.Payload(), nullable=True),
        sa.Column("error_traceback", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["node_id"], ["nodes.id"], name=op.f("fk_node_executions_node_id")),
        sa.ForeignKeyConstraint(
            ["workflow_execution_id"],
            ["workflow_executions.id"],
            name=op.f("fk_node_executions_workflow_execution_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workflow_execution_id", "id", name=op.f("pk_node_executions")),
        postgresql_partition_by="RANGE (workflow_execution_id)",
    )
    op.create_index(
        "ix_node_executions_node_id_started_at",
        "node_executions",
        ["node_id", "started_at"],
        unique=False,
    )
    op.create_index(
        "ix_node_executions_recorder_open",
        "node_executions",
        ["recorder_id"],
        unique=False,
        sqlite_where=sa.text("status NOT IN ('completed', 'failed', 'cancelled', 'skipped')"),
        postgresql_where=sa.text("status NOT IN ('completed', 'failed', 'cancelled', 'skipped')"),
    )
    op.create_index(
        "ix_node_executions_status_started_at",
        "node_executions",
        ["status", "started_at"],
        unique=False,
        sqlite_where=sa.text("status NOT IN ('completed', 'skipped')"),
        postgresql_where=sa.text("status NOT IN ('completed', 'skipped')"),
    )
    op.create_table(
        "execution_logs",
        sa.Column("workflow_execution_id", column_types.Identifier(), nullable=False),
        sa.Column("id", column_types.Identifier(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("node_execution_id", column_types.Identifier(), nullable=True),
        sa.Column("attempt", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("timestamp", column_types.Moment(), nullable=False),
        sa.Column("logger", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("data", column_types.Payload(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workflow_execution_id", "node_execution_id"],
            ["node_executions.workflow_execution_id", "node_executions.id"],
            name=op.f("fk_execution_logs_workflow_execution_id_node_execution_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workflow_execution_id"],
            ["workflow_executions.id"],
            name=op.f("fk_execution_logs_workflow_execution_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workflow_execution_id", "id", name=op.f("pk_execution_logs")),
        postgresql_partition_by="RANGE (workflow_execution_id)",
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_execution_logs_alarming",
        "execution_logs",
        ["level", "timestamp", "workflow_execution_id", "id"],
        unique=False,
        sqlite_where=sa.text("level IN ('warning', 'error')"),
        postgresql_where=sa.text("level IN ('warning', 'error')"),
    )
    op.create_index(
        "ix_execution_logs_node",
        "execution_logs",
        ["workflow_execution_id", "node_execution_id", "position"],
        unique=False,
        sqlite_where=sa.text("node_execution_id IS NOT NULL"),
        postgresql_where=sa.text("node_execution_id IS NOT NULL"),
    )
    op.create_index(
        "ix_execution_logs_position",
        "execution_logs",
        ["workflow_execution_id", "position"],
        unique=False,
    )
    op.create_index(
        "ix_execution_logs_timestamp",
        "execution_logs",
        ["timestamp", "workflow_execution_id", "id"],
        unique=False,
    )
    op.create_table(
        "node_attempts",
        sa.Column("workflow_execution_id", column_types.Identifier(), nullable=False),
        sa.Column("node_execution_id", column_types.Identifier(), nullable=False),
        sa.Column("attempt", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("recorder_id", column_types.Identifier(), nullable=True),
        sa.Column("started_at", column_types.Moment(), nullable=True),
        sa.Column("ended_at", column_types.Moment(), nullable=True),
        sa.Column("error_type", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("error_traceback", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workflow_execution_id", "node_execution_id"],
            ["node_executions.workflow_execution_id", "node_executions.id"],
            name=op.f("fk_node_attempts_workflow_execution_id_node_execution_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workflow_execution_id", "node_execution_id", "attempt", name=op.f("pk_node_attempts")
        ),
        postgresql_partition_by="RANGE (workflow_execution_id)",
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        _leave_references_to_the_partitions()


def _leave_references_to_the_partitions() -> None:
    """References between partitioned tables stand between their partitions: store.partitions."""
    for table, constraint in (
        ("node_executions", "fk_node_executions_workflow_execution_id"),
        ("node_attempts", "fk_node_attempts_workflow_execution_id_node_execution_id"),
        ("execution_logs", "fk_execution_logs_workflow_execution_id"),
        ("execution_logs", "fk_execution_logs_workflow_execution_id_node_execution_id"),
        ("execution_tags", "fk_execution_tags_workflow_execution_id"),
        ("external_ids", "fk_external_ids_workflow_execution_id"),
    ):
        op.drop_constraint(constraint, table, type_="foreignkey")
    op.execute(
        "CREATE FUNCTION everyrun_forget_external_ids() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN DELETE FROM external_ids WHERE workflow_execution_id = OLD.id; RETURN OLD; END'"
    )
    op.execute(
        "CREATE TRIGGER forget_external_ids AFTER DELETE ON workflow_executions "
        "FOR EACH ROW EXECUTE FUNCTION everyrun_forget_external_ids()"
    )


def downgrade() -> None:
    op.drop_table("node_attempts")
    op.drop_index("ix_execution_logs_timestamp", table_name="execution_logs")
    op.drop_index("ix_execution_logs_position", table_name="execution_logs")
    op.drop_index(
        "ix_execution_logs_node",
        table_name="execution_logs",
        sqlite_where=sa.text("node_execution_id IS NOT NULL"),
        postgresql_where=sa.text("node_execution_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_execution_logs_alarming",
        table_name="execution_logs",
        sqlite_where=sa.text("level IN ('warning', 'error')"),
        postgresql_where=sa.text("level IN ('warning', 'error')"),
    )
    op.drop_table("execution_logs")
    op.drop_index(
        "ix_node_executions_status_started_at",
        table_name="node_executions",
        sqlite_where=sa.text("status NOT IN ('completed', 'skipped')"),
        postgresql_where=sa.text("status NOT IN ('completed', 'skipped')"),
    )
    op.drop_index(
        "ix_node_executions_recorder_open",
        table_name="node_executions",
        sqlite_where=sa.text("status NOT IN ('completed', 'failed', 'cancelled', 'skipped')"),
        postgresql_where=sa.text("status NOT IN ('completed', 'failed', 'cancelled', 'skipped')"),
    )
    op.drop_index("ix_node_executions_node_id_started_at", table_name="node_executions")
    op.drop_table("node_executions")
    op.drop_index(op.f("ix_external_ids_workflow_execution_id"), table_name="external_ids")
    op.drop_table("external_ids")
    op.drop_index("ix_execution_tags_execution", table_name="execution_tags")
    op.drop_table("execution_tags")
    op.drop_index("ix_workflow_executions_workflow_id_trigger_id", table_name="workflow_executions")
    op.drop_index("ix_workflow_executions_workflow_id_status_id", table_name="workflow_executions")
    op.drop_index("ix_workflow_executions_workflow_id_id", table_name="workflow_executions")
    op.drop_index("ix_workflow_executions_trigger_type_id", table_name="workflow_executions")
    op.drop_index("ix_workflow_executions_trigger_status_id", table_name="workflow_executions")
    op.drop_index("ix_workflow_executions_status_id", table_name="workflow_executions")
    op.drop_index(
        "ix_workflow_executions_recorder_open",
        table_name="workflow_executions",
        sqlite_where=sa.text("status NOT IN ('completed', 'failed', 'cancelled', 'skipped')"),
        postgresql_where=sa.text("status NOT IN ('completed', 'failed', 'cancelled', 'skipped')"),
    )
    op.drop_index(
        "ix_workflow_executions_parent",
        table_name="workflow_executions",
        sqlite_where=sa.text("parent_execution_id IS NOT NULL"),
        postgresql_where=sa.text("parent_execution_id IS NOT NULL"),
    )
    op.drop_index("ix_workflow_executions_kind_trigger_id", table_name="workflow_executions")
    op.drop_index("ix_workflow_executions_kind_status_id", table_name="workflow_executions")
    op.drop_index("ix_workflow_executions_kind_id", table_name="workflow_executions")
    op.drop_index(
        "ix_workflow_executions_batch",
        table_name="workflow_executions",
        sqlite_where=sa.text("batch_id IS NOT NULL"),
        postgresql_where=sa.text("batch_id IS NOT NULL"),
    )
    op.drop_table("workflow_executions")
    op.drop_table("recorders")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION everyrun_forget_external_ids()")
