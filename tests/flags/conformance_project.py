"""A project with flags of its own on the running appliance, written straight into the catalog.

Some of the definitions that the contract speaks of are refused by the management API, and may be there all the same.
"""

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine

from appliance import config
from appliance.accounts.keys import now_us
from appliance.catalog import changes, connect, writing
from appliance.catalog.feature_flags import feature_flag
from appliance.catalog.model import group_type, project
from appliance.catalog.resources import cohort, cohort_member
from tests.conftest import Appliance

_VISIBLE_S = 20
_POLL_S = 0.02
_ASKED_TIMES = 20
_READY = "every-worker-knows"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def flags(self) -> Json:
        assert self.status == 200, (self.status, self.body)
        found: Json = self.json["flags"]
        found.pop(_READY, None)
        return found


@dataclass(frozen=True, slots=True)
class FlagProject:
    appliance: Appliance
    engine: Engine | None = None
    """Of a catalog that is not in the data folder."""

    @classmethod
    def made(cls, appliance: Appliance, name: str, **settings: Any) -> "FlagProject":
        """`settings` are columns of the project."""
        made = cls(appliance.with_project(name))
        if settings:
            with made.writing() as connection:
                connection.execute(project.update().where(project.c.id == made.id).values(**settings))
                changes.bump(connection)
        return made

    @property
    def id(self) -> int:
        return self.appliance.project_id

    @property
    def token(self) -> str:
        return self.appliance.token

    def writing(self) -> Any:
        return writing(self._engine())

    def _engine(self) -> Engine:
        return self.engine or _engine(str(self.appliance.data_dir))

    def add(
        self,
        flags: Sequence[Json] = (),
        cohorts: Sequence[Json] = (),
        group_types: Mapping[str, int] | None = None,
    ) -> dict[str, int]:
        """Ids by key, once every worker knows. A filter names what is added with it by `$key` or `$cohort/name`."""
        with self.writing() as connection:
            for name, index in (group_types or {}).items():
                row = {"project_id": self.id, "name": name, "type_index": index}
                connection.execute(group_type.insert().values(row))
            ids: dict[str, int] = {}
            for one in cohorts:
                ids[f"cohort/{one['name']}"] = self._add_cohort(connection, one, ids)
            for one in flags:
                ids[one["key"]] = connection.execute(
                    feature_flag.insert().values(self._row(one)).returning(feature_flag.c.id)
                ).scalar_one()
            for one in flags:
                filters = _named(one["filters"], ids)
                if filters != one["filters"]:
                    where = feature_flag.c.id == ids[one["key"]]
                    connection.execute(feature_flag.update().where(where).values(filters=filters))
            changes.bump(connection)
        self.wait()
        return ids

    def change(self, key: str, **columns: Any) -> None:
        with self.writing() as connection:
            where = (feature_flag.c.project_id == self.id) & (feature_flag.c.key == key)
            version = feature_flag.c.version + 1
            connection.execute(feature_flag.update().where(where).values(version=version, **columns))
            changes.bump(connection)
        self.wait()

    def add_member(self, cohort_id: int, person_id: Any) -> None:
        with self.writing() as connection:
            connection.execute(
                cohort_member.insert().values(cohort_id=cohort_id, person_id=person_id, version=0)
            )

    def _row(self, one: Json) -> Json:
        at = now_us()
        return {
            "project_id": self.id, "created_at": at, "last_modified_at": at, "is_active": one.get("active", True),
            **{name: value for name, value in one.items() if name != "active"},
        }  # fmt: skip

    def _add_cohort(self, connection: Any, one: Json, ids: Mapping[str, int]) -> int:
        at = now_us()
        row = {
            "project_id": self.id, "created_at": at, "last_modified_at": at, "is_static": False, "version": 1,
            **one, "filters": _named(one.get("filters"), ids),
        }  # fmt: skip
        found: int = connection.execute(cohort.insert().values(row).returning(cohort.c.id)).scalar_one()
        return found

    def wait(self) -> None:
        """Until every worker has what is in the catalog: a new flag is seen by each of many connections."""
        mark = uuid4().hex
        with self.writing() as connection:
            where = (feature_flag.c.project_id == self.id) & (feature_flag.c.key == _READY)
            connection.execute(feature_flag.delete().where(where))
            filters = {"groups": [{"properties": []}], "payloads": {"true": json.dumps(mark)}}
            connection.execute(feature_flag.insert().values(self._row({"key": _READY, "filters": filters})))
            changes.bump(connection)
        deadline, known = time.monotonic() + _VISIBLE_S, 0
        while known < _ASKED_TIMES:
            assert time.monotonic() < deadline, "the flags are not known everywhere"
            flags = self.ask(flag_keys=[_READY]).json["flags"]
            payload = flags.get(_READY, {}).get("metadata", {}).get("payload")
            known = known + 1 if payload == json.dumps(mark) else 0
            if not known:
                time.sleep(_POLL_S)

    def ask(
        self,
        distinct_id: Any = "someone",
        query: str = "?v=2",
        headers: Mapping[str, str] | None = None,
        **body: Any,
    ) -> Answer:
        """`/flags`; fields that are no Python names go as `more`."""
        more = body.pop("more", {})
        told = {"token": self.token, "distinct_id": distinct_id, **body, **more}
        return self.send("POST", f"/flags/{query}", json.dumps(told).encode(), headers)

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        with closing(HTTPConnection("127.0.0.1", self.appliance.port, timeout=_VISIBLE_S)) as connection:
            connection.request(method, path, body, dict(headers or {}))
            found = connection.getresponse()
            told = found.read()
        return Answer(found.status, {name.lower(): value for name, value in found.getheaders()}, told)

    def get(self, path: str, headers: Mapping[str, str] | None = None, *, key: str | None = None) -> Answer:
        authorization = {"Authorization": f"Bearer {key or self.appliance.key}"}
        return self.send("GET", path, None, {**authorization, **(headers or {})})


_engines: dict[str, Engine] = {}


def _engine(data_dir: str) -> Engine:
    if data_dir not in _engines:
        _engines[data_dir] = connect(config.load({"HOGLET_DATA_DIR": data_dir}))
    return _engines[data_dir]


def _named(value: Any, ids: Mapping[str, int]) -> Any:
    """The same with `$key` as the id that it got: a text as the key of a filter, a number as its value."""
    if isinstance(value, dict):
        made = {name: _named(one, ids) for name, one in value.items()}
        if isinstance(made.get("key"), int):
            made["key"] = str(made["key"])
        return made
    if isinstance(value, list):
        return [_named(one, ids) for one in value]
    return ids.get(value[1:], value) if isinstance(value, str) and value.startswith("$") else value
