"""Projects that were deleted, while what they left behind is taken away."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "project_removal",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("deleted_by", sa.String(length=254), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=False),
        sa.Column("fenced_at", sa.BigInteger(), nullable=True),
        sa.Column("rows_total", sa.BigInteger(), nullable=True),
        sa.Column("rows_left", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project_removal")),
    )
    op.create_index(
        op.f("ix_project_removal_organization_id"), "project_removal", ["organization_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_project_removal_organization_id"), table_name="project_removal")
    op.drop_table("project_removal")
