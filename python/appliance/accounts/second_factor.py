"""The second factor: a code from an app (TOTP, RFC 6238), or one of ten recovery codes, each good once.

A code is taken up to half a minute early or late, and never twice. The secret is sealed with a key that is not
in the catalog; of recovery codes only hashes are kept.
"""

import base64
import secrets
import time

import pyotp
from sqlalchemy import Connection, RowMapping, delete, select

from appliance.accounts.keys import hash_key, now_us
from appliance.accounts.sealed import Sealer
from appliance.catalog.accounts import second_factor
from appliance.catalog.connect import insert
from appliance.failures import Conflict, Invalid

RECOVERY_CODES = 10
_PURPOSE = "totp"
_STEP_S = 30
_CODE_DIGITS = 6
_RECOVERY_BYTES = 10  # 16 characters of base32
_ISSUER = "Hoglet"


def is_enabled(connection: Connection, user_id: int) -> bool:
    row = _find(connection, user_id)
    return row is not None and row["is_confirmed"]


def recovery_codes_left(connection: Connection, user_id: int) -> int:
    row = _find(connection, user_id)
    return len(row["recovery_hashes"]) if row is not None else 0


def begin(connection: Connection, sealer: Sealer, user_id: int, email: str) -> tuple[str, str]:
    """A secret to put into an app, and the same as an address for a QR code. It counts once it is confirmed."""
    if is_enabled(connection, user_id):
        raise Conflict("Two-factor authentication is enabled already.")
    secret = pyotp.random_base32()
    row = {
        "secret": sealer.seal(_PURPOSE, {"secret": secret, "user": user_id}),
        "is_confirmed": False, "last_step": 0, "recovery_hashes": [], "created_at": now_us(),
    }  # fmt: skip
    statement = insert(connection, second_factor).values(user_id=user_id, **row)
    connection.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=row))
    return secret, pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=_ISSUER)


def confirm(connection: Connection, sealer: Sealer, user_id: int, code: str) -> list[str] | None:
    """The recovery codes, if the code is right: from now on it is asked for at every sign-in."""
    row = _find(connection, user_id)
    if row is None or row["is_confirmed"]:
        raise Invalid("Start the setup of two-factor authentication first.", "token", "not_started")
    if not _take_code(connection, sealer, row, code):
        return None
    connection.execute(
        second_factor.update().where(second_factor.c.user_id == user_id).values(is_confirmed=True)
    )
    return renew_recovery_codes(connection, user_id)


def renew_recovery_codes(connection: Connection, user_id: int) -> list[str]:
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    connection.execute(
        second_factor.update()
        .where(second_factor.c.user_id == user_id)
        .values(recovery_hashes=[_recovery_hash(one) for one in codes])
    )
    return codes


def disable(connection: Connection, user_id: int) -> None:
    connection.execute(delete(second_factor).where(second_factor.c.user_id == user_id))


def take(connection: Connection, sealer: Sealer, user_id: int, code: str) -> str | None:
    """Uses up a code: how it was right, `totp` or `recovery_code`, or None."""
    row = _find(connection, user_id, is_locked=True)
    if row is None or not row["is_confirmed"]:
        return None
    if _take_code(connection, sealer, row, code):
        return "totp"
    hashes, given = list(row["recovery_hashes"]), _recovery_hash(code)
    if given not in hashes:
        return None
    hashes.remove(given)
    connection.execute(
        second_factor.update().where(second_factor.c.user_id == user_id).values(recovery_hashes=hashes)
    )
    return "recovery_code"


def _take_code(connection: Connection, sealer: Sealer, row: RowMapping, code: str) -> bool:
    code = "".join(code.split())
    if not (len(code) == _CODE_DIGITS and code.isascii() and code.isdigit()):
        return False
    opened = sealer.open(_PURPOSE, row["secret"])
    if opened is None or opened.get("user") != row["user_id"]:
        return False
    totp, now_step = pyotp.TOTP(opened["secret"]), int(time.time()) // _STEP_S
    for step in (now_step, now_step - 1, now_step + 1):
        if secrets.compare_digest(totp.at(step * _STEP_S), code):
            taken = connection.execute(
                second_factor.update()
                .where(second_factor.c.user_id == row["user_id"], second_factor.c.last_step < step)
                .values(last_step=step)
            )
            return taken.rowcount > 0
    return False


def _find(connection: Connection, user_id: int, *, is_locked: bool = False) -> RowMapping | None:
    query = select(second_factor).where(second_factor.c.user_id == user_id)
    return connection.execute(query.with_for_update() if is_locked else query).mappings().one_or_none()


def _recovery_code() -> str:
    text = base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _recovery_hash(code: str) -> str:
    return hash_key("".join(one for one in code.lower() if one.isalnum()))
