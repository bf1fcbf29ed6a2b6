"""Datasets as people describe them, and questions about them."""

import itertools
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from appliance.query.asked import Asked
from appliance.query.hogql.context import Context
from appliance.query.insights.actors import insight_actors
from appliance.query.insights.lifecycle import lifecycle
from appliance.query.insights.stickiness import stickiness
from appliance.query.insights.trends import trends
from appliance.query.project import Cohort, GivenDefinitions, ProjectFacts
from appliance.store.client import Store
from tests.store.conftest import shredded
from tests.store.rows import block, event, stream

_SHREDDED = {name: column for name, column, _ in shredded()}
_SPACE = uuid.UUID("5d0c1b4e-6b0a-4c8e-9a40-000000000000")
ANSWERS = {"TrendsQuery": trends, "StickinessQuery": stickiness, "LifecycleQuery": lifecycle}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass
class Person:
    name: str
    created_at: datetime = datetime(2019, 1, 1, tzinfo=UTC)
    properties: dict[str, Any] = field(default_factory=dict)
    distinct_ids: Sequence[str] = ()

    @property
    def id(self) -> uuid.UUID:
        return uuid.uuid5(_SPACE, self.name)


@dataclass
class Dataset:
    """One project's people and what they did."""

    store: Store
    reader: Store
    facts: ProjectFacts
    now: datetime

    def given(self, now: str | None = None, **facts) -> "Dataset":
        """The same data seen by a project with other facts."""
        return replace(self, facts=replace(self.facts, **facts), now=at(now) if now else self.now)

    def asked(self, **more) -> Asked:
        context = Context(project=self.facts, now=self.now, shredded=_SHREDDED)
        return Asked(context, self.reader, str(uuid.uuid4()), **more)

    def answer(self, query: Mapping[str, Any], **more) -> dict[str, Any]:
        return ANSWERS[query["kind"]](query, self.asked(**more))

    def results(self, query: Mapping[str, Any], **more) -> list[dict[str, Any]]:
        return self.answer(query, **more)["results"]

    def actors(self, source: Mapping[str, Any], **wanted) -> list[tuple[str, int]]:
        """Who is in a number, by name, and how many events of theirs."""
        asked = self.asked()
        asked.context.limit_default = None
        rows = asked.run(insight_actors({"source": source, **wanted}, asked)).rows
        return sorted((str(row[0]), row[1]) for row in rows)


class Warehouse:
    def __init__(self, store: Store, reader: Store) -> None:
        self.store, self.reader = store, reader
        self._projects = itertools.count(1_000)
        self._kept: dict[str, Dataset] = {}

    def kept(self, name: str, make) -> Dataset:
        if name not in self._kept:
            self._kept[name] = make(self)
        return self._kept[name]

    def dataset(
        self, people: Sequence[Person], events: Sequence[Mapping[str, Any]], now: str, **definitions
    ) -> Dataset:
        """`events`: event, at, person (a name), properties, and columns of the table by their own names."""
        project = next(self._projects)
        by_name = {person.name: person for person in people}
        rows = [_row(project, by_name, one) for one in events]
        if rows:
            self.store.insert_arrow_stream("events", block(rows), uuid.uuid4().hex)
        _insert_people(self.store, project, people)
        facts = ProjectFacts(project, definitions=GivenDefinitions(**definitions))
        return Dataset(self.store, self.reader, facts, at(now))


def cohort(id_: int, name: str, *criteria: Mapping[str, Any], **more) -> Cohort:
    inner = {"type": "AND", "values": list(criteria)}
    return Cohort(id_, name, filters={"properties": {"type": "OR", "values": [inner]}}, **more)


def text_of(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _column(value: Any, is_plain: bool) -> str | None:
    """As ingest fills it: a missing property is NULL, in PostHog's plain columns the empty text."""
    return None if value is None and not is_plain else text_of(value)


def _row(project: int, people: Mapping[str, Person], given: Mapping[str, Any]) -> dict:
    given = dict(given)
    person, properties = people[given.pop("person")], given.pop("properties", {})
    moment = given.pop("at")
    moment = at(moment) if isinstance(moment, str) else moment
    columns = {column: _column(properties.get(name), column == name) for name, column in _SHREDDED.items()}
    groups = {f"$group_{index}": "" for index in range(5)}
    known = {
        "team_id": project,
        "timestamp": moment,
        "distinct_id": person.name,
        "properties": json.dumps(properties),
        "person_id": person.id.bytes,
        "person_properties": json.dumps(person.properties),
        "person_created_at": person.created_at,
    }
    return event(**(known | columns | groups | given))


def _insert_people(store: Store, project: int, people: Sequence[Person]) -> None:
    if not people:
        return
    zero = at("2020-01-01")
    us, second = pa.timestamp("us", "UTC"), pa.timestamp("s", "UTC")
    persons = {
        "id": ([one.id.bytes for one in people], pa.binary(16)),
        "created_at": ([one.created_at for one in people], us),
        "team_id": ([project for _ in people], pa.int64()),
        "properties": ([json.dumps(one.properties) for one in people], pa.string()),
        "is_identified": ([1 for _ in people], pa.int8()),
        "is_deleted": ([0 for _ in people], pa.int8()),
        "version": ([0 for _ in people], pa.uint64()),
        "_timestamp": ([zero for _ in people], second),
        "_offset": ([0 for _ in people], pa.uint64()),
    }
    ids = [(one, name) for one in people for name in (one.name, *one.distinct_ids)]
    distinct_ids = {
        "team_id": ([project for _ in ids], pa.int64()),
        "distinct_id": ([name for _, name in ids], pa.string()),
        "person_id": ([one.id.bytes for one, _ in ids], pa.binary(16)),
        "is_deleted": ([0 for _ in ids], pa.int8()),
        "version": ([0 for _ in ids], pa.int64()),
        "_timestamp": ([zero for _ in ids], second),
        "_offset": ([0 for _ in ids], pa.uint64()),
        "_partition": ([0 for _ in ids], pa.uint64()),
    }
    for table, columns in (("person", persons), ("person_distinct_id2", distinct_ids)):
        arrow = pa.table({name: pa.array(values, kind) for name, (values, kind) in columns.items()})
        store.insert_arrow_stream(table, stream(arrow), uuid.uuid4().hex)
