"""What has not started, in its order: the first of thousands without reading all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    waiting = sa.text("started_at IS NULL")
    op.create_index(
        "ix_node_executions_waiting",
        "node_executions",
        ["workflow_execution_id", "execution_order", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def downgrade() -> None:
    op.drop_index("ix_node_executions_waiting", table_name="node_executions")
