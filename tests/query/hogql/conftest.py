"""Two projects in one real embedded store, and questions asked of the first."""

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from appliance.query.hogql.context import Context
from appliance.query.hogql.execute import Answer, run
from appliance.query.project import Action, Cohort, GivenDefinitions, ProjectFacts
from appliance.store import migrate
from tests.store.conftest import launch, shredded

OURS, THEIRS = 1, 2
NOW = datetime(2020, 1, 20, 12, tzinfo=UTC)
SHREDDED = {name: column for name, column, _ in shredded()}
SESSION = "016f9a7c-0c00-7abc-8def-0123456789ab"
_NAMESPACE = uuid.UUID("12345678-1234-5678-1234-567812345678")
STATIC, DYNAMIC = 11, 12
PEOPLE = "distinct_id in ('p1', 'p2', 'p3', 'p4')"


def person_id(name: str, project: int = OURS) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, f"{project}/{name}")


def event(
    name: str,
    time: str,
    distinct_id: str = "p1",
    properties: Mapping[str, Any] | None = None,
    project: int = OURS,
    **columns: Any,
) -> dict[str, Any]:
    """A row as ingest would write it, shredded columns included."""
    properties = dict(properties or {})
    row = {
        "uuid": str(uuid.uuid4()),
        "event": name,
        "properties": json.dumps(properties, separators=(",", ":")),
        "timestamp": time,
        "team_id": project,
        "distinct_id": distinct_id,
        "person_id": str(person_id(distinct_id, project)),
        "person_properties": json.dumps({"name": distinct_id, "email": f"{distinct_id}@{project}.test"}),
        "person_created_at": "2020-01-01 00:00:00",
        "created_at": time,
        **columns,
    }
    for key, column in SHREDDED.items():
        value = properties.get(key)
        if value is not None:
            row[column] = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    return row


def _tr(project: int) -> list[dict[str, Any]]:
    """The contract's dataset TR."""
    people = {
        "p1": ("Chrome", 10, True), "p2": ("Firefox", 20, False), "p3": ("Edge", 30, True), "p4": ("Safari", 40, False),
    }  # fmt: skip
    days = {
        "$pageview": {"p1": (11, 12, 13, 15, 17, 19), "p2": (9, 12), "p3": (12,), "p4": (15,)},
        "$pageleave": {"p1": (11, 12, 13), "p2": (13,), "p3": (13,), "p4": (16,)},
    }
    rows = []
    for name, by_person in days.items():
        for who, dates in by_person.items():
            browser, prop, flag = people[who]
            for day in dates:
                properties = {"$browser": browser, "prop": prop, "bool_field": flag}
                rows.append(event(name, f"2020-01-{day:02} 12:00:00", who, properties, project))
    return rows


class Store:
    def __init__(self, store) -> None:
        self._store = store

    def insert(self, table: str, *rows: Mapping[str, Any]) -> None:
        body = "\n".join(json.dumps(row) for row in rows)
        self._store.execute(f"INSERT INTO {table} FORMAT JSONEachRow {body}")


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    running = launch(tmp_path_factory.mktemp("hogql") / "data")
    writer = running.store()
    migrate(writer, shredded())
    _fill(Store(writer))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def reader(running):
    reader = running.store("hoglet_reader")
    yield reader
    reader.close()


@pytest.fixture(scope="session")
def insert(running):
    return Store(running.store()).insert


def _fill(store: Store) -> None:
    for project in (OURS, THEIRS):
        store.insert("events", *_tr(project))
        for who in ("p1", "p2", "p3", "p4"):
            person = str(person_id(who, project))
            secret = f"{who}@{project}.test"
            common = {"team_id": project, "is_deleted": 0}
            for version, email in ((1, "old"), (2, secret)):
                row = {"id": person, "created_at": "2020-01-01 00:00:00", "version": version, **common}
                store.insert("person", row | {"properties": json.dumps({"name": who, "email": email})})
            store.insert(
                "person_distinct_id2", {"distinct_id": who, "person_id": person, "version": 0, **common}
            )
        store.insert(
            "groups",
            {
                "group_type_index": 0, "group_key": f"org:{project}", "team_id": project,
                "created_at": "2020-01-01 00:00:00", "group_properties": json.dumps({"name": f"org of {project}"}),
            },
        )  # fmt: skip
        store.insert(
            "person_static_cohort",
            {
                "id": str(uuid.uuid4()),
                "person_id": str(person_id("p1", project)),
                "cohort_id": STATIC,
                "team_id": project,
            },
        )
        store.insert(
            "cohortpeople",
            {
                "person_id": str(person_id("p4", project)),
                "cohort_id": DYNAMIC,
                "team_id": project,
                "sign": 1,
                "version": 1,
            },
            {
                "person_id": str(person_id("p2", project)),
                "cohort_id": DYNAMIC,
                "team_id": project,
                "sign": 1,
                "version": 2,
            },
        )
        store.insert(
            "log_entries",
            {
                "team_id": project, "log_source": "session_replay", "log_source_id": SESSION, "instance_id": "",
                "timestamp": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}", "level": "info",
                "message": f"secret of {project}",
            },
        )  # fmt: skip
    moved = {
        "fingerprint": f"secret of {THEIRS}",
        "issue_id": str(uuid.uuid4()),
        "is_deleted": 0,
        "version": 1,
    }
    store.insert("error_tracking_issue_fingerprint_overrides", {"team_id": THEIRS, **moved})


DEFINITIONS = GivenDefinitions(
    property_types={
        ("event", "prop", None): "Numeric",
        ("event", "bool_field", None): "Boolean",
        ("event", "when", None): "DateTime",
        ("person", "age", None): "Numeric",
    },
    groups={"organization": 0},
    actions=(Action(1, "viewed", ({"event": "$pageview"},)),),
    cohorts=(Cohort(STATIC, "chosen", is_static=True), Cohort(DYNAMIC, "found", version=2)),
)


@pytest.fixture
def context() -> Callable[..., Context]:
    def make(project: int = OURS, timezone: str = "UTC", week_start_day: int = 0, **more: Any) -> Context:
        more = {"shredded": SHREDDED, **more}
        facts = ProjectFacts(
            id=project, timezone=timezone, week_start_day=week_start_day, definitions=DEFINITIONS
        )
        return Context(project=facts, now=NOW, **more)

    return make


@pytest.fixture
def ask(reader, context) -> Callable[..., Answer]:
    def one(text: Any, placeholders: Mapping[str, Any] | None = None, **more: Any) -> Answer:
        return run(text, context(**more), reader, placeholders=placeholders)

    return one


@pytest.fixture
def rows(ask) -> Callable[..., list[tuple[Any, ...]]]:
    def one(text: Any, placeholders: Mapping[str, Any] | None = None, **more: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in ask(text, placeholders, **more).rows]

    return one
