"""Who is still there: heartbeats, what silence presumes, and the workers of Celery."""

import sqlalchemy as sa
from alembic import op

from everyrun.store import column_types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "recorders",
        sa.Column("gone_presumed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("recorders", sa.Column("heartbeat_seconds", sa.Double(), nullable=True))
    op.create_table(
        "celery_workers",
        sa.Column("id", column_types.Identifier(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("broker", sa.Text(), nullable=False),
        sa.Column("pool", sa.String(length=100), nullable=False),
        sa.Column("concurrency", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", column_types.Moment(), nullable=False),
        sa.Column("stopped_at", column_types.Moment(), nullable=True),
        sa.Column("running_total", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("queues", column_types.Payload(), nullable=False),
        sa.Column("running", column_types.Payload(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_celery_workers")),
    )
    standing = sa.text("stopped_at IS NULL")
    op.create_index(
        "ix_celery_workers_standing",
        "celery_workers",
        ["id"],
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_table(
        "celery_queues",
        sa.Column("broker", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("messages", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", column_types.Moment(), nullable=False),
        sa.Column("seen_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("broker", "name", name=op.f("pk_celery_queues")),
    )


def downgrade() -> None:
    op.drop_table("celery_queues")
    op.drop_table("celery_workers")
    op.drop_column("recorders", "heartbeat_seconds")
    op.drop_column("recorders", "gone_presumed")
