"""The catalog's tables of what people make: insights, dashboards, cohorts, actions, annotations and the like.

Beside the rules of `model.py`:
- Every row belongs to a project and goes with it.
- Who made a row may leave: `…_by_id` becomes null, the row stays.
- What has `is_deleted` is hidden and can be brought back.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
    true,
)

from appliance.catalog.model import metadata

# SQLite numbers rows by itself only where the key is its own INTEGER.
_Id = BigInteger().with_variant(Integer, "sqlite")


def _project() -> Column[int]:
    return Column("project_id", ForeignKey("project.id", ondelete="CASCADE"), nullable=False, index=True)


def _user(name: str) -> Column[Any]:
    return Column(name, ForeignKey("user_account.id", ondelete="SET NULL"), nullable=True)


def _time(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def _flag(name: str, *, default: bool = False) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=true() if default else false())


def _text(name: str, characters_max: int | None = None) -> Column[str]:
    kind = String(characters_max) if characters_max else Text()
    return Column(name, kind, nullable=False, server_default="")


def _made() -> tuple[Column[Any], ...]:
    return (_flag("is_deleted"), _time("created_at"), _user("created_by_id"))


insight = Table(
    "insight",
    metadata,
    Column("id", _Id, primary_key=True),
    _project(),
    Column("short_id", String(12), nullable=False),
    Column("name", String(400), nullable=True),
    Column("derived_name", String(400), nullable=True),
    _text("description"),
    Column("query", JSON(none_as_null=True), nullable=True),
    Column("filters", JSON, nullable=False, server_default="{}"),
    Column("order", Integer, nullable=True),
    _flag("is_favorited"),
    _flag("is_saved"),
    *_made(),
    _time("last_modified_at"),
    _user("last_modified_by_id"),
    UniqueConstraint("project_id", "short_id"),
    sqlite_autoincrement=True,
)

insight_view = Table(
    "insight_view",
    metadata,
    Column("insight_id", ForeignKey("insight.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True),
    _time("last_viewed_at"),
)

dashboard = Table(
    "dashboard",
    metadata,
    Column("id", _Id, primary_key=True),
    _project(),
    Column("name", String(400), nullable=True),
    _text("description"),
    _flag("is_pinned"),
    Column("filters", JSON, nullable=False, server_default="{}"),
    Column("variables", JSON, nullable=False, server_default="{}"),
    Column("breakdown_colors", JSON, nullable=False, server_default="[]"),
    Column("data_color_theme_id", Integer, nullable=True),
    Column("restriction_level", SmallInteger, nullable=False, server_default=text("21")),
    Column("creation_mode", String(16), nullable=False, server_default="default"),
    *_made(),
    _time("last_modified_at"),
    _user("last_modified_by_id"),
    _time("last_accessed_at", nullable=True),
    CheckConstraint("restriction_level IN (21, 37)", name="restriction_level"),
    sqlite_autoincrement=True,
)

dashboard_tile = Table(
    "dashboard_tile",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("dashboard_id", ForeignKey("dashboard.id", ondelete="CASCADE"), nullable=False),
    Column("insight_id", ForeignKey("insight.id", ondelete="CASCADE"), nullable=True, index=True),
    Column("text_body", Text, nullable=True),
    _user("text_created_by_id"),
    _user("text_modified_by_id"),
    _time("text_modified_at", nullable=True),
    Column("layouts", JSON, nullable=False, server_default="{}"),
    Column("color", String(400), nullable=True),
    Column("order", Integer, nullable=True),
    Column("filters_overrides", JSON, nullable=False, server_default="{}"),
    _flag("is_description_shown"),
    _flag("is_deleted"),
    UniqueConstraint("dashboard_id", "insight_id"),
    CheckConstraint("(insight_id IS NULL) <> (text_body IS NULL)", name="content"),
)

annotation = Table(
    "annotation",
    metadata,
    Column("id", _Id, primary_key=True),
    _project(),
    Column("content", Text, nullable=True),
    _time("date_marker", nullable=True),
    Column("creation_type", String(3), nullable=False, server_default="USR"),
    Column("scope", String(24), nullable=False, server_default="dashboard_item"),
    Column("insight_id", ForeignKey("insight.id", ondelete="SET NULL"), nullable=True),
    Column("dashboard_id", ForeignKey("dashboard.id", ondelete="SET NULL"), nullable=True),
    Column("emoji", String(32), nullable=True),
    _flag("is_hidden_in_user_interface"),
    *_made(),
    _time("last_modified_at"),
    CheckConstraint("creation_type IN ('USR', 'GIT')", name="creation_type"),
    CheckConstraint("scope IN ('dashboard_item', 'dashboard', 'project', 'organization')", name="scope"),
    sqlite_autoincrement=True,
)

action = Table(
    "action",
    metadata,
    Column("id", _Id, primary_key=True),
    _project(),
    Column("name", String(400), nullable=True),
    _text("description"),
    Column("steps", JSON, nullable=False, server_default="[]"),
    _flag("is_posted_to_slack"),
    _text("slack_message_format", 1200),
    _time("pinned_at", nullable=True),
    Column("is_calculating", Boolean, nullable=False, server_default=false()),
    _time("last_calculated_at"),
    Column("bytecode_error", Text, nullable=True),
    *_made(),
    _time("last_modified_at"),
    sqlite_autoincrement=True,
)

cohort = Table(
    "cohort",
    metadata,
    Column("id", _Id, primary_key=True),
    _project(),
    Column("name", String(400), nullable=True),
    _text("description", 1000),
    _flag("is_static"),
    Column("cohort_type", String(24), nullable=True),
    Column("filters", JSON(none_as_null=True), nullable=True),
    Column("query", JSON(none_as_null=True), nullable=True),
    Column("groups", JSON, nullable=False, server_default="[]"),
    # Members are those of `version`; a calculation under way writes those of `pending_version`.
    Column("version", Integer, nullable=True),
    Column("pending_version", Integer, nullable=True),
    Column("count", BigInteger, nullable=True),
    _flag("is_calculating"),
    _time("last_calculation_at", nullable=True),
    Column("errors_calculating", Integer, nullable=False, server_default=text("0")),
    _time("last_error_at", nullable=True),
    Column("last_error", Text, nullable=True),
    *_made(),
    _time("last_modified_at"),
    sqlite_autoincrement=True,
)

cohort_member = Table(
    "cohort_member",
    metadata,
    Column("cohort_id", ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    # 0 in a static cohort. A calculation writes the next version beside the one that counts.
    Column("version", Integer, primary_key=True, autoincrement=False, server_default=text("0")),
    Index("ix_cohort_member_person_id", "person_id"),
)

insight_variable = Table(
    "insight_variable",
    metadata,
    Column("id", Uuid, primary_key=True),
    _project(),
    Column("name", String(400), nullable=False),
    Column("code_name", String(400), nullable=False),
    Column("type", String(16), nullable=False),
    Column("default_value", JSON(none_as_null=True), nullable=True),
    Column("values", JSON(none_as_null=True), nullable=True),
    _time("created_at"),
    _user("created_by_id"),
    UniqueConstraint("project_id", "code_name"),
    CheckConstraint("type IN ('String', 'Number', 'Boolean', 'List', 'Date')", name="type"),
)

tagging = Table(
    "tagging",
    metadata,
    Column("project_id", ForeignKey("project.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(32), primary_key=True),  # the table of what is tagged
    Column("item_id", String(64), primary_key=True),
    Column("tag", String(255), primary_key=True),
)

sharing = Table(
    "sharing",
    metadata,
    Column("id", _Id, primary_key=True),
    _project(),
    Column("insight_id", ForeignKey("insight.id", ondelete="CASCADE"), nullable=True, unique=True),
    Column("dashboard_id", ForeignKey("dashboard.id", ondelete="CASCADE"), nullable=True, unique=True),
    _flag("is_enabled"),
    Column("access_token", String(64), nullable=False, unique=True),
    Column("settings", JSON, nullable=False, server_default="{}"),
    _time("created_at"),
    CheckConstraint("(insight_id IS NULL) <> (dashboard_id IS NULL)", name="shared"),
)

activity = Table(
    "activity",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("project_id", ForeignKey("project.id", ondelete="CASCADE"), nullable=False),
    _user("user_id"),
    _flag("is_system"),
    Column("scope", String(64), nullable=False),  # Insight, Dashboard, FeatureFlag, …
    Column("item_id", String(72), nullable=False),
    Column("activity", String(32), nullable=False),  # created, updated, deleted, restored, …
    Column("detail", JSON, nullable=False),
    _time("created_at"),
    Index("ix_activity_item", "project_id", "scope", "item_id", "created_at"),
    Index("ix_activity_recent", "project_id", "created_at"),
)

engine_request = Table(
    "engine_request",
    metadata,
    Column("id", _Id, primary_key=True),
    _project(),
    Column("kind", String(32), nullable=False),
    Column("arguments", JSON, nullable=False),
    _user("created_by_id"),
    _time("created_at"),
    _time("done_at", nullable=True),
    Column("failure", Text, nullable=True),
    Index("ix_engine_request_done_at", "done_at", "id"),
    sqlite_autoincrement=True,
)
"""What people ask of the one process that owns persons, groups and the store; see `ingest/requests.py`."""
