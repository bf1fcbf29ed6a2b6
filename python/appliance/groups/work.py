"""Taking a property off a group: done by the engine, which owns groups."""

import json
import time
from dataclasses import dataclass

from sqlalchemy import Connection, select

from appliance.catalog.model import group_row
from appliance.catalog.requests import EngineRequest
from appliance.store.client import Store

UNSET_GROUP_PROPERTY = "unset_group_property"
_columns = group_row.c


@dataclass(frozen=True, slots=True)
class UnsetProperty:
    project_id: int
    type_index: int
    group_key: str
    created_at: int
    properties: str | None
    """The JSON of what is left; None where there is nothing to take away."""

    @property
    def changes_state(self) -> bool:
        return self.properties is not None

    @classmethod
    def prepare(cls, connection: Connection, request: EngineRequest) -> "UnsetProperty":
        given = request.arguments
        row = connection.execute(
            select(_columns.properties, _columns.created_at).where(
                _columns.project_id == request.project_id,
                _columns.type_index == given["group_type_index"],
                _columns.group_key == given["group_key"],
            )
        ).one_or_none()
        left = None
        if row is not None:
            properties = json.loads(row.properties)
            if given["property"] in properties:
                del properties[given["property"]]
                left = json.dumps(properties, separators=(",", ":"), ensure_ascii=False)
        return cls(
            project_id=request.project_id,
            type_index=given["group_type_index"],
            group_key=given["group_key"],
            created_at=0 if row is None else row.created_at,
            properties=left,
        )

    def in_store(self, store: Store) -> None:
        if self.properties is None:
            return
        store.command(
            "INSERT INTO groups (group_type_index, group_key, created_at, team_id, group_properties, _timestamp) "
            "SELECT {index:UInt8}, {key:String}, fromUnixTimestamp64Micro({created:Int64}, 'UTC'), "
            "{project:Int64}, {properties:String}, toDateTime({now:UInt32}, 'UTC')",
            {
                "index": self.type_index,
                "key": self.group_key,
                "created": self.created_at,
                "project": self.project_id,
                "properties": self.properties,
                "now": int(time.time()),
            },
        )

    def in_catalog(self, connection: Connection) -> None:
        if self.properties is None:
            return
        connection.execute(
            group_row.update()
            .where(
                _columns.project_id == self.project_id,
                _columns.type_index == self.type_index,
                _columns.group_key == self.group_key,
            )
            .values(properties=self.properties)
        )
