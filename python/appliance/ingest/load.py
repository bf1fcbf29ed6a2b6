"""What Rust needs in memory before it can process a block, loaded from the catalog."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, Engine, delete, select, tuple_

from appliance import persons
from appliance._native import ingest, journal
from appliance.catalog import reading, writing
from appliance.catalog.connect import insert
from appliance.catalog.model import cookieless_salt, cookieless_session, group_row, group_type

_EPOCH = date(1970, 1, 1)
# Loading one thing may ask for another (a group's type before the group); more rounds than this is a mistake.
_ROUNDS_MAX = 8
_ROWS_MAX = 400
# A visitor's day must exist somewhere on earth within the last 72 hours; after that its salt is deleted, and
# with it every way to tell who that visitor was.
_SALT_DAYS = 4


def load_needs(catalog: Engine, state: ingest.Ingest, batch: journal.Batch | bytes) -> None:
    """Loads until ``state`` has all that ``batch`` needs. Writes only new salts.

    Changes of the block before may not be in the catalog yet. They are in ``state``, which is believed first.
    """
    for _ in range(_ROUNDS_MAX):
        needs = state.needs(batch)
        if not any(needs):
            return
        days = needs[3]
        if days:
            with writing(catalog) as connection:
                state.load_salts([(day, _salt(connection, day)) for day in days])
        with reading(catalog) as connection:
            _load(connection, state, needs)
    raise RuntimeError("a block keeps asking for more to be loaded")


def _load(connection: Connection, state: ingest.Ingest, needs: ingest.Needs) -> None:
    wanted, projects, groups, _, visitors = needs
    if wanted:
        found, absent = persons.load(connection, wanted)
        state.load_persons(found)
        state.load_absent(absent)
    for project_id in projects:
        rows = connection.execute(
            select(group_type.c.name, group_type.c.type_index).where(group_type.c.project_id == project_id)
        )
        state.load_group_types(project_id, [(name, index) for name, index in rows])
    if groups:
        state.load_groups(_groups(connection, groups))
    if visitors:
        state.load_sessions(_sessions(connection, visitors))


def _groups(
    connection: Connection, wanted: list[tuple[int, int, str]]
) -> list[tuple[int, int, str, tuple[int, str] | None]]:
    found: dict[tuple[int, int, str], tuple[int, str]] = {}
    key = tuple_(group_row.c.project_id, group_row.c.type_index, group_row.c.group_key)
    for start in range(0, len(wanted), _ROWS_MAX):
        part = wanted[start : start + _ROWS_MAX]
        for row in connection.execute(select(group_row).where(key.in_(part))).mappings():
            place = (row["project_id"], row["type_index"], row["group_key"])
            found[place] = (row["created_at"], row["properties"])
    return [(*place, found.get(place)) for place in wanted]


def _sessions(
    connection: Connection, wanted: list[tuple[int, int, bytes]]
) -> list[tuple[int, int, bytes, int, tuple[bytes, int] | None]]:
    """What is remembered of cookieless visitors; nothing was counted of those that are not there."""
    found: dict[tuple[int, str, bytes], tuple[int, tuple[bytes, int] | None]] = {}
    columns = cookieless_session.c
    key = tuple_(columns.project_id, columns.day, columns.hash)
    for start in range(0, len(wanted), _ROWS_MAX):
        part = [
            (project_id, day_text(day), hash_) for project_id, day, hash_ in wanted[start : start + _ROWS_MAX]
        ]
        for row in connection.execute(select(cookieless_session).where(key.in_(part))).mappings():
            current = None if row["session_id"] is None else (row["session_id"].bytes, row["last_active_at"])
            place = (row["project_id"], row["day"], bytes(row["hash"]))
            found[place] = (row["identify_count"], current)
    return [
        (project_id, day, hash_, *found.get((project_id, day_text(day), hash_), (0, None)))
        for project_id, day, hash_ in wanted
    ]


def day_text(day: int) -> str:
    """A day since 1970 as the catalog writes it."""
    return (_EPOCH + timedelta(days=day)).isoformat()


def _salt(connection: Connection, day: int) -> bytes:
    """The salt of a day since 1970, made at first use."""
    text = day_text(day)
    values = {"day": text, "salt": os.urandom(16)}
    connection.execute(insert(connection, cookieless_salt).values(**values).on_conflict_do_nothing())
    salt = connection.execute(
        select(cookieless_salt.c.salt).where(cookieless_salt.c.day == text)
    ).scalar_one()
    return bytes(salt)


def forget_salts(connection: Connection, state: ingest.Ingest) -> None:
    """Deletes the salts of days that no event may belong to any more."""
    oldest = datetime.now(UTC).date() - timedelta(days=_SALT_DAYS)
    for table in (cookieless_salt, cookieless_session):
        connection.execute(delete(table).where(table.c.day < oldest.isoformat()))
    state.forget_salts_before((oldest - _EPOCH).days)
