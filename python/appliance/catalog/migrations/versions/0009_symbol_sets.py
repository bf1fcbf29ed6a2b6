"""Releases, symbol sets, and the frames that were resolved with them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "app_release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("hash_id", sa.String(length=128), nullable=False),
        sa.Column("version", sa.String(length=400), nullable=False),
        sa.Column("project", sa.String(length=400), nullable=False),
        sa.Column("metadata", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_app_release_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_app_release_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_release")),
        sa.UniqueConstraint("project_id", "hash_id", name=op.f("uq_app_release_project_id_hash_id")),
    )
    op.create_table(
        "stack_frame",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("raw_id", sa.String(length=128), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("symbol_set_id", sa.Uuid(), nullable=True),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("is_resolved", sa.Boolean(), nullable=False),
        sa.Column("context", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stack_frame")),
        sa.UniqueConstraint(
            "project_id", "raw_id", "part", name=op.f("uq_stack_frame_project_id_raw_id_part")
        ),
    )
    op.create_index(op.f("ix_stack_frame_symbol_set_id"), "stack_frame", ["symbol_set_id"], unique=False)
    op.create_table(
        "symbol_set",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=True),
        sa.Column("upload_id", sa.Uuid(), nullable=True),
        sa.Column("upload_started_at", sa.BigInteger(), nullable=True),
        sa.Column("content_hash", sa.String(length=400), nullable=True),
        sa.Column("content_bytes", sa.BigInteger(), nullable=True),
        sa.Column("failure_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["release_id"], ["app_release.id"], name=op.f("fk_symbol_set_release_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_symbol_set")),
        sa.UniqueConstraint("project_id", "ref", name=op.f("uq_symbol_set_project_id_ref")),
    )
    op.create_index("ix_symbol_set_created_at", "symbol_set", ["project_id", "created_at"], unique=False)
    op.create_index(op.f("ix_symbol_set_release_id"), "symbol_set", ["release_id"], unique=False)
    op.create_index("ix_symbol_set_upload_started_at", "symbol_set", ["upload_started_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_symbol_set_upload_started_at", table_name="symbol_set")
    op.drop_index(op.f("ix_symbol_set_release_id"), table_name="symbol_set")
    op.drop_index("ix_symbol_set_created_at", table_name="symbol_set")
    op.drop_table("symbol_set")
    op.drop_index(op.f("ix_stack_frame_symbol_set_id"), table_name="stack_frame")
    op.drop_table("stack_frame")
    op.drop_table("app_release")
