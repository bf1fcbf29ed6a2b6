"""Payloads of remote configurations: what a flag holds, for server SDKs that ask for it by name."""

from collections.abc import Callable
from typing import Any

from appliance.failures import NotFound
from appliance.flags.definitions import FlagRow
from appliance.flags.encryption import REDACTED
from appliance.flags.keeper import ProjectFlags

_ON = "true"
_DIGITS_MAX = 18


def remote_payload(flags: ProjectFlags, named: str, decrypted: Callable[[str], str] | None) -> Any:
    """The payload of a flag by its key or its number, None if it holds none.

    `decrypted` makes plain what is kept encrypted; without it, the words that stand for something encrypted are all
    that is told. Raises `NotFound` for what is no remote configuration.
    """
    row = _find(flags, named)
    if row is None or not row.is_remote_configuration:
        raise NotFound("There is no remote configuration of this name.")
    payload = row.payloads.get(_ON)
    if not payload or not row.has_encrypted_payloads:
        return payload or None
    return REDACTED if decrypted is None else decrypted(str(payload))


def _find(flags: ProjectFlags, named: str) -> FlagRow | None:
    if named.isascii() and named.isdigit():
        id_ = int(named) if len(named) <= _DIGITS_MAX else -1
        return next((one for one in flags.definitions.flags if one.id == id_), None)
    return next((one for one in flags.definitions.flags if one.key == named), None)
