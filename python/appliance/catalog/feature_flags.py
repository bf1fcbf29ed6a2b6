"""The catalog's tables of feature flags: definitions, their history, remembered buckets, counts, and secret keys.

The rules of `model.py` and `resources.py` hold. Beside them:
- A key is unique among the flags of a project that are not deleted.
- Whoever changes a flag, a cohort, a group type or a key calls `changes.bump` in the same transaction.
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
    String,
    Table,
    Text,
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


feature_flag = Table(
    "feature_flag",
    metadata,
    Column("id", _Id, primary_key=True),
    _project(),
    Column("key", String(400), nullable=False),
    Column("name", Text, nullable=False, server_default=""),  # the description
    Column("filters", JSON, nullable=False, server_default="{}"),
    Column("is_active", Boolean, nullable=False, server_default=true()),
    Column("is_archived", Boolean, nullable=False, server_default=false()),
    Column("is_deleted", Boolean, nullable=False, server_default=false()),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("ensure_experience_continuity", Boolean, nullable=True),
    Column("evaluation_runtime", String(16), nullable=True),  # all, client, server
    Column("bucketing_identifier", String(32), nullable=True),  # distinct_id, device_id
    Column("evaluation_contexts", JSON, nullable=False, server_default="[]"),
    Column("is_remote_configuration", Boolean, nullable=False, server_default=false()),
    Column("has_encrypted_payloads", Boolean, nullable=False, server_default=false()),
    Column("has_enriched_analytics", Boolean, nullable=False, server_default=false()),
    Column("usage_dashboard_id", ForeignKey("dashboard.id", ondelete="SET NULL"), nullable=True),
    Column("creation_context", String(32), nullable=False, server_default="feature_flags"),
    _time("created_at"),
    _user("created_by_id"),
    _time("last_modified_at"),
    _user("last_modified_by_id"),
    _time("last_called_at", nullable=True),
    Index(
        "uq_feature_flag_key",
        "project_id",
        "key",
        unique=True,
        sqlite_where=text("is_deleted = 0"),
        postgresql_where=text("NOT is_deleted"),
    ),
    CheckConstraint("evaluation_runtime IN ('all', 'client', 'server')", name="evaluation_runtime"),
    CheckConstraint("bucketing_identifier IN ('distinct_id', 'device_id')", name="bucketing_identifier"),
    CheckConstraint("NOT (is_archived AND is_active)", name="archived"),
    sqlite_autoincrement=True,
)

feature_flag_version = Table(
    "feature_flag_version",
    metadata,
    Column("flag_id", ForeignKey("feature_flag.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("definition", JSON, nullable=False),  # the columns that decide who gets what
    _time("created_at"),
    _user("created_by_id"),
)

flag_hash_key_override = Table(
    "flag_hash_key_override",
    metadata,
    Column("project_id", Integer, primary_key=True, autoincrement=False),
    Column("person_id", Uuid, primary_key=True),
    Column("flag_key", String(400), primary_key=True),
    Column("hash_key", String(200), nullable=False),  # the distinct id that the person was bucketed by first
)

flag_evaluation = Table(
    "flag_evaluation",
    metadata,
    Column("project_id", Integer, primary_key=True, autoincrement=False),
    Column("flag_id", BigInteger, primary_key=True, autoincrement=False),
    Column("hour_at", BigInteger, primary_key=True, autoincrement=False),
    Column("outcome", String(400), primary_key=True),  # true, false, a variant, or failed
    Column("count", BigInteger, nullable=False),
)

project_secret_key = Table(
    "project_secret_key",
    metadata,
    Column("id", Uuid, primary_key=True),
    _project(),
    Column("kind", String(8), nullable=False, server_default="key"),  # key; token, backup: the project's own
    Column("label", String(40), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),  # SHA-256 of the key, hexadecimal
    Column("mask", String(16), nullable=False),  # phs_…1234, to recognise it by
    Column("scopes", JSON, nullable=False),  # ["feature_flag:read"], …
    _time("created_at"),
    _user("created_by_id"),
    _time("last_used_at", nullable=True),
    _time("last_rolled_at", nullable=True),
)
