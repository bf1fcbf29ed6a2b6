"""What people make: insights, dashboards, cohorts and the like; descriptions of definitions and group types."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_DEFINITIONS = uuid.UUID("6a3b0c5e-7f0e-5b6b-9d0a-0d6c2f8f4e11")


def _name_definitions() -> None:
    """The ids that ingest gives to definitions from now on."""
    connection = op.get_bind()
    event, owned = _table("event_definition"), _table("property_definition", "type", "group_type_index")
    for project_id, name in connection.execute(sa.select(event.c.project_id, event.c.name)).all():
        named = uuid.uuid5(_DEFINITIONS, f"event {project_id} {name}")
        connection.execute(
            event.update().where(event.c.project_id == project_id, event.c.name == name).values(id=named)
        )
    columns = (owned.c.project_id, owned.c.type, owned.c.group_type_index, owned.c.name)
    for row in connection.execute(sa.select(*columns)).all():
        named = uuid.uuid5(_DEFINITIONS, f"property {row[0]} {row[1]} {row[2]} {row[3]}")
        matches = [column == value for column, value in zip(columns, row, strict=True)]
        connection.execute(owned.update().where(*matches).values(id=named))


def _table(name: str, *more: str) -> sa.TableClause:
    numbers = [sa.column(column, sa.Integer()) for column in ("project_id", *more)]
    return sa.table(name, *numbers, sa.column("name", sa.Text()), sa.column("id", sa.Uuid()))


def upgrade() -> None:  # noqa: PLR0915 - one statement for each table and column

    op.create_table(
        "action",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=True),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("steps", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("is_posted_to_slack", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("slack_message_format", sa.String(length=1200), server_default="", nullable=False),
        sa.Column("pinned_at", sa.BigInteger(), nullable=True),
        sa.Column("is_calculating", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("last_calculated_at", sa.BigInteger(), nullable=False),
        sa.Column("bytecode_error", sa.Text(), nullable=True),
        sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by_id", _ID, nullable=True),
        sa.Column("last_modified_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_action_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_action_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_action_project_id"), "action", ["project_id"], unique=False)
    op.create_table(
        "activity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("user_id", _ID, nullable=True),
        sa.Column("is_system", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("item_id", sa.String(length=72), nullable=False),
        sa.Column("activity", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_activity_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_activity_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index(
        "ix_activity_item", "activity", ["project_id", "scope", "item_id", "created_at"], unique=False
    )
    op.create_index("ix_activity_recent", "activity", ["project_id", "created_at"], unique=False)
    op.create_table(
        "cohort",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=True),
        sa.Column("description", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("is_static", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("cohort_type", sa.String(length=24), nullable=True),
        sa.Column("filters", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("query", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("groups", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("pending_version", sa.Integer(), nullable=True),
        sa.Column("count", sa.BigInteger(), nullable=True),
        sa.Column("is_calculating", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("last_calculation_at", sa.BigInteger(), nullable=True),
        sa.Column("errors_calculating", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_error_at", sa.BigInteger(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by_id", _ID, nullable=True),
        sa.Column("last_modified_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_cohort_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_cohort_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_cohort_project_id"), "cohort", ["project_id"], unique=False)
    op.create_table(
        "dashboard",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=True),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("is_pinned", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("filters", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("variables", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("breakdown_colors", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("data_color_theme_id", sa.Integer(), nullable=True),
        sa.Column("restriction_level", sa.SmallInteger(), server_default=sa.text("21"), nullable=False),
        sa.Column("creation_mode", sa.String(length=16), server_default="default", nullable=False),
        sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by_id", _ID, nullable=True),
        sa.Column("last_modified_at", sa.BigInteger(), nullable=False),
        sa.Column("last_modified_by_id", _ID, nullable=True),
        sa.Column("last_accessed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("restriction_level IN (21, 37)", name=op.f("ck_dashboard_restriction_level")),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_dashboard_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["last_modified_by_id"],
            ["user_account.id"],
            name=op.f("fk_dashboard_last_modified_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_dashboard_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dashboard")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_dashboard_project_id"), "dashboard", ["project_id"], unique=False)
    op.create_table(
        "engine_request",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("created_by_id", _ID, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_engine_request_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_engine_request_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_request")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_engine_request_done_at", "engine_request", ["done_at", "id"], unique=False)
    op.create_index(op.f("ix_engine_request_project_id"), "engine_request", ["project_id"], unique=False)
    op.create_table(
        "insight",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("short_id", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=True),
        sa.Column("derived_name", sa.String(length=400), nullable=True),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("query", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("filters", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("order", sa.Integer(), nullable=True),
        sa.Column("is_favorited", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_saved", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by_id", _ID, nullable=True),
        sa.Column("last_modified_at", sa.BigInteger(), nullable=False),
        sa.Column("last_modified_by_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_insight_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["last_modified_by_id"],
            ["user_account.id"],
            name=op.f("fk_insight_last_modified_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_insight_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight")),
        sa.UniqueConstraint("project_id", "short_id", name=op.f("uq_insight_project_id_short_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_insight_project_id"), "insight", ["project_id"], unique=False)
    op.create_table(
        "insight_variable",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("code_name", sa.String(length=400), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("default_value", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("values", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by_id", _ID, nullable=True),
        sa.CheckConstraint(
            "type IN ('String', 'Number', 'Boolean', 'List', 'Date')", name=op.f("ck_insight_variable_type")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_insight_variable_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_insight_variable_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_variable")),
        sa.UniqueConstraint("project_id", "code_name", name=op.f("uq_insight_variable_project_id_code_name")),
    )
    op.create_index(op.f("ix_insight_variable_project_id"), "insight_variable", ["project_id"], unique=False)
    op.create_table(
        "tagging",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("tag", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_tagging_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "kind", "item_id", "tag", name=op.f("pk_tagging")),
    )
    op.create_table(
        "annotation",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("date_marker", sa.BigInteger(), nullable=True),
        sa.Column("creation_type", sa.String(length=3), server_default="USR", nullable=False),
        sa.Column("scope", sa.String(length=24), server_default="dashboard_item", nullable=False),
        sa.Column("insight_id", _ID, nullable=True),
        sa.Column("dashboard_id", _ID, nullable=True),
        sa.Column("emoji", sa.String(length=32), nullable=True),
        sa.Column("is_hidden_in_user_interface", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by_id", _ID, nullable=True),
        sa.Column("last_modified_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("creation_type IN ('USR', 'GIT')", name=op.f("ck_annotation_creation_type")),
        sa.CheckConstraint(
            "scope IN ('dashboard_item', 'dashboard', 'project', 'organization')",
            name=op.f("ck_annotation_scope"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_annotation_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["dashboard_id"], ["dashboard.id"], name=op.f("fk_annotation_dashboard_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insight.id"], name=op.f("fk_annotation_insight_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_annotation_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotation")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_annotation_project_id"), "annotation", ["project_id"], unique=False)
    op.create_table(
        "cohort_member",
        sa.Column("cohort_id", _ID, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_member_cohort_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "person_id", "version", name=op.f("pk_cohort_member")),
    )
    op.create_index("ix_cohort_member_person_id", "cohort_member", ["person_id"], unique=False)
    op.create_table(
        "dashboard_tile",
        sa.Column("id", _ID, nullable=False),
        sa.Column("dashboard_id", _ID, nullable=False),
        sa.Column("insight_id", _ID, nullable=True),
        sa.Column("text_body", sa.Text(), nullable=True),
        sa.Column("text_created_by_id", _ID, nullable=True),
        sa.Column("text_modified_by_id", _ID, nullable=True),
        sa.Column("text_modified_at", sa.BigInteger(), nullable=True),
        sa.Column("layouts", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("color", sa.String(length=400), nullable=True),
        sa.Column("order", sa.Integer(), nullable=True),
        sa.Column("filters_overrides", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("is_description_shown", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(
            "(insight_id IS NULL) <> (text_body IS NULL)", name=op.f("ck_dashboard_tile_content")
        ),
        sa.ForeignKeyConstraint(
            ["dashboard_id"],
            ["dashboard.id"],
            name=op.f("fk_dashboard_tile_dashboard_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insight.id"], name=op.f("fk_dashboard_tile_insight_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["text_created_by_id"],
            ["user_account.id"],
            name=op.f("fk_dashboard_tile_text_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["text_modified_by_id"],
            ["user_account.id"],
            name=op.f("fk_dashboard_tile_text_modified_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dashboard_tile")),
        sa.UniqueConstraint(
            "dashboard_id", "insight_id", name=op.f("uq_dashboard_tile_dashboard_id_insight_id")
        ),
    )
    op.create_index(op.f("ix_dashboard_tile_insight_id"), "dashboard_tile", ["insight_id"], unique=False)
    op.create_table(
        "insight_view",
        sa.Column("insight_id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("last_viewed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insight.id"], name=op.f("fk_insight_view_insight_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_insight_view_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("insight_id", "user_id", name=op.f("pk_insight_view")),
    )
    op.create_table(
        "sharing",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("insight_id", _ID, nullable=True),
        sa.Column("dashboard_id", _ID, nullable=True),
        sa.Column("is_enabled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("access_token", sa.String(length=64), nullable=False),
        sa.Column("settings", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(insight_id IS NULL) <> (dashboard_id IS NULL)", name=op.f("ck_sharing_shared")),
        sa.ForeignKeyConstraint(
            ["dashboard_id"], ["dashboard.id"], name=op.f("fk_sharing_dashboard_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insight.id"], name=op.f("fk_sharing_insight_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_sharing_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing")),
        sa.UniqueConstraint("access_token", name=op.f("uq_sharing_access_token")),
        sa.UniqueConstraint("dashboard_id", name=op.f("uq_sharing_dashboard_id")),
        sa.UniqueConstraint("insight_id", name=op.f("uq_sharing_insight_id")),
    )
    op.create_index(op.f("ix_sharing_project_id"), "sharing", ["project_id"], unique=False)
    op.add_column("event_definition", sa.Column("id", sa.Uuid(), nullable=True))
    op.add_column("event_definition", sa.Column("description", sa.Text(), nullable=True))
    op.add_column("event_definition", sa.Column("owner_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "event_definition", sa.Column("is_verified", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("event_definition", sa.Column("verified_by_id", sa.BigInteger(), nullable=True))
    op.add_column("event_definition", sa.Column("verified_at", sa.BigInteger(), nullable=True))
    op.add_column(
        "event_definition", sa.Column("is_hidden", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("event_definition", sa.Column("updated_at", sa.BigInteger(), nullable=True))
    op.add_column("event_definition", sa.Column("updated_by_id", sa.BigInteger(), nullable=True))
    op.add_column("event_definition", sa.Column("default_columns", sa.JSON(), nullable=True))
    op.add_column("event_definition", sa.Column("primary_property", sa.Text(), nullable=True))
    op.create_index(op.f("ix_event_definition_id"), "event_definition", ["id"], unique=False)
    op.add_column("group_type", sa.Column("name_singular", sa.String(length=400), nullable=True))
    op.add_column("group_type", sa.Column("name_plural", sa.String(length=400), nullable=True))
    op.add_column("group_type", sa.Column("detail_dashboard_id", sa.BigInteger(), nullable=True))
    op.add_column("group_type", sa.Column("default_columns", sa.JSON(), nullable=True))
    op.add_column("group_type", sa.Column("created_at", sa.BigInteger(), nullable=True))
    op.add_column("property_definition", sa.Column("id", sa.Uuid(), nullable=True))
    op.add_column("property_definition", sa.Column("description", sa.Text(), nullable=True))
    op.add_column("property_definition", sa.Column("owner_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "property_definition",
        sa.Column("is_verified", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("property_definition", sa.Column("verified_by_id", sa.BigInteger(), nullable=True))
    op.add_column("property_definition", sa.Column("verified_at", sa.BigInteger(), nullable=True))
    op.add_column(
        "property_definition", sa.Column("is_hidden", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("property_definition", sa.Column("updated_at", sa.BigInteger(), nullable=True))
    op.add_column("property_definition", sa.Column("updated_by_id", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_property_definition_id"), "property_definition", ["id"], unique=False)
    _name_definitions()


def downgrade() -> None:  # noqa: PLR0915

    op.drop_index(op.f("ix_property_definition_id"), table_name="property_definition")
    op.drop_column("property_definition", "updated_by_id")
    op.drop_column("property_definition", "updated_at")
    op.drop_column("property_definition", "is_hidden")
    op.drop_column("property_definition", "verified_at")
    op.drop_column("property_definition", "verified_by_id")
    op.drop_column("property_definition", "is_verified")
    op.drop_column("property_definition", "owner_id")
    op.drop_column("property_definition", "description")
    op.drop_column("property_definition", "id")
    op.drop_column("group_type", "created_at")
    op.drop_column("group_type", "default_columns")
    op.drop_column("group_type", "detail_dashboard_id")
    op.drop_column("group_type", "name_plural")
    op.drop_column("group_type", "name_singular")
    op.drop_index(op.f("ix_event_definition_id"), table_name="event_definition")
    op.drop_column("event_definition", "primary_property")
    op.drop_column("event_definition", "default_columns")
    op.drop_column("event_definition", "updated_by_id")
    op.drop_column("event_definition", "updated_at")
    op.drop_column("event_definition", "is_hidden")
    op.drop_column("event_definition", "verified_at")
    op.drop_column("event_definition", "verified_by_id")
    op.drop_column("event_definition", "is_verified")
    op.drop_column("event_definition", "owner_id")
    op.drop_column("event_definition", "description")
    op.drop_column("event_definition", "id")
    op.drop_index(op.f("ix_sharing_project_id"), table_name="sharing")
    op.drop_table("sharing")
    op.drop_table("insight_view")
    op.drop_index(op.f("ix_dashboard_tile_insight_id"), table_name="dashboard_tile")
    op.drop_table("dashboard_tile")
    op.drop_index("ix_cohort_member_person_id", table_name="cohort_member")
    op.drop_table("cohort_member")
    op.drop_index(op.f("ix_annotation_project_id"), table_name="annotation")
    op.drop_table("annotation")
    op.drop_table("tagging")
    op.drop_index(op.f("ix_insight_variable_project_id"), table_name="insight_variable")
    op.drop_table("insight_variable")
    op.drop_index(op.f("ix_insight_project_id"), table_name="insight")
    op.drop_table("insight")
    op.drop_index(op.f("ix_engine_request_project_id"), table_name="engine_request")
    op.drop_index("ix_engine_request_done_at", table_name="engine_request")
    op.drop_table("engine_request")
    op.drop_index(op.f("ix_dashboard_project_id"), table_name="dashboard")
    op.drop_table("dashboard")
    op.drop_index(op.f("ix_cohort_project_id"), table_name="cohort")
    op.drop_table("cohort")
    op.drop_index("ix_activity_recent", table_name="activity")
    op.drop_index("ix_activity_item", table_name="activity")
    op.drop_table("activity")
    op.drop_index(op.f("ix_action_project_id"), table_name="action")
    op.drop_table("action")
