"""Who may read a project's definitions: its own secret keys (`phs_…`) and people's keys (`phx_…`).

SDKs poll, and some forget all their flags when a key is refused. So:

Promises:
- A key is refused only by a catalog that answers.
- A key that was good is good for `FRESH_S` without asking again, and, while the catalog is away, for `TRUSTED_S`.
- What is remembered is bounded, and holds no key, only hashes.
"""

import contextlib
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import Connection, Engine

from appliance.accounts import keys
from appliance.accounts.keys import KEY_CHARACTERS_MAX, authenticate, hash_key
from appliance.catalog.connect import reading, writing
from appliance.failures import CatalogUnavailable, NotAuthenticated
from appliance.flags import secret_keys
from appliance.flags.secret_keys import PREFIX as SECRET_PREFIX
from appliance.flags.secret_keys import authenticate_secret_key

SCOPE = "feature_flag:read"
FRESH_S = 5.0
TRUSTED_S = 900.0
_NOTED_EVERY_S = 60.0
_REMEMBERED_MAX = 10_000
_SCOPES = frozenset({SCOPE, "feature_flag:write", "*"})


@dataclass(frozen=True, slots=True)
class Holder:
    """What a key opens."""

    project_ids: frozenset[int]
    may_read_flags: bool
    is_secret_key: bool
    """A project's own, not a person's."""
    id: uuid.UUID | None

    def opens(self, project_id: int | None) -> bool:
        return self.may_read_flags and (project_id is None or project_id in self.project_ids)


class Credentials:
    """Blocking where it has to ask the catalog; for threads."""

    def __init__(
        self,
        catalog: Engine,
        is_catalog_reachable: Callable[[], bool] = lambda: True,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._catalog = catalog
        self._is_catalog_reachable = is_catalog_reachable
        self._now = now
        self._lock = Lock()
        self._remembered: OrderedDict[str, tuple[float, Holder]] = OrderedDict()
        self._noted: OrderedDict[str, float] = OrderedDict()

    def holder(self, key: str, project_id: int | None = None) -> Holder:
        """Raises `NotAuthenticated` for a key that nobody has, `CatalogUnavailable` where that cannot be known.

        What is remembered may open a project, and does not keep it shut: it may be newer.
        """
        if len(key) > KEY_CHARACTERS_MAX or not key.isascii():
            raise NotAuthenticated("this is not an API key")
        hash_ = hash_key(key)
        seen_at, holder = self._remembered.get(hash_, (0.0, None))
        age_s = self._now() - seen_at
        if holder is not None and not holder.opens(project_id):
            holder = None
        if holder is not None and age_s < (FRESH_S if self._is_catalog_reachable() else TRUSTED_S):
            return holder
        try:
            with reading(self._catalog) as connection:
                found = _opened(connection, key)
        except CatalogUnavailable:
            if holder is not None and age_s < TRUSTED_S:
                return holder
            raise
        except NotAuthenticated:
            self._forget(hash_)
            raise
        self._note_use(hash_, found)
        self._remember(hash_, found)
        return found

    def _note_use(self, hash_: str, holder: Holder) -> None:
        """Once in a while: not every request is worth a write, and none is worth failing for it."""
        noted_at = self._noted.get(hash_)
        if holder.id is None or (noted_at is not None and self._now() - noted_at < _NOTED_EVERY_S):
            return
        with contextlib.suppress(CatalogUnavailable), writing(self._catalog) as connection:
            (secret_keys if holder.is_secret_key else keys).note_use(connection, holder.id)
        with self._lock:
            self._noted[hash_] = self._now()
            while len(self._noted) > _REMEMBERED_MAX:
                self._noted.popitem(last=False)

    def _remember(self, hash_: str, holder: Holder) -> None:
        with self._lock:
            self._remembered[hash_] = (self._now(), holder)
            self._remembered.move_to_end(hash_)
            while len(self._remembered) > _REMEMBERED_MAX:
                self._remembered.popitem(last=False)

    def _forget(self, hash_: str) -> None:
        with self._lock:
            self._remembered.pop(hash_, None)


def key_in(headers: Mapping[str, str]) -> str:
    """The key that a request shows. Raises `NotAuthenticated` if it shows none."""
    scheme, _, key = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise NotAuthenticated("Authentication credentials were not provided.")
    return key.strip()


def _opened(connection: Connection, key: str) -> Holder:
    if key.startswith(SECRET_PREFIX):
        secret = authenticate_secret_key(connection, key)
        allowed = not _SCOPES.isdisjoint(secret.scopes)
        return Holder(frozenset({secret.project_id}), allowed, is_secret_key=True, id=secret.key_id)
    person = authenticate(connection, key)
    return Holder(person.project_ids, person.allows(SCOPE), is_secret_key=False, id=person.key_id)
