"""What a block's plan knows of tables that were split because the store refused rows."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ingest_pending", sa.Column("splits", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("ingest_pending", "splits")
