"""Payloads that are kept encrypted: a remote configuration that holds words which not everybody may read.

Promises:
- The catalog, its backups and its history never hold such a payload in plain.
- The key is in a file of its own: the one that the setting `secret_key_file` names, else one in the data folder which
  is made when it is first needed and which only the appliance's own user can read. Without that file the payloads
  are lost; back it up, and not beside the catalog.
- Somebody who can change the catalog can put an older payload back, but not make one: what was not encrypted here is
  refused.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from appliance.config import Config
from appliance.failures import ConfigurationError, Unavailable

REDACTED = '"********* (encrypted)"'
"""What is shown instead; the quotes are part of it, so that it is JSON as other payloads are."""
_FILE = "flag_payloads"
_KEY = re.compile(r"[A-Za-z0-9_-]{43}=?")  # 32 bytes


class Payloads:
    """Encrypts and decrypts. The key is read when it is first used."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._fernet: Fernet | None = None

    def encrypted(self, payload: str) -> str:
        return self._cipher().encrypt(payload.encode()).decode("ascii")

    def decrypted(self, kept: str) -> str:
        """Raises `Unavailable` for what was encrypted by another key."""
        try:
            return self._cipher().decrypt(kept.encode()).decode()
        except InvalidToken:
            raise Unavailable(
                "This payload was encrypted with another key than the one that is here."
            ) from None

    def _cipher(self) -> Fernet:
        if self._fernet is None:
            self._fernet = Fernet(f"{self._key()}=")
        return self._fernet

    def _key(self) -> str:
        named = self._config.secret_key_file
        if not named:
            return self._config.secret(_FILE)
        try:
            key = Path(named).read_text(encoding="ascii").strip()
        except (OSError, ValueError) as error:
            raise ConfigurationError("secret_key_file", f"cannot be read: {error}") from None
        if not _KEY.fullmatch(key):
            raise ConfigurationError("secret_key_file", "must hold 32 bytes in URL-safe base64")
        return key.rstrip("=")


def redacted(payloads: Mapping[str, str]) -> dict[str, str]:
    return dict.fromkeys(payloads, REDACTED)
