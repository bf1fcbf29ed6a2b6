"""Feature flags as they are kept and shown."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, String, cast, false, not_, or_

from appliance.accounts.access import Caller
from appliance.catalog import changes
from appliance.catalog.feature_flags import feature_flag
from appliance.config import Config
from appliance.failures import Invalid
from appliance.flags import checks, usage, versions
from appliance.flags.encryption import REDACTED, Payloads
from appliance.flags.filters import check_filters, variants_of
from appliance.flags.status import is_stale, status_of
from appliance.http.openapi import NUMBER, TEXT, named
from appliance.resources import Field, Resource
from appliance.resources.activity import Item
from appliance.resources.fields import at, boolean, choice, integer, list_of, text
from appliance.resources.people import people
from appliance.resources.resource import DELETED, Values, View
from appliance.resources.tags import with_any_tag
from appliance.resources.times import iso, iso_or_none

CONTEXTS = (
    "feature_flags",
    "experiments",
    "surveys",
    "early_access_features",
    "web_experiments",
    "product_tours",
)
TYPES = ("boolean", "multivariant", "experiment", "remote_config")
RUNTIMES = ("all", "client", "server")
_SEARCH_CHARACTERS_MAX = 400
_NAMES_MAX = 100
_EVERYBODY = 100
_columns = feature_flag.c
_ORDERS: Mapping[str, ColumnElement[Any]] = {
    "key": _columns.key,
    "name": _columns.name,
    "created_at": _columns.created_at,
    "created_by": _columns.created_by_id,
    "updated_at": _columns.last_modified_at,
    "active": _columns.is_active,
    "version": _columns.version,
    "last_called_at": _columns.last_called_at,
}
_TRUTH: Mapping[str, Any] = {"enum": ["true", "false"]}


class FeatureFlags(Resource):
    path = "feature_flags"
    parameters = named(
        active={"enum": ["true", "false", "STALE"]},
        archived={"enum": ["true", "false", "all"]},
        type={"enum": list(TYPES)},
        search=TEXT,
        created_by_id=NUMBER,
        tags=TEXT,
        evaluation_runtime={"enum": list(RUNTIMES)},
        excluded_properties=TEXT,
        has_evaluation_contexts=_TRUTH,
        order={"enum": [*_ORDERS, *(f"-{one}" for one in _ORDERS)]},
    )
    scope = "feature_flag"
    kind = "FeatureFlag"
    table = feature_flag
    is_tagged = True
    fields = (
        Field("key", checks.check_key, is_required=True),
        Field("name", text(10_000), is_nullable=True),
        Field("filters", check_filters),
        Field("active", boolean, "is_active"),
        Field("archived", boolean, "is_archived"),
        Field("ensure_experience_continuity", boolean, is_nullable=True),
        Field("evaluation_runtime", choice(*RUNTIMES), is_nullable=True),
        Field("bucketing_identifier", choice("distinct_id", "device_id"), is_nullable=True),
        Field("evaluation_contexts", list_of(text(255, is_blank_allowed=False), checks.CONTEXTS_MAX)),
        Field("is_remote_configuration", boolean),
        Field("has_encrypted_payloads", boolean),
        Field("creation_context", choice(*CONTEXTS)),
        DELETED,
    )

    def __init__(self, payloads: Payloads, limits: checks.Limits) -> None:
        self.payloads = payloads
        self.limits = limits

    @classmethod
    def of(cls, config: Config) -> Self:
        return cls(Payloads(config), checks.Limits.of(config))

    # which

    def narrowed(self, query: Select[Any], caller: Caller, given: Mapping[str, str]) -> Select[Any]:
        for name, condition in _NARROWED.items():
            if given.get(name):
                query = query.where(at(name)(condition, given[name]))
        if not given.get("archived"):
            query = query.where(~_columns.is_archived)
        if given.get("tags"):
            query = with_any_tag(query, caller.project.id, feature_flag, _names(given["tags"].lower()))
        return query

    def order(self, given: Mapping[str, str]) -> Sequence[ColumnElement[Any]]:
        name = given.get("order") or "-created_at"
        column = _ORDERS.get(name.removeprefix("-"))
        if column is None:
            raise Invalid(f'"{name[:100]}" is not a valid choice.', "order", "invalid_choice")
        return [
            column.desc().nulls_last() if name.startswith("-") else column.nulls_last(),
            _columns.id.desc(),
        ]

    # what

    def item(self, row: RowMapping) -> Item:
        return Item(scope=self.kind, id=row["id"], name=row["key"])

    def prepared(
        self,
        connection: Connection,
        caller: Caller,
        values: Values,
        given: Mapping[str, Any],
        before: RowMapping | None,
    ) -> Values:
        if values.get("name", "") is None:
            values["name"] = ""
        if "evaluation_contexts" in values:
            values["evaluation_contexts"] = list(dict.fromkeys(values["evaluation_contexts"]))
        if before is None:
            return self._new(connection, caller, values)
        values.pop("creation_context", None)
        whole = {**before, **values}
        self._settle_filters(values, whole, before)
        changed = {name: value for name, value in values.items() if value != before[name]}
        versions.check_seen(connection, before, changed, given.get("version"))
        self._check(connection, caller, whole, changed, before)
        return {**changed, "version": before["version"] + 1} if changed else {}

    def insert(self, connection: Connection, caller: Caller, values: Values) -> RowMapping:
        row = super().insert(connection, caller, values)
        checks.check_named(connection, caller, row["id"], self.limits)
        self._noted(connection, caller, row)
        return row

    def save(self, connection: Connection, caller: Caller, id_: Any, values: Values) -> RowMapping:
        row = super().save(connection, caller, id_, values)
        # Something else may have gone wrong since: that must not stop who turns the flag off.
        if not row["is_deleted"] and not _DECIDING.isdisjoint(values):
            checks.check_named(connection, caller, row["id"], self.limits)
        self._noted(connection, caller, row)
        return row

    def update(
        self, connection: Connection, caller: Caller, before: RowMapping, given: Mapping[str, Any]
    ) -> RowMapping:
        row = super().update(connection, caller, before, given)
        if row["key"] != before["key"]:
            usage.follow_key(connection, row, before["key"])
        return row

    def views(self, connection: Connection, caller: Caller, rows: Sequence[RowMapping]) -> list[View]:
        users = people(connection, [row[name] for row in rows for name in _USERS])
        tags = self.tags_of(connection, caller, rows)
        linked = caller.project.options.get("session_recording_linked_flag") or {}
        return [
            {
                **_view(row),
                "created_by": users.get(row["created_by_id"]),
                "last_modified_by": users.get(row["last_modified_by_id"]),
                "tags": tags.get(str(row["id"]), []),
                "is_used_in_replay_settings": row["id"] == linked.get("id")
                or row["key"] == linked.get("key"),
            }
            for row in rows
        ]

    # how it is kept

    def _new(self, connection: Connection, caller: Caller, values: Values) -> Values:
        whole = {**_DEFAULTS, **values}
        self._settle_filters(whole, whole, None)
        self._check(connection, caller, whole, whole, None)
        return whole

    def _settle_filters(self, values: Values, whole: Values, before: RowMapping | None) -> None:
        """The filters of `values` and `whole`, made what the rest of the flag asks for."""
        filters = dict(whole["filters"])
        kept: Mapping[str, Any] = {} if before is None else before["filters"]
        # Whoever changes something else of the filters does not mean to take everybody's flag away.
        if filters.get("groups") is None:
            filters["groups"] = kept.get("groups") or []
        if whole["is_remote_configuration"]:
            filters["groups"] = _for_everybody(filters["groups"])
        if filters.get("payloads"):
            filters["payloads"] = self._kept_payloads(filters["payloads"], whole, before)
        values["filters"] = whole["filters"] = filters

    def _kept_payloads(
        self, payloads: Mapping[str, str], whole: Mapping[str, Any], before: RowMapping | None
    ) -> dict[str, str]:
        was_encrypted = before is not None and before["has_encrypted_payloads"]
        known = (before["filters"].get("payloads") or {}) if before is not None and was_encrypted else {}
        found: dict[str, str] = {}
        for name, payload in payloads.items():
            is_known = name in known and payload in (REDACTED, known[name])
            if whole["has_encrypted_payloads"]:
                found[name] = known[name] if is_known else self._encrypted(name, payload)
            elif is_known or payload == REDACTED:
                raise Invalid(
                    "To stop encrypting, send the payload itself.", f"filters__payloads__{name}", "required"
                )
            else:
                found[name] = payload
        return found

    def _encrypted(self, name: str, payload: str) -> str:
        if payload == REDACTED:
            raise Invalid("This is what is shown of a payload, not one.", f"filters__payloads__{name}")
        return self.payloads.encrypted(payload)

    def check_nobody_depends(self, connection: Connection, project_id: int, flag_id: int) -> None:
        """Raises Invalid where another flag looks at this one."""
        checks.check_nobody_depends(connection, project_id, flag_id)

    def _check(
        self,
        connection: Connection,
        caller: Caller,
        whole: Mapping[str, Any],
        changed: Mapping[str, Any],
        before: RowMapping | None,
    ) -> None:
        project_id = caller.project.id
        flag_id = None if before is None else before["id"]
        if before is not None and not before["is_deleted"] and whole["is_deleted"]:
            self.check_nobody_depends(connection, project_id, before["id"])
        if whole["is_deleted"]:
            return
        checks.check_whole(whole)
        is_added = before is None or before["is_deleted"]
        if is_added:
            checks.check_room(connection, project_id, self.limits)
        if is_added or "filters" in changed:
            known = None if before is None or is_added else before["filters"]
            checks.check_bytes(connection, project_id, whole["filters"], known, self.limits)
        if "key" in changed or "is_deleted" in changed:
            checks.check_key_is_free(connection, project_id, whole["key"], flag_id)

    @staticmethod
    def _noted(connection: Connection, caller: Caller, row: RowMapping) -> None:
        versions.keep(connection, caller, row)
        changes.bump(connection)

    def _named(self, before: RowMapping, after: Values) -> tuple[Values, Values]:
        """What is encrypted stays out of the activity, too, and so does what was plain and is a secret from now on."""
        later = {**before, **after}
        is_secret = later["has_encrypted_payloads"]
        shown = versions.shown(dict(before), is_secret=is_secret)
        after_shown = versions.shown(later)
        return super()._named(shown, {name: after_shown[name] for name in after})  # type: ignore[arg-type]


_USERS = ("created_by_id", "last_modified_by_id")
_DECIDING = frozenset({"filters", "is_deleted"})
_DEFAULTS: Mapping[str, Any] = {
    "name": "",
    "filters": {},
    "is_active": True,
    "is_archived": False,
    "is_deleted": False,
    "version": 1,
    "ensure_experience_continuity": None,
    "evaluation_runtime": None,
    "bucketing_identifier": None,
    "evaluation_contexts": [],
    "is_remote_configuration": False,
    "has_encrypted_payloads": False,
    "creation_context": "feature_flags",
}


def _for_everybody(groups: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Remote configuration is there for all who ask; a share only makes sense where somebody set one."""
    if not groups:
        return [{"properties": [], "rollout_percentage": _EVERYBODY}]
    return [{**one, "rollout_percentage": one.get("rollout_percentage") or _EVERYBODY} for one in groups]


