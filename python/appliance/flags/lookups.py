"""The SQL by which persons are looked up: one statement for all questions of a batch, on SQLite and PostgreSQL.

A batch's answer comes as few, large rows. In SQLite it is even one: each row read costs the thread a fight for the
interpreter with the event loop.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import orjson
import psycopg
from sqlalchemy import Engine, PoolProxiedConnection, event

from appliance.catalog.connect import catalog_url, connect
from appliance.config import Config
from appliance.flags.batches import Unanswerable

# Project and distinct id; project, index of the type and key of a group.
Id = tuple[int, str]
GroupId = tuple[int, int, str]


@dataclass(slots=True)
class Person:
    """Whoever owns a distinct id."""

    id: str
    properties: str
    memberships: list[tuple[int, int]]
    buckets: dict[str, str]


class Lookups(Protocol):
    """Reads in the thread that it is used in first. Raises where the catalog does not answer."""

    def persons(
        self, ids: Sequence[Id], cohorts: Sequence[int], *, with_buckets: bool
    ) -> list[Person | None]:
        """Of each id the person who owns it, in the order of `ids`."""

    def groups(self, ids: Sequence[GroupId]) -> list[str | None]:
        """The properties of each group, in the order of `ids`."""

    def ping(self) -> None:
        """Whether there would be an answer."""

    def close(self) -> None: ...


def open_lookups(config: Config) -> Lookups:
    """Of the catalog that `config` names. Connects when first used."""
    engine = connect(hurried(config, config.flags_wait_ms))
    if engine.dialect.name == "sqlite":
        return _Sqlite(engine, lambda connection: connection.execute("PRAGMA query_only=ON"))
    wait_ms = config.flags_wait_ms

    def prepare(connection: Any) -> None:
        connection.autocommit = True
        connection.execute(f"SET statement_timeout = {wait_ms}")
        connection.execute("SET default_transaction_read_only = on")

    return _Postgres(engine, prepare)


def open_hasty_lookups(config: Config) -> Lookups | None:
    """Look-ups that never wait for anybody, only for the disk. A server elsewhere has none."""
    if catalog_url(config).get_backend_name() != "sqlite":
        return None

    def prepare(connection: Any) -> None:
        connection.execute("PRAGMA query_only=ON")
        connection.execute("PRAGMA busy_timeout=0")

    return _Sqlite(connect(hurried(config, config.flags_wait_ms)), prepare)


def hurried(config: Config, wait_ms: int) -> Config:
    """The same catalog for one who cannot wait as long as others."""
    few = replace(config, catalog_wait_s=max(wait_ms / 1000, 0.1), catalog_connections_max=1)
    url = catalog_url(config)
    if url.get_backend_name() == "sqlite":
        return few
    # A server that vanished without a word is noticed by the kernel.
    text = url.set(query={"tcp_user_timeout": str(2 * wait_ms), **url.query}).render_as_string(
        hide_password=False
    )
    return replace(few, catalog_url=text)


class _Held:
    """One connection, kept until it fails."""

    def __init__(self, engine: Engine, prepare: Callable[[Any], None]) -> None:
        self._engine = engine
        self._held: PoolProxiedConnection | None = None
        event.listen(engine, "connect", lambda connection, _record: prepare(connection))

    def ask(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        try:
            if self._held is None:
                self._held = self._engine.raw_connection()
            connection: Any = self._held.driver_connection
            rows: list[Any] = connection.execute(sql, parameters).fetchall()
        except (psycopg.DataError, sqlite3.DataError) as failure:
            raise Unanswerable from failure
        except Exception:
            held, self._held = self._held, None
            if held is not None:
                held.invalidate()
            raise
        return rows

    def ping(self) -> None:
        self.ask("SELECT 1")

    def close(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.close()
        self._engine.dispose()


_SQLITE_PERSONS = """
SELECT json_group_array(json_array(q.key, p.id, p.properties,
  CASE WHEN ?2 <> '[]' THEN (
    SELECT json_group_array(json_array(m.cohort_id, m.version)) FROM cohort_member m
    WHERE m.person_id = p.id AND m.cohort_id IN (SELECT value FROM json_each(?2))) END,
  CASE WHEN ?3 THEN (
    SELECT json_group_object(h.flag_key, h.hash_key) FROM flag_hash_key_override h
    WHERE h.project_id = p.project_id AND h.person_id = p.id) END))
