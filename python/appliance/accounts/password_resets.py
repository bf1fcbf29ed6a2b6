"""A link by which somebody chooses a new password: made by an admin or at the command line, as no mail is sent.

One link for a user at a time, kept as a hash, good once. A new password ends every session of theirs; a second
factor stays.
"""

import secrets
import uuid

from sqlalchemy import Connection, RowMapping, delete, select

from appliance.accounts import second_factor, sessions
from appliance.accounts.audit import note_account
from appliance.accounts.keys import hash_key, now_us
from appliance.accounts.passwords import check_password, hash_password
from appliance.catalog.accounts import password_reset
from appliance.catalog.connect import insert
from appliance.catalog.model import user_account
from appliance.config import Config
from appliance.failures import Invalid, NotFound

_TOKEN_BYTES = 32


def make(connection: Connection, user: RowMapping, made_by: int | None, config: Config) -> tuple[str, int]:
    """The link, shown only now, and until when it works."""
    now, token = now_us(), secrets.token_urlsafe(_TOKEN_BYTES)
    expires_at = now + round(config.password_reset_s * 1_000_000)
    row = {"hash": hash_key(token), "created_at": now, "created_by_id": made_by, "expires_at": expires_at}
    statement = insert(connection, password_reset).values(user_id=user["id"], **row)
    connection.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=row))
    return f"{config.url}/reset/{user['uuid']}/{token}", expires_at


def make_for(
    connection: Connection, email: str, config: Config, *, is_second_factor_dropped: bool = False
) -> str:
    """For whoever works on the machine itself, and so may everything."""
    wanted = select(user_account).where(
        user_account.c.email == email.strip().lower(), user_account.c.is_active
    )
    user = connection.execute(wanted).mappings().one_or_none()
    if user is None:
        raise NotFound(f"there is no account {email}")
    note_account(connection, user["id"], user["email"], "", "password_reset_made", by="command line")
    if is_second_factor_dropped:
        second_factor.disable(connection, user["id"])
        note_account(connection, user["id"], user["email"], "", "second_factor_taken", by="command line")
    return make(connection, user, None, config)[0]


def find(connection: Connection, user_uuid: str, token: str) -> RowMapping:
    """Whose password it is."""
    try:
        wanted = uuid.UUID(user_uuid)
    except ValueError:
        raise _worthless() from None
    owned = password_reset.join(user_account, user_account.c.id == password_reset.c.user_id)
    query = (
        select(user_account)
        .select_from(owned)
        .where(
            user_account.c.uuid == wanted,
            user_account.c.is_active,
            password_reset.c.hash == hash_key(token),
            password_reset.c.expires_at > now_us(),
        )
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise _worthless()
    return row


def use(connection: Connection, user_uuid: str, token: str, password: object, address: str) -> RowMapping:
    user = find(connection, user_uuid, token)
    hashed = hash_password(check_password(password, user["email"]))
    used = delete(password_reset).where(password_reset.c.hash == hash_key(token))
    if not connection.execute(used).rowcount:
        raise _worthless()
    connection.execute(
        user_account.update().where(user_account.c.id == user["id"]).values(password_hash=hashed)
    )
    sessions.end_all(connection, user["id"])
    note_account(connection, user["id"], user["email"], address, "password_reset")
    return user


def _worthless() -> Invalid:
    return Invalid("This link was used or has expired. Ask for a new one.", "token", "invalid_token")