def _view(row: RowMapping) -> View:
    shown = versions.shown(dict(row))
    return {
        "id": row["id"],
        "name": row["name"],
        "key": row["key"],
        "filters": shown["filters"],
        "deleted": row["is_deleted"],
        "active": row["is_active"],
        "archived": row["is_archived"],
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["last_modified_at"]),
        "version": row["version"],
        "ensure_experience_continuity": row["ensure_experience_continuity"],
        "experiment_set": [],
        "experiment_set_metadata": [],
        "surveys": [],
        "features": [],
        "can_edit": True,
        "evaluation_contexts": row["evaluation_contexts"],
        "usage_dashboard": row["usage_dashboard_id"],
        "analytics_dashboards": [],
        "has_enriched_analytics": row["has_enriched_analytics"],
        "user_access_level": "editor",
        "is_remote_configuration": row["is_remote_configuration"],
        "has_encrypted_payloads": row["has_encrypted_payloads"],
        "status": status_of(dict(row)),
        "evaluation_runtime": row["evaluation_runtime"],
        "bucketing_identifier": row["bucketing_identifier"],
        "last_called_at": iso_or_none(row["last_called_at"]),
        "is_eligible_for_experiment": _may_be_experiment(row["filters"]),
    }


def _may_be_experiment(filters: Mapping[str, Any]) -> bool:
    """As PostHog has it: two variants or more, the first of which is the control."""
    variants = variants_of(filters)
    return len(variants) > 1 and variants[0]["key"] == "control"


