"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalog_change",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_catalog_change_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_change")),
    )
    op.create_table(
        "cookieless_salt",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_cookieless_salt")),
    )
    op.create_table(
        "cookieless_session",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("identify_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("last_active_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("project_id", "day", "hash", name=op.f("pk_cookieless_session")),
    )
    op.create_table(
        "event_definition",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "name", name=op.f("pk_event_definition")),
    )
    op.create_table(
        "event_property",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("property", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "event", "property", name=op.f("pk_event_property")),
    )
    op.create_table(
        "group_row",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("type_index", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("group_key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("properties", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "type_index", "group_key", name=op.f("pk_group_row")),
    )
    op.create_table(
        "group_type",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type_index", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("type_index BETWEEN 0 AND 4", name=op.f("ck_group_type_type_index")),
        sa.PrimaryKeyConstraint("project_id", "name", name=op.f("pk_group_type")),
        sa.UniqueConstraint("project_id", "type_index", name=op.f("uq_group_type_project_id_type_index")),
    )
    op.create_table(
        "ingest_checkpoint",
        sa.Column("slot", sa.String(length=64), nullable=False),
        sa.Column("lane", sa.String(length=16), nullable=False),
        sa.Column("segment", sa.BigInteger(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("next_sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("slot", "lane", name=op.f("pk_ingest_checkpoint")),
    )
    op.create_table(
        "ingest_pending",
        sa.Column("lane", sa.String(length=16), nullable=False),
        sa.Column("block_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ranges", sa.JSON(), nullable=False),
        sa.Column("token", sa.String(length=128), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "block_number", name=op.f("pk_ingest_pending")),
    )
    op.create_table(
        "organization",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
    )
    op.create_table(
        "person",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("properties", sa.Text(), nullable=False),
        sa.Column("is_identified", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "id", name=op.f("pk_person")),
    )
    op.create_table(
        "person_distinct_id",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("distinct_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "distinct_id", name=op.f("pk_person_distinct_id")),
    )
    op.create_index(
        "ix_person_distinct_id_person", "person_distinct_id", ["project_id", "person_id"], unique=False
    )
    op.create_table(
        "personless_distinct_id",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("distinct_id", sa.Text(), nullable=False),
        sa.Column("is_merged", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "distinct_id", name=op.f("pk_personless_distinct_id")),
    )
    op.create_table(
        "property_definition",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("type", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "group_type_index",
            sa.SmallInteger(),
            server_default=sa.text("(-1)"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("property_type", sa.String(length=16), nullable=True),
        sa.Column("is_numerical", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "group_type_index BETWEEN -1 AND 4", name=op.f("ck_property_definition_group_type_index")
        ),
        sa.CheckConstraint("type BETWEEN 1 AND 4", name=op.f("ck_property_definition_type")),
        sa.PrimaryKeyConstraint(
            "project_id", "type", "group_type_index", "name", name=op.f("pk_property_definition")
        ),
    )
    op.create_table(
        "rejected_record",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("lane", sa.String(length=16), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("replayed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejected_record")),
    )
    op.create_table(
        "usage",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "scope", "month", name=op.f("pk_usage")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_login_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
        sa.UniqueConstraint("uuid", name=op.f("uq_user_account_uuid")),
    )
    op.create_table(
        "membership",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("role IN ('owner', 'admin', 'member')", name=op.f("ck_membership_role")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_membership_organization_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_membership_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "user_id", name=op.f("pk_membership")),
    )
    op.create_table(
        "personal_api_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("mask", sa.String(length=16), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_personal_api_key_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_api_key")),
        sa.UniqueConstraint("hash", name=op.f("uq_personal_api_key_hash")),
    )
    op.create_index(op.f("ix_personal_api_key_user_id"), "personal_api_key", ["user_id"], unique=False)
    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("secret_token", sa.String(length=64), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("timezone", sa.String(length=64), server_default="UTC", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("anonymize_ips", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("heatmaps_opt_in", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("cookieless_mode", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("person_processing_opt_out", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("drop_events_older_than_s", sa.BigInteger(), nullable=True),
        sa.Column("options", sa.JSON(), server_default="{}", nullable=False),
        sa.CheckConstraint("cookieless_mode BETWEEN 0 AND 2", name=op.f("ck_project_cookieless_mode")),
        sa.CheckConstraint("id > 0", name=op.f("ck_project_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_project_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("secret_token", name=op.f("uq_project_secret_token")),
        sa.UniqueConstraint("token", name=op.f("uq_project_token")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_project_organization_id"), "project", ["organization_id"], unique=False)
    op.create_table(
        "project_quota",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("limit_per_month", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "scope IN ('events', 'exceptions', 'surveys', 'llm_events', 'recordings', 'all')",
            name=op.f("ck_project_quota_scope"),
        ),
        sa.CheckConstraint("limit_per_month >= 0", name=op.f("ck_project_quota_limit_per_month")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_quota_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "scope", name=op.f("pk_project_quota")),
    )
    op.execute(sa.text("INSERT INTO catalog_change (id, version) VALUES (1, 0)"))


def downgrade() -> None:
    op.drop_table("project_quota")
    op.drop_index(op.f("ix_project_organization_id"), table_name="project")
    op.drop_table("project")
    op.drop_index(op.f("ix_personal_api_key_user_id"), table_name="personal_api_key")
    op.drop_table("personal_api_key")
    op.drop_table("membership")
    op.drop_table("user_account")
    op.drop_table("usage")
    op.drop_table("rejected_record")
    op.drop_table("property_definition")
    op.drop_table("personless_distinct_id")
    op.drop_index("ix_person_distinct_id_person", table_name="person_distinct_id")
    op.drop_table("person_distinct_id")
    op.drop_table("person")
    op.drop_table("organization")
    op.drop_table("ingest_pending")
    op.drop_table("ingest_checkpoint")
    op.drop_table("group_type")
    op.drop_table("group_row")
    op.drop_table("event_property")
    op.drop_table("event_definition")
    op.drop_table("cookieless_session")
    op.drop_table("cookieless_salt")
    op.drop_table("catalog_change")
