"""What a flag needs to know of whoever asks: their properties, cohorts, remembered buckets and groups.

All requests of a worker that wait are looked up together, in one thread with one connection. Two requests that name
the same person cost one row.

In SQLite a look-up takes a tenth of what waking a thread does, as long as its pages are in memory. So it is done at
once, on the event loop; one that has to wait for the disk sends those of the next moments to the thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from appliance._native import flags as native
from appliance.config import Config
from appliance.flags.batches import Away, Batches, Unanswerable
from appliance.flags.lookups import GroupId, Id, Lookups, Person, open_hasty_lookups, open_lookups

ANONYMOUS_ID_CHARACTERS_MAX = 200
# A look-up on the event loop that took longer is the last one for a hundred times as long, so that the loop never
# loses more than a hundredth of its time to a slow disk.
_AT_ONCE_S_MAX = 0.003
_PATIENCE = 100
_FAILED_S = 5.0


@dataclass(frozen=True, slots=True)
class Question:
    """What one request needs."""

    project_id: int
    distinct_id: str
    anonymous_distinct_id: str | None
    """Only where remembered buckets are needed: by whom the client was known before."""
    wants_person: bool
    cohorts: Sequence[int]
    wants_buckets: bool
    groups: Sequence[tuple[int, str]]


@dataclass(slots=True)
class Known:
    """What there is to know, as `FlagSet.answer` takes it."""

    person_properties: str | None = None
    memberships: list[tuple[int, int]] = field(default_factory=list)
    hash_keys: list[tuple[str, str]] = field(default_factory=list)
    group_properties: list[tuple[int, str]] = field(default_factory=list)
    is_catalog_away: bool = False
    is_continuity_broken: bool = False


@dataclass(slots=True)
class Found:
    """One question's answer, before buckets are settled."""

    person: Person | None
    anonymous: Person | None
    groups: list[tuple[int, str]]


class Continuity(Protocol):
    """What `continuity.Continuity` is to this module."""

    async def settle(
        self, question: Question, found: Found, keys: Sequence[str]
    ) -> tuple[list[tuple[str, str]], bool]:
        """The buckets that count, and whether they could not be made sure of."""


class People:
    """Looks people up. One per worker."""

    def __init__(
        self,
        config: Config,
        continuity: Continuity,
        open_patient: Callable[[Config], Lookups] = open_lookups,
        open_hasty: Callable[[Config], Lookups | None] = open_hasty_lookups,
    ) -> None:
        self._lookups = open_patient(config)
        self._hasty = open_hasty(config)
        self._patient_until = 0.0
        self._continuity = continuity
        self._batches = Batches(
            "people of flags",
            self._work,
            limit_s=config.flags_wait_ms / 1000,
            waiting_max=config.flags_waiting_max,
            on_end=self._lookups.close,
        )

    @property
    def is_away(self) -> bool:
        return self._batches.is_away

    async def find(self, flag_set: native.FlagSet, request: native.Request, needs: native.Needs) -> Known:
        """Never fails but with `Busy`; what could not be found out is said in the answer."""
        wants_person, cohorts, wants_buckets, groups = needs
        anonymous = request.anonymous_distinct_id if wants_buckets else None
        question = Question(
            project_id=flag_set.project_id,
            distinct_id=_storable(request.distinct_id),
            anonymous_distinct_id=_storable(anonymous)[:ANONYMOUS_ID_CHARACTERS_MAX] if anonymous else None,
            wants_person=wants_person,
            cohorts=cohorts,
            wants_buckets=wants_buckets,
            groups=[(index, _storable(key)) for index, key in groups],
        )
        try:
            found = self._at_once(question) or await self._batches.ask(question)
        except (Away, Unanswerable):
            return Known(is_catalog_away=True, is_continuity_broken=wants_buckets)
        known = Known(group_properties=found.groups)
        if found.person is not None:
            known.person_properties = found.person.properties
            known.memberships = found.person.memberships
        if wants_buckets:
            keys = flag_set.continuity_keys
            known.hash_keys, known.is_continuity_broken = await self._continuity.settle(question, found, keys)
        return known

    def close(self) -> None:
        self._batches.close()
        if self._hasty is not None:
            self._hasty.close()

    def _at_once(self, question: Question) -> Found | None:
        """On the event loop, where that holds up nobody."""
        started = time.monotonic()
        if self._hasty is None or started < self._patient_until or self._batches.is_away:
            return None
        found = None
        # Whatever it is: the thread tells why, to everybody.
        with suppress(Exception):
            [found] = _answers(self._hasty, [question])
        ended = time.monotonic()
        if found is None:
            self._patient_until = ended + _FAILED_S
        elif ended - started > _AT_ONCE_S_MAX:
            self._patient_until = ended + _PATIENCE * (ended - started)
        return found

    def _work(self, questions: Sequence[Question]) -> list[Found]:
        if not questions:
            self._lookups.ping()
            return []
        return _answers(self._lookups, questions)


def _answers(lookups: Lookups, questions: Sequence[Question]) -> list[Found]:
    """One look-up for all persons, one for all groups."""
    places: dict[Id, int] = {}
    groups: dict[GroupId, int] = {}
    for one in questions:
        if one.wants_person or one.cohorts or one.wants_buckets:
            places.setdefault((one.project_id, one.distinct_id), len(places))
        if one.anonymous_distinct_id:
            places.setdefault((one.project_id, one.anonymous_distinct_id), len(places))
        for index, key in one.groups:
            groups.setdefault((one.project_id, index, key), len(groups))
    persons = _persons(lookups, questions, list(places)) if places else []
    properties = lookups.groups(list(groups)) if groups else []

    def person(project_id: int, distinct_id: str | None) -> Person | None:
        at = None if distinct_id is None else places.get((project_id, distinct_id))
        return None if at is None else persons[at]

    return [
        Found(
            person=person(one.project_id, one.distinct_id),
            anonymous=person(one.project_id, one.anonymous_distinct_id),
            groups=[
                (index, text)
                for index, key in one.groups
                if (text := properties[groups[one.project_id, index, key]]) is not None
            ],
        )
        for one in questions
    ]


def _persons(lookups: Lookups, questions: Sequence[Question], ids: Sequence[Id]) -> list[Person | None]:
    cohorts = sorted({cohort for one in questions for cohort in one.cohorts})
    with_buckets = any(one.wants_buckets for one in questions)
    return lookups.persons(ids, cohorts, with_buckets=with_buckets)


def _storable(text: str) -> str:
    """As ingest stores it: no database takes a NUL."""
    return text.replace("\0", "\ufffd")


def rows_of(question: Question, found: Found, keys: Sequence[str]) -> list[tuple[Any, ...]]:
    """Buckets to remember: of each person that there is, for each flag that has none yet."""
    hash_key = question.anonymous_distinct_id
    if not hash_key:
        return []
    persons = {one.id: one for one in (found.person, found.anonymous) if one is not None}
    return [
        (question.project_id, person.id, key, hash_key)
        for person in persons.values()
        for key in keys
        if key not in person.buckets
    ]
