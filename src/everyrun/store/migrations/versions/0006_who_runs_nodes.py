"""Which node executions wait for a worker, and which worker runs them."""

import sqlalchemy as sa
from alembic import op

from everyrun.store import column_types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "node_claims",
        sa.Column("workflow_execution_id", column_types.Identifier(), nullable=False),
        sa.Column("node_execution_id", column_types.Identifier(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("queue", sa.String(length=100), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("available_at", column_types.Moment(), nullable=False),
        sa.Column("send_at", column_types.Moment(), nullable=True),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("owner", column_types.Identifier(), nullable=True),
        sa.Column("host", sa.Text(), nullable=True),
        sa.Column("expires_at", column_types.Moment(), nullable=True),
        sa.Column("stop", sa.String(length=10), nullable=True),
        sa.PrimaryKeyConstraint(
            "workflow_execution_id", "node_execution_id", name=op.f("pk_node_claims")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_node_claims_send_at", "node_claims", ["send_at"], unique=False)
    op.create_index("ix_node_claims_owner", "node_claims", ["owner", "host"], unique=False)
    op.create_index("ix_node_claims_expires_at", "node_claims", ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_node_claims_expires_at", table_name="node_claims")
    op.drop_index("ix_node_claims_owner", table_name="node_claims")
    op.drop_index("ix_node_claims_send_at", table_name="node_claims")
    op.drop_table("node_claims")
