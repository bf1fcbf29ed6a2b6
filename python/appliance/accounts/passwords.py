"""Passwords are kept as argon2id hashes, with the parameters inside the hash."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

PASSWORD_CHARACTERS_MAX = 256
_hasher = PasswordHasher()


def generate_password() -> str:
    """Random, with about 96 bits: nobody guesses it."""
    return secrets.token_urlsafe(12)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """False for a wrong password, and for an account that may not sign in by password."""
    if password_hash is None or len(password) > PASSWORD_CHARACTERS_MAX:
        return False
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