FROM json_each(?1) q
JOIN person_distinct_id d
  ON d.project_id = json_extract(q.value, '$[0]') AND d.distinct_id = json_extract(q.value, '$[1]')
JOIN person p ON p.project_id = d.project_id AND p.id = d.person_id
"""
_SQLITE_GROUPS = """
SELECT json_group_array(json_array(q.key, g.properties))
FROM json_each(?1) q
JOIN group_row g
  ON g.project_id = json_extract(q.value, '$[0]') AND g.type_index = json_extract(q.value, '$[1]')
  AND g.group_key = json_extract(q.value, '$[2]')
"""


class _Sqlite(_Held):
    def persons(
        self, ids: Sequence[Id], cohorts: Sequence[int], *, with_buckets: bool
    ) -> list[Person | None]:
        parameters = (_json(ids), _json(cohorts), with_buckets)
        [(text,)] = self.ask(_SQLITE_PERSONS, parameters)
        return _placed(orjson.loads(text), len(ids))

    def groups(self, ids: Sequence[GroupId]) -> list[str | None]:
        [(text,)] = self.ask(_SQLITE_GROUPS, (_json(ids),))
        found: list[str | None] = [None] * len(ids)
        for at, properties in orjson.loads(text):
            found[at] = properties
        return found


_POSTGRES_PERSONS = """
SELECT q.at - 1, p.id::text, p.properties,
  CASE WHEN cardinality(%s::bigint[]) > 0 THEN (
    SELECT json_agg(json_build_array(m.cohort_id, m.version))::text FROM cohort_member m
    WHERE m.person_id = p.id AND m.cohort_id = ANY(%s::bigint[])) END,
  CASE WHEN %s THEN (
    SELECT json_object_agg(h.flag_key, h.hash_key)::text FROM flag_hash_key_override h
    WHERE h.project_id = p.project_id AND h.person_id = p.id) END
FROM unnest(%s::int[], %s::text[]) WITH ORDINALITY q(project_id, distinct_id, at)
JOIN person_distinct_id d ON d.project_id = q.project_id AND d.distinct_id = q.distinct_id
JOIN person p ON p.project_id = d.project_id AND p.id = d.person_id
"""
_POSTGRES_GROUPS = """
SELECT q.at - 1, g.properties
FROM unnest(%s::int[], %s::smallint[], %s::text[]) WITH ORDINALITY q(project_id, type_index, group_key, at)
JOIN group_row g
  ON g.project_id = q.project_id AND g.type_index = q.type_index AND g.group_key = q.group_key
"""


class _Postgres(_Held):
    def persons(
        self, ids: Sequence[Id], cohorts: Sequence[int], *, with_buckets: bool
    ) -> list[Person | None]:
        wanted = list(cohorts)
        parameters = (wanted, wanted, with_buckets, [one[0] for one in ids], [one[1] for one in ids])
        return _placed(self.ask(_POSTGRES_PERSONS, parameters), len(ids))

    def groups(self, ids: Sequence[GroupId]) -> list[str | None]:
        found: list[str | None] = [None] * len(ids)
        parameters = tuple([one[number] for one in ids] for number in range(3))
        for at, properties in self.ask(_POSTGRES_GROUPS, parameters):
            found[at] = properties
        return found


def _placed(rows: Sequence[Sequence[Any]], count: int) -> list[Person | None]:
    found: list[Person | None] = [None] * count
    for at, id_, properties, memberships, buckets in rows:
        found[at] = Person(
            id=id_,
            properties=properties,
            memberships=[(cohort, version) for cohort, version in _read(memberships) or ()],
            buckets=_read(buckets) or {},
        )
    return found


def _read(value: Any) -> Any:
    """SQLite puts JSON into JSON as what it is, PostgreSQL gives it as a text."""
    return orjson.loads(value) if isinstance(value, str) else value


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
