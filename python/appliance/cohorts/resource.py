"""Cohorts as they are kept and shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select

from appliance.accounts.access import Caller
from appliance.catalog import changes
from appliance.catalog.resources import cohort
from appliance.cohorts import members
from appliance.cohorts.criteria import check_filters
from appliance.cohorts.legacy import filters_of
from appliance.cohorts.references import check_no_flag_aims_at, check_references
from appliance.failures import Invalid
from appliance.http.openapi import TEXT, named
from appliance.resources import Field, Resource
from appliance.resources.fields import at, boolean, choice, json_list, json_object, list_of, text, uuid
from appliance.resources.people import people
from appliance.resources.resource import DELETED, Values, View
from appliance.resources.times import iso, iso_or_none

TYPES = ("static", "person_property", "behavioral", "realtime", "analytical")
_SEARCH_CHARACTERS_MAX = 400
_columns = cohort.c
_PERSON_IDS = Field("_create_static_person_ids", list_of(text(100), 10_000))


class Cohorts(Resource):
    path = "cohorts"
    parameters = named(search=TEXT, type={"enum": ["static", "dynamic"]})
    scope = "cohort"
    kind = "Cohort"
    table = cohort
    fields = (
        Field("name", text(400), is_nullable=True),
        Field("description", text(1_000), is_nullable=True),
        Field("is_static", boolean),
        Field("cohort_type", choice(*TYPES), is_nullable=True),
        Field("filters", check_filters, is_nullable=True),
        Field("query", json_object, is_nullable=True),
        Field("groups", json_list),
        DELETED,
    )

    def narrowed(self, query: Select[Any], caller: Caller, given: Mapping[str, str]) -> Select[Any]:
        del caller
        if given.get("search"):
            search = given["search"][:_SEARCH_CHARACTERS_MAX].replace("\0", "\ufffd")
            query = query.where(_columns.name.icontains(search, autoescape=True))
        type_ = given.get("type")
        if type_ in ("static", "dynamic"):
            query = query.where(_columns.is_static == (type_ == "static"))
        return query

    def order(self, given: Mapping[str, str]) -> Sequence[ColumnElement[Any]]:
        del given
        return [_columns.created_at.desc(), _columns.id.desc()]

    def prepared(
        self,
        connection: Connection,
        caller: Caller,
        values: Values,
        given: Mapping[str, Any],
        before: RowMapping | None,
    ) -> Values:
        if values.get("description", "") is None:
            values["description"] = ""
        if values.get("groups") and not values.get("filters"):
            values["filters"] = check_filters(at("groups")(filters_of, values["groups"]))
        if before is None:
            values.setdefault("groups", [])
            values.setdefault("is_static", given.get("cohort_type") == "static")
        after = {**(before or {}), **values}
        if before is not None and before["is_static"] != after["is_static"]:
            raise Invalid("A cohort stays static or dynamic.", "is_static")
        if after["is_static"]:
            if before is None:
                values |= {"version": None, "count": 0}
            return values
        if not after.get("filters"):
            raise Invalid("A cohort that is not static needs filters.", "filters", "required")
        if values.get("filters"):
            cohort_id = None if before is None else before["id"]
            check_references(connection, caller.project.id, cohort_id, values["filters"])
        if before is None or _is_other(dict(before), after):
            # No version counts any more: whoever asks meanwhile asks the criteria themselves.
            values |= {"version": None, "pending_version": (after.get("pending_version") or 0) + 1}
        return values

    def save(self, connection: Connection, caller: Caller, id_: Any, values: Values) -> RowMapping:
        if values.get("is_deleted"):
            check_no_flag_aims_at(connection, caller.project.id, id_)
        return super().save(connection, caller, id_, values)

    def settled(
        self, connection: Connection, caller: Caller, row: RowMapping, given: Mapping[str, Any]
    ) -> None:
        changes.bump(connection)  # flags may aim at it
        if not row["is_static"] or "_create_static_person_ids" not in given:
            return
        named = _PERSON_IDS.take(given["_create_static_person_ids"])
        ids = [at(f"_create_static_person_ids__{number}")(uuid, one) for number, one in enumerate(named)]
        members.add(connection, caller.project.id, row["id"], ids)

    def view(self, connection: Connection, caller: Caller, row: RowMapping) -> View:
        """As it is now: what was put into it a moment ago counts."""
        return self.views(
            connection, caller, [self.find(connection, caller, str(row["id"]), with_deleted=True)]
        )[0]

    def views(self, connection: Connection, caller: Caller, rows: Sequence[RowMapping]) -> list[View]:
        del caller
        users = people(connection, [row["created_by_id"] for row in rows])
        return [
            {
                "id": row["id"],
                "name": row["name"],
                "description": row["description"],
                "groups": row["groups"],
                "filters": row["filters"],
                "query": row["query"],
                "is_static": row["is_static"],
                "cohort_type": row["cohort_type"] or ("static" if row["is_static"] else None),
                "version": row["version"],
                "pending_version": row["pending_version"],
                "count": row["count"],
                "is_calculating": row["is_calculating"],
                "last_calculation": iso_or_none(row["last_calculation_at"]),
                "last_error_at": iso_or_none(row["last_error_at"]),
                "errors_calculating": row["errors_calculating"],
                "experiment_set": [],
                "deleted": row["is_deleted"],
                "created_by": users.get(row["created_by_id"]),
                "created_at": iso(row["created_at"]),
            }
            for row in rows
        ]


def _is_other(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return any(before[name] != after[name] for name in ("filters", "query"))
