"""Properties with columns of their own, by use."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "property_use",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_property_use")),
    )
    op.create_table(
        "promoted_property",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("column", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("promoted_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('filling', 'ready', 'leaving')", name=op.f("ck_promoted_property_state")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_promoted_property")),
        sa.UniqueConstraint("column", name=op.f("uq_promoted_property_column")),
    )


def downgrade() -> None:
    op.drop_table("promoted_property")
    op.drop_table("property_use")
