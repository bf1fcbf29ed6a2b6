"""By which id a person was bucketed first, so that signing in changes nobody's flags.

Promises:
- What was remembered is never overwritten; of two who remember at once, one counts for both.
- All flags of the project that keep experiences are remembered together, for each person that there is.
- What counts for a request is read after it was written, or the request is told that it could not be.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, Engine

from appliance.catalog.connect import connect, writing
from appliance.config import Config
from appliance.flags.batches import Away, Batches, Busy
from appliance.flags.lookups import hurried
from appliance.flags.people import Found, Question, rows_of

# Project, person, flag key, hash key.
Row = tuple[int, str, str, str]

_SQLITE_INSERT = """
INSERT INTO flag_hash_key_override (project_id, person_id, flag_key, hash_key)
SELECT p.project_id, p.id, json_extract(q.value, '$[2]'), json_extract(q.value, '$[3]')
FROM json_each(?) q
JOIN person p ON p.project_id = json_extract(q.value, '$[0]') AND p.id = json_extract(q.value, '$[1]')
WHERE true
ON CONFLICT DO NOTHING
"""
_SQLITE_READ = """
SELECT h.project_id, h.person_id, h.flag_key, h.hash_key
FROM (SELECT DISTINCT json_extract(value, '$[0]') project_id, json_extract(value, '$[1]') person_id FROM json_each(?)) q
JOIN flag_hash_key_override h ON h.project_id = q.project_id AND h.person_id = q.person_id
"""
_POSTGRES_ROWS = (
    "unnest(%s::int[], %s::uuid[], %s::text[], %s::text[]) q(project_id, person_id, flag_key, hash_key)"
)
# In one order for all: two workers that insert the same rows must not wait for each other in a circle.
_POSTGRES_INSERT = f"""
INSERT INTO flag_hash_key_override (project_id, person_id, flag_key, hash_key)
SELECT p.project_id, p.id, q.flag_key, q.hash_key
FROM {_POSTGRES_ROWS}
JOIN person p ON p.project_id = q.project_id AND p.id = q.person_id
ORDER BY 1, 2, 3
ON CONFLICT DO NOTHING
"""
_POSTGRES_READ = f"""
SELECT h.project_id, h.person_id::text, h.flag_key, h.hash_key
FROM (SELECT DISTINCT q.project_id, q.person_id FROM {_POSTGRES_ROWS}) q
JOIN flag_hash_key_override h ON h.project_id = q.project_id AND h.person_id = q.person_id
"""


class Continuity:
    """Remembers buckets. One per worker, with a thread of its own: a write waits for its turn."""

    def __init__(self, config: Config) -> None:
        self._catalog: Engine = connect(hurried(config, config.flags_write_wait_ms))
        self._batches = Batches(
            "buckets of flags",
            self._work,
            limit_s=config.flags_write_wait_ms / 1000,
            waiting_max=config.flags_waiting_max,
            on_end=self._catalog.dispose,
        )

    async def settle(
        self, question: Question, found: Found, keys: Sequence[str]
    ) -> tuple[list[tuple[str, str]], bool]:
        """The buckets that count, and whether they could not be made sure of."""
        rows = rows_of(question, found, keys)
        if rows:
            try:
                await self._remember(rows, found)
            except (Away, Busy):
                return [], True
        # What the person themselves was bucketed by wins over what the anonymous one was.
        buckets: dict[str, str] = {}
        for person in (found.anonymous, found.person):
            if person is not None:
                buckets |= person.buckets
        return list(buckets.items()), False

    def close(self) -> None:
        self._batches.close()

    async def _remember(self, rows: Sequence[Row], found: Found) -> None:
        remembered: dict[str, dict[str, str]] = await self._batches.ask(rows)
        for person in (found.anonymous, found.person):
            # Of whom nothing was missing nothing was written, and what was found stands.
            if person is not None and person.id in remembered:
                person.buckets = remembered[person.id]

    def _work(self, questions: Sequence[Sequence[Row]]) -> list[dict[str, dict[str, str]]]:
        rows = sorted({row[:3]: row for rows in reversed(questions) for row in rows}.values())
        found: dict[tuple[int, str], dict[str, str]] = {}
        with writing(self._catalog) as connection:
            if rows:
                for project_id, person_id, flag_key, hash_key in _write(connection, rows):
                    found.setdefault((project_id, person_id), {})[flag_key] = hash_key
        return [
            {person_id: found.get((project_id, person_id), {}) for project_id, person_id, _, _ in rows}
            for rows in questions
        ]


def _write(connection: Connection, rows: Sequence[Row]) -> Sequence[Any]:
    """All rows of the persons concerned, once the given ones are among them."""
    if connection.dialect.name == "sqlite":
        text = orjson.dumps(rows).decode()
        connection.exec_driver_sql(_SQLITE_INSERT, (text,))
        return connection.exec_driver_sql(_SQLITE_READ, (text,)).all()
    columns = tuple([row[number] for row in rows] for number in range(4))
    connection.exec_driver_sql(_POSTGRES_INSERT, columns)
    return connection.exec_driver_sql(_POSTGRES_READ, columns).all()
