"""The catalog's tables of signing in: sessions, failed attempts, second factors, invites, who did what, what goes.

The rules of `model.py` hold. Beside them: whatever opens a door (a session, an invite, a link) is kept as the
SHA-256 of a random word that is shown once, and a TOTP secret only as sealed by a key outside of the catalog.
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
    Uuid,
    false,
    text,
)

from appliance.catalog.model import metadata

# SQLite numbers rows by itself only where the key is its own INTEGER.
_Id = BigInteger().with_variant(Integer, "sqlite")


def _time(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def _user(name: str = "user_id", **more: Any) -> Column[Any]:
    return Column(name, ForeignKey("user_account.id", ondelete="CASCADE"), **more)


def _maker() -> Column[Any]:
    return Column("created_by_id", ForeignKey("user_account.id", ondelete="SET NULL"), nullable=True)


def _organization() -> Column[Any]:
    return Column(
        "organization_id", ForeignKey("organization.id", ondelete="CASCADE"), nullable=False, index=True
    )


user_session = Table(
    "user_session",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    _user(nullable=False, index=True),
    Column("method", String(16), nullable=False),  # password, oidc, invite, setup, reset
    Column("address", String(64), nullable=False),
    Column("user_agent", String(400), nullable=False),
    _time("created_at"),
    _time("last_seen_at"),  # to the minute
    _time("expires_at"),
)

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    Column("kind", String(16), primary_key=True),  # account, address, …
    Column("bucket", Integer, primary_key=True, autoincrement=False),  # so the rows are bounded
    _time("window_at"),
    Column("count", Integer, nullable=False),
)

second_factor = Table(
    "second_factor",
    metadata,
    _user(primary_key=True),
    Column("secret", Text, nullable=False),  # sealed
    Column("is_confirmed", Boolean, nullable=False, server_default=false()),
    Column("last_step", BigInteger, nullable=False, server_default=text("0")),  # no code works twice
    Column("recovery_hashes", JSON, nullable=False, server_default="[]"),
    _time("created_at"),
)

external_identity = Table(
    "external_identity",
    metadata,
    Column("issuer", String(400), primary_key=True),
    Column("subject", String(255), primary_key=True),
    _user(nullable=False, index=True),
    _time("created_at"),
)

organization_invite = Table(
    "organization_invite",
    metadata,
    Column("id", Uuid, primary_key=True),
    _organization(),
    Column("hash", String(64), nullable=False, unique=True),
    Column("email", String(254), nullable=True),  # null: for whoever has the link
    Column("first_name", Text, nullable=False, server_default=""),
    Column("role", String(16), nullable=False),
    _time("created_at"),
    _maker(),
    _time("expires_at"),
    CheckConstraint("role IN ('owner', 'admin', 'member', 'viewer')", name="role"),
)

password_reset = Table(
    "password_reset",
    metadata,
    _user(primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    _time("created_at"),
    _maker(),
    _time("expires_at"),
)

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("id", _Id, primary_key=True),
    _organization(),
    Column("user_id", ForeignKey("user_account.id", ondelete="SET NULL"), nullable=True),
    Column("email", String(254), nullable=False),  # as it was, for when the account is gone
    Column("action", String(64), nullable=False),
    Column("detail", JSON, nullable=False),
    Column("address", String(64), nullable=False),
    _time("created_at"),
    Index("ix_audit_entry_created_at", "created_at"),
    sqlite_autoincrement=True,
)

first_run = Table(
    "first_run",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),  # there while nobody has signed in
    Column("code_hash", String(64), nullable=False),
    _user(nullable=False),
    CheckConstraint("id = 1", name="single"),
)

project_removal = Table(
    "project_removal",
    metadata,
    Column("project_id", Integer, primary_key=True, autoincrement=False),  # of a project that is gone
    Column("organization_id", Uuid, nullable=False, index=True),  # which may be gone, too
    Column("name", Text, nullable=False),
    Column("deleted_by", String(254), nullable=False),  # the address, as it was
    _time("deleted_at"),
    _time("fenced_at", nullable=True),  # from here on ingest knows no such project
    Column("rows_total", BigInteger, nullable=True),  # in the store, at first
    Column("rows_left", BigInteger, nullable=True),
    Column("failure", Text, nullable=True),  # why it does not go on
    _time("done_at", nullable=True),
)
"""Projects that were deleted, and how much of their data is still there; see `catalog/removals.py`."""
