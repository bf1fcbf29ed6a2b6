"""Who may read a project's definitions: its own secret keys (`phs_…`) and people's keys (`phx_…`).

SDKs poll, and some forget all their flags when a key is refused. So:

Promises:
- A key is refused only by a catalog that answers.
- A key that was good is good for `FRESH_S` without asking again, and, while the catalog is away, for `TRUSTED_S`.
- What is remembered is bounded, and holds no key, only hashes.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import Connection, Engine, select

from appliance.accounts.keys import KEY_CHARACTERS_MAX, authenticate, hash_key
from appliance.catalog.connect import reading
from appliance.catalog.feature_flags import project_secret_key
from appliance.catalog.model import project
from appliance.failures import CatalogUnavailable, NotAuthenticated

SECRET_PREFIX = "phs_"  # noqa: S105 - a prefix, not a secret
SCOPE = "feature_flag:read"
FRESH_S = 5.0
TRUSTED_S = 900.0
_REMEMBERED_MAX = 10_000
_SCOPES = frozenset({SCOPE, "feature_flag:write", "*"})


@dataclass(frozen=True, slots=True)
class Holder:
    """What a key opens."""

    project_ids: frozenset[int]
    may_read_flags: bool
    is_secret_key: bool
    """A project's own, not a person's."""


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

    def holder(self, key: str) -> Holder:
        """Raises `NotAuthenticated` for a key that nobody has, `CatalogUnavailable` where that cannot be known."""
        if len(key) > KEY_CHARACTERS_MAX or not key.isascii():
            raise NotAuthenticated("this is not an API key")
        hash_ = hash_key(key)
        seen_at, holder = self._remembered.get(hash_, (0.0, None))
        age_s = self._now() - seen_at
        if holder is not None and age_s < (FRESH_S if self._is_catalog_reachable() else TRUSTED_S):
            return holder
        try:
            with reading(self._catalog) as connection:
                found = (
                    _secret(connection, key, hash_)
                    if key.startswith(SECRET_PREFIX)
                    else _personal(connection, key)
                )
        except CatalogUnavailable:
            if holder is not None and age_s < TRUSTED_S:
                return holder
            raise
        except NotAuthenticated:
            self._forget(hash_)
            raise
        self._remember(hash_, found)
        return found

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


def _secret(connection: Connection, key: str, hash_: str) -> Holder:
    columns = project_secret_key.c
    row = connection.execute(
        select(columns.project_id, columns.scopes).where(columns.hash == hash_)
    ).one_or_none()
    if row is not None:
        return Holder(frozenset({row.project_id}), not _SCOPES.isdisjoint(row.scopes), is_secret_key=True)
    # The one that a project may have had before it had keys with names.
    id_ = connection.execute(select(project.c.id).where(project.c.secret_token == key)).scalar_one_or_none()
    if id_ is None:
        raise NotAuthenticated("no project has this secret key")
    return Holder(frozenset({id_}), may_read_flags=True, is_secret_key=True)


def _personal(connection: Connection, key: str) -> Holder:
    found = authenticate(connection, key)
    return Holder(found.project_ids, found.allows(SCOPE), is_secret_key=False)
