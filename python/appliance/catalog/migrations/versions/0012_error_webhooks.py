"""Addresses that alerts of issues are sent to, and what has yet to be sent."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "error_webhook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=400), server_default="", nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("last_failure", sa.Text(), nullable=True),
        sa.Column("last_delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("last_modified_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_error_webhook_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_error_webhook_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_error_webhook")),
    )
    op.create_index(op.f("ix_error_webhook_project_id"), "error_webhook", ["project_id"], unique=False)
    op.create_table(
        "error_delivery",
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["error_alert.id"], name=op.f("fk_error_delivery_alert_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"],
            ["error_webhook.id"],
            name=op.f("fk_error_delivery_webhook_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("alert_id", "webhook_id", name=op.f("pk_error_delivery")),
    )
    op.create_index("ix_error_delivery_next_attempt_at", "error_delivery", ["next_attempt_at"], unique=False)
    op.create_index(op.f("ix_error_delivery_webhook_id"), "error_delivery", ["webhook_id"], unique=False)
    op.add_column("error_alert", sa.Column("routed_at", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_error_alert_unrouted",
        "error_alert",
        ["happened_at"],
        unique=False,
        sqlite_where=sa.text("routed_at IS NULL"),
        postgresql_where=sa.text("routed_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_error_alert_unrouted",
        table_name="error_alert",
        sqlite_where=sa.text("routed_at IS NULL"),
        postgresql_where=sa.text("routed_at IS NULL"),
    )
    op.drop_column("error_alert", "routed_at")
    op.drop_index(op.f("ix_error_delivery_webhook_id"), table_name="error_delivery")
    op.drop_index("ix_error_delivery_next_attempt_at", table_name="error_delivery")
    op.drop_table("error_delivery")
    op.drop_index(op.f("ix_error_webhook_project_id"), table_name="error_webhook")
    op.drop_table("error_webhook")
