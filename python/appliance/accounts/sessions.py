"""Sessions: who has signed in with a browser, until when.

Promises:
- The catalog keeps the hash of a session's token; the token is in the cookie and nowhere else.
- A session ends when nobody used it for `session_idle_s`, after `session_s` in any case, and when its owner says
  so; all others of a user end when the password changes.
- The word that proves a request came from our own page (`csrf_token`) follows from the token, so it needs no
  keeping and ends with it.
"""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, delete, or_, select

from appliance.accounts.keys import hash_key, now_us
from appliance.accounts.principal import ALL_SCOPES, Principal, reach_of
from appliance.catalog.accounts import user_session
from appliance.catalog.model import user_account
from appliance.config import Config
from appliance.failures import NotAuthenticated

SESSIONS_MAX = 50
"""Of one user; the least used go."""
_TOKEN_BYTES = 32
_TOKEN_CHARACTERS = 43
_SEEN_EVERY_US = 60 * 1_000_000
_ADDRESS_CHARACTERS_MAX = 64
_USER_AGENT_CHARACTERS_MAX = 400


@dataclass(frozen=True, slots=True)
class Visit:
    """From where somebody signs in, and how."""

    address: str
    user_agent: str
    method: str


def begin(connection: Connection, user_id: int, visit: Visit, config: Config) -> str:
    """A new session; its token, for the cookie."""
    now, token = now_us(), secrets.token_urlsafe(_TOKEN_BYTES)
    _drop_old(connection, user_id, config)
    connection.execute(
        user_session.insert().values(
            id=uuid.uuid4(),
            hash=hash_key(token),
            user_id=user_id,
            method=visit.method,
            address=visit.address[:_ADDRESS_CHARACTERS_MAX],
            user_agent=visit.user_agent[:_USER_AGENT_CHARACTERS_MAX],
            created_at=now,
            last_seen_at=now,
            expires_at=now + round(config.session_s * 1_000_000),
        )
    )
    connection.execute(user_account.update().where(user_account.c.id == user_id).values(last_login_at=now))
    return token


def authenticate_session(connection: Connection, token: str, config: Config) -> tuple[Principal, bool]:
    """Who the session belongs to, and whether it is worth noting that it was seen."""
    row = None
    if len(token) == _TOKEN_CHARACTERS and token.isascii():
        query = (
            select(user_session, user_account.c.email, user_account.c.current_project_id)
            .join(user_account, user_account.c.id == user_session.c.user_id)
            .where(user_session.c.hash == hash_key(token), user_account.c.is_active)
        )
        row = connection.execute(query).one_or_none()
    now = now_us()
    if row is None or row.expires_at <= now or row.last_seen_at <= _idle_before(now, config):
        raise NotAuthenticated("Your session has ended. Sign in again.")
    principal = Principal(
        user_id=row.user_id,
        email=row.email,
        scopes=frozenset((ALL_SCOPES,)),
        reach=reach_of(connection, row.user_id),
        session_id=row.id,
        chosen_project_id=row.current_project_id,
    )
    return principal, row.last_seen_at < now - _SEEN_EVERY_US


def note_seen(connection: Connection, session_id: uuid.UUID) -> None:
    connection.execute(
        user_session.update().where(user_session.c.id == session_id).values(last_seen_at=now_us())
    )


def list_sessions(connection: Connection, user_id: int, config: Config) -> Sequence[RowMapping]:
    """Those that still open something, the last used first."""
    now, columns = now_us(), user_session.c
    query = select(user_session).where(
        columns.user_id == user_id, columns.expires_at > now, columns.last_seen_at > _idle_before(now, config)
    )
    return connection.execute(query.order_by(columns.last_seen_at.desc(), columns.id)).mappings().all()


def end(connection: Connection, user_id: int, session_id: uuid.UUID) -> bool:
    """Whether it was there."""
    columns = user_session.c
    ended = connection.execute(
        delete(user_session).where(columns.user_id == user_id, columns.id == session_id)
    )
    return ended.rowcount > 0


def end_of_token(connection: Connection, token: str) -> None:
    """By what the cookie holds; nothing where that opens nothing."""
    connection.execute(delete(user_session).where(user_session.c.hash == hash_key(token)))


def end_all(connection: Connection, user_id: int, *, but: uuid.UUID | None = None) -> int:
    """How many ended."""
    columns = user_session.c
    ending = delete(user_session).where(columns.user_id == user_id)
    return connection.execute(ending if but is None else ending.where(columns.id != but)).rowcount


def csrf_token(token: str) -> str:
    return hmac.new(token.encode(), b"cross-site request forgery", hashlib.sha256).hexdigest()


def _idle_before(now: int, config: Config) -> int:
    return now - round(config.session_idle_s * 1_000_000)


def _drop_old(connection: Connection, user_id: int, config: Config) -> None:
    """What has ended, and what would be one too many."""
    now, columns = now_us(), user_session.c
    connection.execute(
        delete(user_session).where(
            or_(columns.expires_at <= now, columns.last_seen_at <= _idle_before(now, config))
        )
    )
    kept = (
        select(columns.id)
        .where(columns.user_id == user_id)
        .order_by(columns.last_seen_at.desc(), columns.id)
        .limit(SESSIONS_MAX - 1)
    )
    connection.execute(
        delete(user_session).where(columns.user_id == user_id, columns.id.not_in(kept.scalar_subquery()))
    )
