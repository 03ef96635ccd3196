"""What else is known of a node execution: where it stands among the others."""

import sqlalchemy as sa
from alembic import op

from everyrun.store import column_types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("node_executions", sa.Column("metadata", column_types.Payload(), nullable=True))


def downgrade() -> None:
    op.drop_column("node_executions", "metadata")