# lists


def _by_activity(value: str) -> ColumnElement[bool]:
    if value.upper() == "STALE":
        return is_stale()
    return _columns.is_active if boolean(value) else ~_columns.is_active


def _by_archive(value: str) -> ColumnElement[bool]:
    if value == "all":
        return not_(false())
    return _columns.is_archived if boolean(value) else ~_columns.is_archived


def _by_type(value: str) -> ColumnElement[bool]:
    variants = _columns.filters[("multivariate", "variants")].as_string()
    has_variants = variants.is_not(None) & (variants != "[]")
    conditions: Mapping[str, ColumnElement[bool]] = {
        "boolean": not_(_columns.is_remote_configuration) & not_(has_variants),
        "multivariant": has_variants,
        "experiment": false(),  # no experiment hangs on a flag yet
        "remote_config": _columns.is_remote_configuration,
    }
    choice(*TYPES)(value)
    return conditions[value]


def _by_search(value: str) -> ColumnElement[bool]:
    wanted = value[:_SEARCH_CHARACTERS_MAX].replace("\0", "\ufffd")
    return or_(*(one.icontains(wanted, autoescape=True) for one in (_columns.key, _columns.name)))


def _by_maker(value: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = _columns.created_by_id == integer(0, 2**63 - 1)(value)
    return found


def _by_runtime(value: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = _columns.evaluation_runtime == choice(*RUNTIMES)(value)
    return found


def _without_properties(value: str) -> ColumnElement[bool]:
    """Flags of which no filter looks at any of these. Filters are kept with the key and the type first."""
    texts = [f'{{"key": {json.dumps(name)}, "type": ' for name in _names(value)]
    return not_(
        or_(false(), *(cast(_columns.filters, String).contains(one, autoescape=True) for one in texts))
    )


def _by_contexts(value: str) -> ColumnElement[bool]:
    has_contexts: ColumnElement[bool] = cast(_columns.evaluation_contexts, String) != "[]"
    return has_contexts if boolean(value) else ~has_contexts


def _names(value: str) -> list[str]:
    """A JSON list, or words with commas between."""
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        found = value.split(",")
    names = found if isinstance(found, list) else [found]
    return [str(one).replace("\0", "\ufffd") for one in names[:_NAMES_MAX]]


_NARROWED = {
    "active": _by_activity,
    "archived": _by_archive,
    "type": _by_type,
    "search": _by_search,
    "created_by_id": _by_maker,
    "evaluation_runtime": _by_runtime,
    "excluded_properties": _without_properties,
    "has_evaluation_contexts": _by_contexts,
}
