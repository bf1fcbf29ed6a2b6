"""Which blocks' exceptions were taken from their lane, and how far."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "taken_exceptions",
        sa.Column("token", sa.String(length=128), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_taken_exceptions")),
    )


def downgrade() -> None:
    op.drop_table("taken_exceptions")
