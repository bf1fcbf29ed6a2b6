"""Issues that exceptions are grouped into, their fingerprints, rules, settings, spikes, and what was told."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "error_bucket",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("bucket_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "issue_id", "bucket_at", name=op.f("pk_error_bucket")),
    )
    op.create_index("ix_error_bucket_bucket_at", "error_bucket", ["bucket_at"], unique=False)
    op.create_table(
        "error_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("order_key", sa.Integer(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("assignee_user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("assignee_role_id", sa.Uuid(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("sampling_rate", sa.Float(), nullable=True),
        sa.Column("severity", sa.String(length=16), nullable=True),
        sa.Column("disabled_data", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("last_modified_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('assignment', 'grouping', 'suppression', 'bypass', 'severity')",
            name=op.f("ck_error_rule_kind"),
        ),
        sa.CheckConstraint(
            "severity IN ('low', 'medium', 'high', 'critical')", name=op.f("ck_error_rule_severity")
        ),
        sa.CheckConstraint(
            "assignee_user_id IS NULL OR assignee_role_id IS NULL", name=op.f("ck_error_rule_assignee")
        ),
        sa.ForeignKeyConstraint(
            ["assignee_user_id"],
            ["user_account.id"],
            name=op.f("fk_error_rule_assignee_user_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_error_rule_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_error_rule_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_error_rule")),
    )
    op.create_index(op.f("ix_error_rule_assignee_user_id"), "error_rule", ["assignee_user_id"], unique=False)
    op.create_index("ix_error_rule_order", "error_rule", ["project_id", "kind", "order_key"], unique=False)
    op.create_table(
        "error_settings",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("project_rate_limit_value", sa.Integer(), nullable=True),
        sa.Column("project_rate_limit_bucket_size_minutes", sa.Integer(), nullable=True),
        sa.Column("per_issue_rate_limit_value", sa.Integer(), nullable=True),
        sa.Column("per_issue_rate_limit_bucket_size_minutes", sa.Integer(), nullable=True),
        sa.Column("spike_threshold", sa.Integer(), nullable=True),
        sa.Column("spike_multiplier", sa.Float(), nullable=True),
        sa.Column("spike_snooze_duration_minutes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_error_settings_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_error_settings")),
    )
    op.create_table(
        "error_issue",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("assignee_user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("assignee_role_id", sa.Uuid(), nullable=True),
        sa.Column("cohort_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("spike_muted_until_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "severity IN ('low', 'medium', 'high', 'critical')", name=op.f("ck_error_issue_severity")
        ),
        sa.CheckConstraint(
            "status IN ('active', 'resolved', 'suppressed', 'archived', 'pending_release')",
            name=op.f("ck_error_issue_status"),
        ),
        sa.CheckConstraint(
            "assignee_user_id IS NULL OR assignee_role_id IS NULL", name=op.f("ck_error_issue_assignee")
        ),
        sa.ForeignKeyConstraint(
            ["assignee_user_id"],
            ["user_account.id"],
            name=op.f("fk_error_issue_assignee_user_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_error_issue_cohort_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_error_issue")),
    )
    op.create_index(
        op.f("ix_error_issue_assignee_user_id"), "error_issue", ["assignee_user_id"], unique=False
    )
    op.create_index(op.f("ix_error_issue_cohort_id"), "error_issue", ["cohort_id"], unique=False)
    op.create_index(
        "ix_error_issue_first_seen_at", "error_issue", ["project_id", "first_seen_at"], unique=False
    )
    op.create_table(
        "error_alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["error_issue.id"], name=op.f("fk_error_alert_issue_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_error_alert")),
    )
    op.create_index("ix_error_alert_happened_at", "error_alert", ["project_id", "happened_at"], unique=False)
    op.create_index(op.f("ix_error_alert_issue_id"), "error_alert", ["issue_id"], unique=False)
    op.create_table(
        "error_fingerprint",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.String(length=128), nullable=False),
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("mirrored_version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["error_issue.id"], name=op.f("fk_error_fingerprint_issue_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "fingerprint", name=op.f("pk_error_fingerprint")),
    )
    op.create_index(op.f("ix_error_fingerprint_issue_id"), "error_fingerprint", ["issue_id"], unique=False)
    op.create_index(
        "ix_error_fingerprint_unmirrored",
        "error_fingerprint",
        ["project_id", "fingerprint"],
        unique=False,
        sqlite_where=sa.text("version > mirrored_version"),
        postgresql_where=sa.text("version > mirrored_version"),
    )
    op.create_table(
        "error_spike",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("detected_at", sa.BigInteger(), nullable=False),
        sa.Column("computed_baseline", sa.Float(), nullable=False),
        sa.Column("current_bucket_value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["error_issue.id"], name=op.f("fk_error_spike_issue_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_error_spike")),
    )
    op.create_index("ix_error_spike_detected_at", "error_spike", ["project_id", "detected_at"], unique=False)
    op.create_index(op.f("ix_error_spike_issue_id"), "error_spike", ["issue_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_error_spike_issue_id"), table_name="error_spike")
    op.drop_index("ix_error_spike_detected_at", table_name="error_spike")
    op.drop_table("error_spike")
    op.drop_index(
        "ix_error_fingerprint_unmirrored",
        table_name="error_fingerprint",
        sqlite_where=sa.text("version > mirrored_version"),
        postgresql_where=sa.text("version > mirrored_version"),
    )
    op.drop_index(op.f("ix_error_fingerprint_issue_id"), table_name="error_fingerprint")
    op.drop_table("error_fingerprint")
    op.drop_index(op.f("ix_error_alert_issue_id"), table_name="error_alert")
    op.drop_index("ix_error_alert_happened_at", table_name="error_alert")
    op.drop_table("error_alert")
    op.drop_index("ix_error_issue_first_seen_at", table_name="error_issue")
    op.drop_index(op.f("ix_error_issue_cohort_id"), table_name="error_issue")
    op.drop_index(op.f("ix_error_issue_assignee_user_id"), table_name="error_issue")
    op.drop_table("error_issue")
    op.drop_table("error_settings")
    op.drop_index("ix_error_rule_order", table_name="error_rule")
    op.drop_index(op.f("ix_error_rule_assignee_user_id"), table_name="error_rule")
    op.drop_table("error_rule")
    op.drop_index("ix_error_bucket_bucket_at", table_name="error_bucket")
    op.drop_table("error_bucket")
