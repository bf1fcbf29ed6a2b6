"""Passwords are kept as argon2id hashes, with the parameters inside the hash.

Hashing takes 64 MiB and some 50 ms on purpose, so only a few are under way at once in a process: a crowd at the
door waits its turn instead of taking the memory of everybody else.
"""

import functools
import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from appliance.failures import Invalid

PASSWORD_CHARACTERS_MIN = 10
PASSWORD_CHARACTERS_MAX = 256
_AT_ONCE = 2
_DIFFERENT_CHARACTERS_MIN = 5
_hasher = PasswordHasher()
_turns = threading.BoundedSemaphore(_AT_ONCE)


def generate_password() -> str:
    """Random, with about 96 bits: nobody guesses it."""
    return secrets.token_urlsafe(12)


def check_password(password: object, email: str, attr: str = "password") -> str:
    """A password that somebody chose for themselves, if it is none of the first that anybody tries."""
    if not isinstance(password, str):
        raise Invalid("Not a valid string.", attr)
    if len(password) < PASSWORD_CHARACTERS_MIN:
        problem = (
            f"This password is too short. It must contain at least {PASSWORD_CHARACTERS_MIN} characters."
        )
        raise Invalid(problem, attr, "password_too_short")
    if len(password) > PASSWORD_CHARACTERS_MAX:
        problem = f"Ensure this field has no more than {PASSWORD_CHARACTERS_MAX} characters."
        raise Invalid(problem, attr, "max_length")
    lowered = password.lower()
    if len(set(lowered)) < _DIFFERENT_CHARACTERS_MIN or lowered in (email, email.partition("@")[0]):
        raise Invalid("This password is too easy to guess.", attr, "password_too_common")
    return password


def hash_password(password: str) -> str:
    with _turns:
        return _hasher.hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """False for a wrong password, and for an account that may not sign in by password."""
    if password_hash is None or len(password) > PASSWORD_CHARACTERS_MAX:
        return False
    try:
        with _turns:
            return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def pretend_to_verify(password: str) -> None:
    """Takes as long as a real one, so that the time does not tell which accounts there are."""
    verify_password(_of_nobody(), password)


@functools.cache
def _of_nobody() -> str:
    return hash_password(generate_password())
