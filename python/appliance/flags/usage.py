"""How often a flag is asked for and what it answers: a dashboard made for it, and our own counts by hour.

The dashboard is about `$feature_flag_called`, which SDKs send; the counts are of what this appliance evaluated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, func, select

from appliance.accounts.access import Caller
from appliance.catalog.feature_flags import feature_flag, flag_evaluation
from appliance.catalog.resources import dashboard, dashboard_tile, insight
from appliance.dashboards.resource import Dashboards
from appliance.failures import Invalid
from appliance.resources.fields import at, choice, time
from appliance.resources.times import iso

DAYS_MAX = 92
_DAYS = 7
_HOUR_US = 3_600 * 1_000_000
_DAY_US = 24 * _HOUR_US
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CALLED = "$feature_flag_called"
_SEEN = (("$feature_view", "Feature viewed"), ("$feature_interaction", "Feature interaction"))


# the dashboard


def create_dashboard(
    connection: Connection, caller: Caller, dashboards: Dashboards, flag: RowMapping
) -> RowMapping:
    """The usage dashboard of a flag; the one it has, if that was not taken away."""
    found = _dashboard(connection, caller, flag)
    if found is not None:
        return found
    template = {
        "template_name": f"Generated Dashboard: {flag['key']} Usage"[:400],
        "dashboard_description": f"How often the feature flag {flag['key']} is called, and with what outcome.",
        "dashboard_filters": {"date_from": "-30d"},
        "tags": ["feature flag"],
        "tiles": [
            _tile(
                "Feature flag called: total volume",
                "How often each outcome was given, over time",
                _trends(_CALLED, ["total"], "$feature_flag", flag["key"], _by_response("ActionsLineGraph")),
                0,
            ),
            _tile(
                "Feature flag called: unique users",
                "How many people got each outcome",
                _trends(_CALLED, ["dau"], "$feature_flag", flag["key"], _by_response("ActionsTable")),
                1,
            ),
        ],
    }
    row = dashboards.create_from_template(connection, caller, {"template": template})
    _set(connection, flag, usage_dashboard_id=row["id"], has_enriched_analytics=False)
    return row


def enrich_dashboard(
    connection: Connection, caller: Caller, dashboards: Dashboards, flag: RowMapping
) -> None:
    """Adds who saw the feature and who used it, for SDKs that tell."""
    row = _dashboard(connection, caller, flag)
    if row is None:
        raise Invalid("This flag has no usage dashboard yet: create it first.", code="no_usage_dashboard")
    if flag["has_enriched_analytics"]:
        return
    for number, (event, name) in enumerate(_SEEN):
        query = _trends(event, ["total", "dau"], "feature_flag", flag["key"], {})
        tile = _tile(name, "How often, and by how many people", query, number + 2)
        body = {
            "name": tile["name"],
            "description": tile["description"],
            "query": tile["query"],
            "saved": True,
        }
        made = dashboards.insights.create(connection, caller, {**body, "dashboards": [row["id"]]})
        placed = (dashboard_tile.c.dashboard_id == row["id"]) & (dashboard_tile.c.insight_id == made["id"])
        connection.execute(dashboard_tile.update().where(placed).values(layouts=tile["layouts"]))
    _set(connection, flag, has_enriched_analytics=True)


def follow_key(connection: Connection, flag: RowMapping, key_before: str) -> None:
    """After a flag got another key: its dashboard is about that one."""
    if flag["usage_dashboard_id"] is None:
        return
    query = (
        select(insight.c.id, insight.c.query)
        .join(dashboard_tile, dashboard_tile.c.insight_id == insight.c.id)
        .where(dashboard_tile.c.dashboard_id == flag["usage_dashboard_id"])
    )
    for id_, asked in connection.execute(query).all():
        changed = _renamed(asked, key_before, flag["key"])
        if changed != asked:
            connection.execute(insight.update().where(insight.c.id == id_).values(query=changed))


def _dashboard(connection: Connection, caller: Caller, flag: RowMapping) -> RowMapping | None:
    columns = dashboard.c
    query = select(dashboard).where(
        columns.id == flag["usage_dashboard_id"],
        columns.project_id == caller.project.id,
        ~columns.is_deleted,
    )
    return connection.execute(query).mappings().one_or_none()


def _set(connection: Connection, flag: RowMapping, **values: Any) -> None:
    """Not a change of the flag: who gets it stays as it is."""
    connection.execute(feature_flag.update().where(feature_flag.c.id == flag["id"]).values(values))


def _trends(
    event: str, maths: Sequence[str], property_: str, key: str, more: Mapping[str, Any]
) -> dict[str, Any]:
    is_flag = {"key": property_, "type": "event", "operator": "exact", "value": [key]}
    return {
        "kind": "TrendsQuery",
        "series": [{"kind": "EventsNode", "event": event, "name": event, "math": one} for one in maths],
        "properties": {"type": "AND", "values": [{"type": "AND", "values": [is_flag]}]},
        "interval": "day",
        "dateRange": {"date_from": "-30d"},
        **more,
    }


def _by_response(display: str) -> dict[str, Any]:
    return {
        "breakdownFilter": {"breakdown": "$feature_flag_response", "breakdown_type": "event"},
        "trendsFilter": {"display": display},
    }


def _tile(name: str, description: str, source: Mapping[str, Any], place: int) -> dict[str, Any]:
    wide = {"x": place % 2 * 6, "y": place // 2 * 5, "w": 6, "h": 5}
    return {
        "type": "INSIGHT",
        "name": name,
        "description": description,
        "query": {"kind": "InsightVizNode", "source": source},
        "layouts": {"sm": wide, "xs": {"x": 0, "y": place * 5, "w": 1, "h": 5}},
    }


def _renamed(value: Any, before: str, after: str) -> Any:
    """A query whose filters of flags by the one key say the other."""
    if isinstance(value, list):
        return [_renamed(one, before, after) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("key") in ("$feature_flag", "feature_flag") and value.get("value") == [before]:
        return {**value, "value": [after]}
    return {name: _renamed(one, before, after) for name, one in value.items()}


# counts


@dataclass(frozen=True, slots=True)
class Range:
    """Whole hours, from the first to before the last."""

    from_us: int
    to_us: int
    is_daily: bool


def read_range(given: Mapping[str, str], now_us: int) -> Range:
    """`date_from`, `date_to` and `interval` of an address."""
    interval = at("interval")(choice("hour", "day"), given.get("interval") or "day")
    to_us = at("date_to")(time, given["date_to"]) if given.get("date_to") else now_us
    from_us = at("date_from")(time, given["date_from"]) if given.get("date_from") else to_us - _DAYS * _DAY_US
    if to_us - from_us > DAYS_MAX * _DAY_US:
        raise Invalid(f"At most {DAYS_MAX} days at a time.", "date_from", "max_value")
    # An hour that has begun belongs to it.
    return Range(from_us // _HOUR_US * _HOUR_US, to_us, interval == "day")


def evaluations(connection: Connection, caller: Caller, flag_id: int, asked: Range) -> dict[str, Any]:
    """What the flag answered, by hour or by day of the project's time zone."""
    columns = flag_evaluation.c
    query = (
        select(columns.hour_at, columns.outcome, func.sum(columns.count).label("evaluations"))
        .where(
            columns.project_id == caller.project.id,
            columns.flag_id == flag_id,
            columns.hour_at >= asked.from_us,
            columns.hour_at < asked.to_us,
        )
        .group_by(columns.hour_at, columns.outcome)
        .order_by(columns.hour_at, columns.outcome)
    )
    zone = ZoneInfo(caller.project.timezone)
    counts: dict[tuple[str, str], int] = {}
    for hour_at, outcome, count in connection.execute(query):
        at_ = _day(hour_at, zone) if asked.is_daily else iso(hour_at)
        counts[at_, outcome] = counts.get((at_, outcome), 0) + int(count)
    totals: dict[str, int] = {}
    for (_, outcome), count in counts.items():
        totals[outcome] = totals.get(outcome, 0) + count
    return {
        "interval": "day" if asked.is_daily else "hour",
        "date_from": iso(asked.from_us),
        "date_to": iso(asked.to_us),
        "total": sum(totals.values()),
        "totals": totals,
        "results": [{"at": at_, "outcome": outcome, "count": n} for (at_, outcome), n in counts.items()],
    }


def _day(hour_at: int, zone: ZoneInfo) -> str:
    return (_EPOCH + timedelta(microseconds=hour_at)).astimezone(zone).date().isoformat()
