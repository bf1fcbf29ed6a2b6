"""Words that only this appliance can read and nobody can change: what cookies carry for us, TOTP secrets.

The key is a file of the data folder, not in the catalog: whoever has one has not the other.
"""

import base64
import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from appliance.config import Config

_CHARACTERS_MAX = 8_000


class Sealer:
    def __init__(self, config: Config) -> None:
        digest = hashlib.sha256(config.secret("sealing").encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(digest))

    def seal(self, purpose: str, values: dict[str, Any]) -> str:
        return self._fernet.encrypt(json.dumps([purpose, values]).encode()).decode()

    def open(self, purpose: str, sealed: str, seconds: int | None = None) -> dict[str, Any] | None:
        """None for what is not ours, was made for something else, or is older than `seconds`."""
        if not sealed.isascii() or len(sealed) > _CHARACTERS_MAX:
            return None
        try:
            made_for, values = json.loads(self._fernet.decrypt(sealed.encode(), ttl=seconds))
        except (InvalidToken, ValueError):
            return None
        return dict(values) if made_for == purpose else None
