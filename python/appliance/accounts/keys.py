"""Project tokens and personal API keys.

A project token (`phc_…`) is public: it stands in every web page and only lets events in. A personal API key
(`phx_…`) is secret: it has 256 random bits, so a plain SHA-256 of it can be looked up and yet tells nothing.
"""

import hashlib
import secrets
import time
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from appliance.accounts.principal import ALL_SCOPES, Principal, Reach, reach_of
from appliance.catalog.connect import insert
from appliance.catalog.model import personal_api_key, user_account
from appliance.failures import Invalid, NotAuthenticated

TOKEN_PREFIX = "phc_"  # noqa: S105 - a prefix, not a secret
KEY_PREFIX = "phx_"
KEY_CHARACTERS_MAX = 128
_RANDOM_BYTES = 32  # 43 characters
_USE_NOTED_EVERY_US = 60 * 1_000_000


def now_us() -> int:
    return time.time_ns() // 1_000


def generate_project_token() -> str:
    return TOKEN_PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)


def generate_key() -> str:
    return KEY_PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)


def hash_key(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def mask_key(key: str) -> str:
    """Enough to recognise a key by in a list: `phx_…AbCd`."""
    return f"{KEY_PREFIX}…{key[-4:]}"


def create_personal_api_key(
    connection: Connection, user_id: int, label: str, scopes: Sequence[str] = (ALL_SCOPES,), **limits: Any
) -> str:
    """The new key, shown only now. `limits` are the columns that keep it to some projects or organisations."""
    key = generate_key()
    store_key(connection, user_id, label, key, scopes, **limits)
    return key


def store_key(
    connection: Connection, user_id: int, label: str, key: str, scopes: Sequence[str], **limits: Any
) -> None:
    """Keep the hash of a key. One that is kept already stays as it is."""
    if not scopes:
        raise Invalid("a key needs at least one scope")
    row = {
        "id": uuid.uuid4(), "user_id": user_id, "label": label, "hash": hash_key(key), "mask": mask_key(key),
        "scopes": sorted(set(scopes)), "created_at": now_us(), **limits,
    }  # fmt: skip
    connection.execute(insert(connection, personal_api_key).values(row).on_conflict_do_nothing())


def authenticate(connection: Connection, key: str) -> Principal:
    """Who the key belongs to. Raises `NotAuthenticated` for all that is not the key of an active user."""
    return authenticate_key(connection, key)[0]


def authenticate_key(connection: Connection, key: str) -> tuple[Principal, bool]:
    """The same, and whether it is worth noting that the key was used."""
    if not key.startswith(KEY_PREFIX) or len(key) > KEY_CHARACTERS_MAX or not key.isascii():
        raise NotAuthenticated("this is not a personal API key")
    owned = personal_api_key.join(user_account, user_account.c.id == personal_api_key.c.user_id)
    row = connection.execute(
        select(personal_api_key, user_account.c.email, user_account.c.current_project_id)
        .select_from(owned)
        .where(personal_api_key.c.hash == hash_key(key), user_account.c.is_active)
    ).one_or_none()
    if row is None:
        raise NotAuthenticated("nobody has this personal API key")
    reach = reach_of(connection, row.user_id)
    principal = Principal(
        user_id=row.user_id,
        email=row.email,
        scopes=frozenset(row.scopes),
        reach=_narrowed(reach, row.scoped_project_ids, row.scoped_organization_ids),
        key_id=row.id,
        chosen_project_id=row.current_project_id,
    )
    used = row.last_used_at
    return principal, used is None or used < now_us() - _USE_NOTED_EVERY_US


def note_use(connection: Connection, key_id: uuid.UUID) -> None:
    """Remember that a key was used, to the minute: not every request is worth a write."""
    now = now_us()
    used = personal_api_key.c.last_used_at
    connection.execute(
        personal_api_key.update()
        .where(personal_api_key.c.id == key_id, used.is_(None) | (used < now - _USE_NOTED_EVERY_US))
        .values(last_used_at=now)
    )


def _narrowed(reach: Reach, project_ids: Sequence[int], organization_ids: Sequence[str]) -> Reach:
    """A key for some projects reaches no organisation's own settings: those are of all its projects."""
    if organization_ids:
        kept = {id_: role for id_, role in reach.organizations.items() if str(id_) in organization_ids}
        reach = Reach(kept, {id_: owner for id_, owner in reach.projects.items() if owner in kept})
    if project_ids:
        projects = {id_: owner for id_, owner in reach.projects.items() if id_ in project_ids}
        reach = Reach(reach.organizations, projects, is_organizations_own=False)
    return reach
