"""Signing in: by password and, where it is enabled, a second factor.

Promises:
- A try is counted against the account and the address before it is judged, see `attempts.py`.
- Whether an account exists can be told neither from the answer nor from the time it takes.
- Between password and code the browser holds a sealed note for ten minutes; it is worth nothing once the password
  has changed.
"""

import hashlib
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, select

from appliance.accounts import second_factor, sessions
from appliance.accounts.audit import drop_old, note_account
from appliance.accounts.passwords import pretend_to_verify, verify_password
from appliance.accounts.reception import Reception
from appliance.accounts.roles import Role, role_of
from appliance.accounts.sessions import Visit
from appliance.catalog import reading, writing
from appliance.catalog.accounts import first_run
from appliance.catalog.model import membership, user_account
from appliance.failures import Invalid

PENDING = "second_factor"
PENDING_S = 600
EMAIL_CHARACTERS_MAX = 254


@dataclass(frozen=True, slots=True)
class SecondFactorWanted:
    """The password was right. `note` is for the cookie."""

    note: str


def by_password(reception: Reception, email: str, password: str, visit: Visit) -> str | SecondFactorWanted:
    """A session's token, or what to bring along with the second factor."""
    email = email.strip().lower()[:EMAIL_CHARACTERS_MAX]
    attempts = reception.attempts
    with writing(reception.catalog) as connection:
        attempts.take(connection, attempts.address, visit.address)
        attempts.take(connection, attempts.account, email)
    with reading(reception.catalog) as connection:
        user = _user(connection, user_account.c.email == email)
    if user is None or user["password_hash"] is None:
        pretend_to_verify(password)
        with writing(reception.catalog) as connection:  # as long as it takes to note the failure of somebody
            attempts.take(connection, attempts.nobody, email)
        raise _wrong()
    if not verify_password(user["password_hash"], password):
        _note_failure(reception, user, visit, "password")
        raise _wrong()
    with writing(reception.catalog) as connection:
        attempts.give_back(connection, attempts.address, visit.address)
        attempts.forget(connection, attempts.account, email)
        if _user(connection, user_account.c.id == user["id"], user["password_hash"]) is None:
            raise _wrong()
        if second_factor.is_enabled(connection, user["id"]):
            values = {"user": user["id"], "password": _mark(user["password_hash"])}
            return SecondFactorWanted(reception.sealer.seal(PENDING, values))
        return begin(connection, reception, user, visit)


def by_second_factor(reception: Reception, note: str, code: str, visit: Visit) -> str:
    """A session's token."""
    pending = reception.sealer.open(PENDING, note, PENDING_S)
    if pending is None:
        raise Invalid("Sign in with your password first.", "token", "2fa_expired")
    attempts, subject = reception.attempts, str(pending["user"])
    with writing(reception.catalog) as connection:
        attempts.take(connection, attempts.address, visit.address)
        attempts.take(connection, attempts.second_factor, subject)
    with writing(reception.catalog) as connection:
        user = _user(connection, user_account.c.id == pending["user"])
        if user is None or _mark(user["password_hash"]) != pending["password"]:
            raise Invalid("Sign in with your password first.", "token", "2fa_expired")
        how = second_factor.take(connection, reception.sealer, user["id"], code)
        if how is not None:
            attempts.give_back(connection, attempts.address, visit.address)
            attempts.forget(connection, attempts.second_factor, subject)
            if how == "recovery_code":
                left = second_factor.recovery_codes_left(connection, user["id"])
                note_account(
                    connection, user["id"], user["email"], visit.address, "recovery_code_used", left=left
                )
            return begin(connection, reception, user, visit)
    _note_failure(reception, user, visit, "second_factor")
    raise Invalid("Invalid authentication code.", "token", "2fa_invalid")


def begin(connection: Connection, reception: Reception, user: RowMapping, visit: Visit) -> str:
    """A session for a user who has proven who they are; its token."""
    if _is_in_charge(connection, user["id"]):
        connection.execute(delete(first_run))  # nobody has to set anything up
    drop_old(connection, reception.config)
    note_account(connection, user["id"], user["email"], visit.address, "signed_in", method=visit.method)
    return sessions.begin(connection, user["id"], visit, reception.config)


def _is_in_charge(connection: Connection, user_id: int) -> bool:
    roles = select(membership.c.role).where(membership.c.user_id == user_id)
    return any(role_of(one) >= Role.ADMIN for one in connection.execute(roles).scalars())


def _note_failure(reception: Reception, user: RowMapping, visit: Visit, what: str) -> None:
    with writing(reception.catalog) as connection:
        note_account(connection, user["id"], user["email"], visit.address, "sign_in_failed", wrong=what)


def _user(
    connection: Connection, condition: ColumnElement[bool], password_hash: str | None = None
) -> RowMapping | None:
    query = select(user_account).where(condition, user_account.c.is_active)
    if password_hash is not None:
        query = query.where(user_account.c.password_hash == password_hash)
    return connection.execute(query).mappings().one_or_none()


def _mark(password_hash: str | None) -> str:
    return hashlib.sha256((password_hash or "").encode()).hexdigest()[:16]


def _wrong() -> Invalid:
    return Invalid("Invalid email or password.", code="invalid_credentials")
