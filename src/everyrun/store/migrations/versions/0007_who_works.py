"""Who is still there: the heartbeats that recorders promise, and what their silence presumes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "recorders",
        sa.Column("gone_presumed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("recorders", sa.Column("heartbeat_seconds", sa.Double(), nullable=True))


def downgrade() -> None:
    op.drop_column("recorders", "heartbeat_seconds")
    op.drop_column("recorders", "gone_presumed")
