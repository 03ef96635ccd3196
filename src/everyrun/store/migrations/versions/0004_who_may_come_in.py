"""Who may come in and who did what, what changed lately, and numbers for the seeds' ids."""

import sqlalchemy as sa
from alembic import op

from everyrun.store import column_types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_WRITER = "(pg_current_xact_id()::text::bigint)"

# Workflows are written in many places; whoever polls, and whoever has counted them, hears of it.
_MOVE = """CASE
        WHEN NEW.deleted_at IS NOT NULL AND OLD.deleted_at IS NULL THEN 'workflow.deleted'
        WHEN NEW.deleted_at IS NULL AND OLD.deleted_at IS NOT NULL THEN 'workflow.restored'
        WHEN NEW.active <> OLD.active THEN 'workflow.switched'
        WHEN NEW.execution_order <> OLD.execution_order THEN 'workflow.reordered'
        WHEN NEW.name <> OLD.name OR NEW.kind <> OLD.kind
            OR coalesce(NEW.description, '') <> coalesce(OLD.description, '')
            THEN 'workflow.described'
    END"""
_POSTGRESQL_TRIGGERS = (
    f"""CREATE FUNCTION tell_of_workflow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    move text := CASE WHEN TG_OP = 'INSERT' THEN 'workflow.registered' ELSE {_MOVE} END;
BEGIN
    IF move IS NOT NULL THEN
        INSERT INTO changes (at, type, workflow_id, data)
        VALUES (NEW.updated_at, move, NEW.id, jsonb_build_object('active', NEW.active));
    END IF;
    RETURN NULL;
END $$""",  # noqa: S608 - own text
    """CREATE TRIGGER tell_of_workflow AFTER INSERT OR UPDATE ON workflows
FOR EACH ROW EXECUTE FUNCTION tell_of_workflow()""",
)
_ACTIVE = "json_object('active', json(CASE WHEN NEW.active THEN 'true' ELSE 'false' END))"
_SQLITE_TRIGGERS = (
    f"""CREATE TRIGGER tell_of_new_workflow AFTER INSERT ON workflows BEGIN
    INSERT INTO changes (at, type, workflow_id, data)
    VALUES (NEW.updated_at, 'workflow.registered', NEW.id, {_ACTIVE});
END""",  # noqa: S608 - own text
    f"""CREATE TRIGGER tell_of_workflow AFTER UPDATE ON workflows WHEN {_MOVE} IS NOT NULL BEGIN
    INSERT INTO changes (at, type, workflow_id, data)
    VALUES (NEW.updated_at, {_MOVE}, NEW.id, {_ACTIVE});
END""",  # noqa: S608 - own text
)


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", column_types.Identifier(), nullable=False),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", column_types.Identifier(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=True),
        sa.Column("action", sa.String(length=100), nullable=False),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("data", column_types.Payload(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_action_id", "audit_entries", ["action", "id"], unique=False)
    op.create_index(
        "ix_audit_entries_actor_id_id", "audit_entries", ["actor_id", "id"], unique=False
    )
    op.create_index("ix_audit_entries_target_id", "audit_entries", ["target", "id"], unique=False)
    op.create_table(
        "changes",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("transaction", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("workflow_id", column_types.Identifier(), nullable=True),
        sa.Column("workflow_execution_id", column_types.Identifier(), nullable=True),
        sa.Column("batch_id", column_types.Identifier(), nullable=True),
        sa.Column("data", column_types.Payload(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("answer", column_types.Payload(), nullable=True),
        sa.Column("created_at", column_types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(
        op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False
    )
    op.create_table(
        "login_failures",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("first_at", column_types.Moment(), nullable=False),
        sa.Column("last_at", column_types.Moment(), nullable=False),
        sa.Column("blocked_until", column_types.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_failures")),
    )
    op.create_index(op.f("ix_login_failures_last_at"), "login_failures", ["last_at"], unique=False)
    op.create_table(
        "node_execution_numbers",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("node_execution_id", column_types.Identifier(), nullable=False),
        sa.Column("workflow_execution_id", column_types.Identifier(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_node_execution_numbers")),
        sa.UniqueConstraint(
            "node_execution_id", name=op.f("uq_node_execution_numbers_node_execution_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_node_execution_numbers_workflow_execution_id"),
        "node_execution_numbers",
        ["workflow_execution_id"],
        unique=False,
    )
    op.create_table(
        "workflow_numbers",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("workflow_id", column_types.Identifier(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workflow_id"],
            ["workflows.id"],
            name=op.f("fk_workflow_numbers_workflow_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_workflow_numbers")),
        sa.UniqueConstraint("workflow_id", name=op.f("uq_workflow_numbers_workflow_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sessions",
        sa.Column("id", column_types.Identifier(), nullable=False),
        sa.Column("user_id", column_types.Identifier(), nullable=True),
        sa.Column("token_id", column_types.Identifier(), nullable=True),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", column_types.Moment(), nullable=False),
        sa.Column("opened_at", column_types.Moment(), nullable=True),
        sa.Column("last_seen_at", column_types.Moment(), nullable=True),
        sa.Column("expires_at", column_types.Moment(), nullable=False),
        sa.Column("ended_at", column_types.Moment(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["token_id"], ["tokens.id"], name=op.f("fk_sessions_token_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sessions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sessions_secret_hash")),
    )
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"], unique=False)
    op.create_index(op.f("ix_sessions_token_id"), "sessions", ["token_id"], unique=False)
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    op.add_column("nodes", sa.Column("title", sa.Text(), nullable=True))
    op.add_column("tokens", sa.Column("created_by", sa.Text(), nullable=True))
    op.add_column("tokens", sa.Column("expires_at", column_types.Moment(), nullable=True))
    op.add_column("tokens", sa.Column("last_used_from", sa.Text(), nullable=True))
    op.add_column("tokens", sa.Column("hint", sa.String(length=20), nullable=True))
    op.add_column("users", sa.Column("issuer", sa.Text(), nullable=True))
    op.add_column("users", sa.Column("subject", sa.Text(), nullable=True))
    op.add_column("users", sa.Column("last_login_at", column_types.Moment(), nullable=True))
    op.add_column("users", sa.Column("name_key", sa.Text(), nullable=True))
    op.create_index("ix_users_issuer_subject", "users", ["issuer", "subject"], unique=True)
    op.add_column(
        "dashboard_stats",
        sa.Column("generation", sa.Text(), server_default=sa.text("''"), nullable=False),
    )
    op.create_index("ix_users_name_key", "users", ["name_key"], unique=True)
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("changes", "transaction", server_default=sa.text(_WRITER))
        op.create_index("ix_changes_transaction_id", "changes", ["transaction", "id"])
    for trigger in _triggers():
        op.execute(trigger)


def _triggers() -> tuple[str, ...]:
    postgresql = op.get_bind().dialect.name == "postgresql"
    return _POSTGRESQL_TRIGGERS if postgresql else _SQLITE_TRIGGERS


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER tell_of_workflow ON workflows")
        op.execute("DROP FUNCTION tell_of_workflow()")
    else:
        op.execute("DROP TRIGGER tell_of_workflow")
        op.execute("DROP TRIGGER tell_of_new_workflow")
    op.drop_column("dashboard_stats", "generation")
    op.drop_column("nodes", "title")
    op.drop_index("ix_users_name_key", table_name="users")
    op.drop_index("ix_users_issuer_subject", table_name="users")
    op.drop_column("users", "name_key")
    op.drop_column("users", "last_login_at")
    op.drop_column("users", "subject")
    op.drop_column("users", "issuer")
    op.drop_column("tokens", "hint")
    op.drop_column("tokens", "last_used_from")
    op.drop_column("tokens", "expires_at")
    op.drop_column("tokens", "created_by")
    op.drop_index(op.f("ix_sessions_user_id"), table_name="sessions")
    op.drop_index(op.f("ix_sessions_token_id"), table_name="sessions")
    op.drop_index(op.f("ix_sessions_expires_at"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_table("workflow_numbers")
    op.drop_index(
        op.f("ix_node_execution_numbers_workflow_execution_id"), table_name="node_execution_numbers"
    )
    op.drop_table("node_execution_numbers")
    op.drop_index(op.f("ix_login_failures_last_at"), table_name="login_failures")
    op.drop_table("login_failures")
    op.drop_index(op.f("ix_idempotency_keys_created_at"), table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
    op.drop_table("changes")
    op.drop_index("ix_audit_entries_target_id", table_name="audit_entries")
    op.drop_index("ix_audit_entries_actor_id_id", table_name="audit_entries")
    op.drop_index("ix_audit_entries_action_id", table_name="audit_entries")
    op.drop_table("audit_entries")
