"""Feature flags: definitions, history, remembered buckets, counts, and secret keys of projects."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flag_evaluation",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("flag_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hour_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(length=400), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "project_id", "flag_id", "hour_at", "outcome", name=op.f("pk_flag_evaluation")
        ),
    )
    op.create_table(
        "flag_hash_key_override",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("flag_key", sa.String(length=400), nullable=False),
        sa.Column("hash_key", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint(
            "project_id", "person_id", "flag_key", name=op.f("pk_flag_hash_key_override")
        ),
    )
    op.create_table(
        "project_secret_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("mask", sa.String(length=16), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_project_secret_key_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_secret_key_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_secret_key")),
        sa.UniqueConstraint("hash", name=op.f("uq_project_secret_key_hash")),
    )
    op.create_index(
        op.f("ix_project_secret_key_project_id"), "project_secret_key", ["project_id"], unique=False
    )
    op.create_table(
        "feature_flag",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("filters", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("is_archived", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("ensure_experience_continuity", sa.Boolean(), nullable=True),
        sa.Column("evaluation_runtime", sa.String(length=16), nullable=True),
        sa.Column("bucketing_identifier", sa.String(length=32), nullable=True),
        sa.Column("evaluation_contexts", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("is_remote_configuration", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("has_encrypted_payloads", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("has_enriched_analytics", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("usage_dashboard_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("creation_context", sa.String(length=32), server_default="feature_flags", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("last_modified_at", sa.BigInteger(), nullable=False),
        sa.Column("last_modified_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("last_called_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "bucketing_identifier IN ('distinct_id', 'device_id')",
            name=op.f("ck_feature_flag_bucketing_identifier"),
        ),
        sa.CheckConstraint(
            "evaluation_runtime IN ('all', 'client', 'server')",
            name=op.f("ck_feature_flag_evaluation_runtime"),
        ),
        sa.CheckConstraint("NOT (is_archived AND is_active)", name=op.f("ck_feature_flag_archived")),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_feature_flag_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["last_modified_by_id"],
            ["user_account.id"],
            name=op.f("fk_feature_flag_last_modified_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_feature_flag_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["usage_dashboard_id"],
            ["dashboard.id"],
            name=op.f("fk_feature_flag_usage_dashboard_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feature_flag")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_feature_flag_project_id"), "feature_flag", ["project_id"], unique=False)
    op.create_index(
        "uq_feature_flag_key",
        "feature_flag",
        ["project_id", "key"],
        unique=True,
        sqlite_where=sa.text("is_deleted = 0"),
        postgresql_where=sa.text("NOT is_deleted"),
    )
    op.create_table(
        "feature_flag_version",
        sa.Column("flag_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_feature_flag_version_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["flag_id"], ["feature_flag.id"], name=op.f("fk_feature_flag_version_flag_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("flag_id", "version", name=op.f("pk_feature_flag_version")),
    )


def downgrade() -> None:
    op.drop_table("feature_flag_version")
    op.drop_index("uq_feature_flag_key", table_name="feature_flag")
    op.drop_index(op.f("ix_feature_flag_project_id"), table_name="feature_flag")
    op.drop_table("feature_flag")
    op.drop_index(op.f("ix_project_secret_key_project_id"), table_name="project_secret_key")
    op.drop_table("project_secret_key")
    op.drop_table("flag_hash_key_override")
    op.drop_table("flag_evaluation")
