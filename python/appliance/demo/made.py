"""What Burrow's team made of its data: dashboards of insights, cohorts, an action, annotations, flags."""

from datetime import UTC, datetime, timedelta
from typing import Any

from appliance.demo.send import Appliance
from appliance.demo.story import FLAG, SITE

Query = dict[str, Any]
_MONTH = {"date_from": "-30d"}


def make(appliance: Appliance, project_id: int) -> dict[str, int]:
    """All of it, through the API. Dashboard names to ids."""
    base = f"/api/projects/{project_id}"
    _cohorts_and_actions(appliance, base)
    _annotations(appliance, base)
    _flags(appliance, base)
    made = {}
    for name, description, insights in (
        ("Product overview", "How Burrow is doing, at a glance.", _overview()),
        ("Marketing", "Where visitors come from, and which of them stay.", _marketing()),
        ("Onboarding experiment", "What the checklist changes for new users.", _experiment()),
    ):
        dashboard = appliance.post(
            f"{base}/dashboards/", {"name": name, "description": description, "pinned": True}
        )
        for title, about, query in insights:
            given = {"name": title, "description": about, "query": query, "saved": True,
                     "dashboards": [dashboard["id"]]}  # fmt: skip
            appliance.post(f"{base}/insights/", given)
        _lay_out(appliance, base, dashboard["id"])
        made[name] = dashboard["id"]
    appliance.patch(f"{base}/", {"primary_dashboard": made["Product overview"]})
    return made


def _lay_out(appliance: Appliance, base: str, dashboard_id: int) -> None:
    """Two tiles a row, five units high."""
    tiles = appliance.get(f"{base}/dashboards/{dashboard_id}/")["tiles"]
    laid = [
        {"id": tile["id"], "layouts": {"sm": {"x": 6 * (number % 2), "y": 5 * (number // 2), "w": 6, "h": 5}}}
        for number, tile in enumerate(tiles)
    ]
    appliance.patch(f"{base}/dashboards/{dashboard_id}/", {"tiles": laid})


def _overview() -> list[tuple[str, str, Query]]:
    return [
        ("Daily active users", "People who opened any page.",
         _trend([_series("$pageview", math="dau", name="Users")], _MONTH)),
        ("Sign-ups", "New accounts a day, beside the month before.",
         _trend([_series("signed_up")], _MONTH, compareFilter={"compare": True})),
        ("From visit to first upload", "Within fourteen days.",
         _funnel(["$pageview", "signup_started", "signed_up", "file_uploaded"])),
        ("Weekly retention of new users", "Who comes back to the app after signing up.", _retention()),
        ("Uploads by kind of file", "",
         _trend([_series("file_uploaded")], _MONTH, breakdown="file_type", display="ActionsBar")),
        ("New, returning and gone", "",
         _viz({"kind": "LifecycleQuery", "series": [_series("$pageview")], "interval": "week",
               "dateRange": {"date_from": "-60d"}})),
        ("Companies at work", "Companies with at least one upload in a week.",
         _trend([_series("file_uploaded", math="unique_group", math_group_type_index=0)], {"date_from": "-60d"},
                interval="week")),
        ("Revenue started", "By plan, in dollars.",
         _trend([_series("subscription_started", math="sum", math_property="revenue")], {"date_from": "-60d"},
                breakdown="plan", interval="week", display="ActionsBar")),
    ]  # fmt: skip


def _marketing() -> list[tuple[str, str, Query]]:
    visitors = _series("$pageview", math="dau")
    return [
        ("Visitors by where they come from", "",
         _trend([visitors], _MONTH, breakdown="$referring_domain")),
        ("Visitors by country", "",
         _trend([visitors], _MONTH, breakdown="$geoip_country_name", display="ActionsBarValue")),
        ("Sign-ups by campaign", "",
         _trend([_series("signed_up")], _MONTH, breakdown="utm_campaign", display="ActionsBarValue")),
        ("Devices", "", _trend([visitors], _MONTH, breakdown="$device_type", display="ActionsPie")),
        ("Most read pages", "",
         {"kind": "DataVisualizationNode", "source": {"kind": "HogQLQuery", "query": _PAGES_SQL}}),
        ("Paths from the front page", "",
         _viz({"kind": "PathsQuery", "dateRange": _MONTH,
               "pathsFilter": {"includeEventTypes": ["$pageview"], "startPoint": SITE, "stepLimit": 4}})),
    ]  # fmt: skip


def _experiment() -> list[tuple[str, str, Query]]:
    return [
        ("First upload by variant", "Sign-up to first upload within a week, by variant.",
         _funnel(["signed_up", "file_uploaded"], breakdown=f"$feature/{FLAG}", days=7, date_from="-60d")),
        ("Exposures", "People who met the flag.",
         _trend([_series("$feature_flag_called", math="dau")], {"date_from": "-60d"},
                breakdown="$feature_flag_response")),
    ]  # fmt: skip


_PAGES_SQL = """SELECT properties.$pathname AS page, count() AS views, uniq(person_id) AS people
FROM events
WHERE event = '$pageview' AND timestamp > now() - INTERVAL 30 DAY
GROUP BY page
ORDER BY views DESC
LIMIT 20"""


def _series(event: str, **more: Any) -> Query:
    return {"kind": "EventsNode", "event": event, "name": more.pop("name", event), **more}


def _trend(series: list[Query], dates: Query, **more: Any) -> Query:
    display, breakdown = more.pop("display", "ActionsLineGraph"), more.pop("breakdown", None)
    source = {"kind": "TrendsQuery", "series": series, "dateRange": dates,
              "interval": more.pop("interval", "day"), "trendsFilter": {"display": display}, **more}  # fmt: skip
    if breakdown:
        source["breakdownFilter"] = {"breakdown": breakdown, "breakdown_type": "event", "breakdown_limit": 8}
    return _viz(source)


def _funnel(steps: list[str], breakdown: str = "", days: int = 14, date_from: str = "-30d") -> Query:
    source: Query = {
        "kind": "FunnelsQuery",
        "series": [_series(step) for step in steps],
        "dateRange": {"date_from": date_from},
        "funnelsFilter": {"funnelWindowInterval": days, "funnelWindowIntervalUnit": "day"},
    }
    if breakdown:
        source["breakdownFilter"] = {"breakdown": breakdown, "breakdown_type": "event"}
        source["funnelsFilter"]["breakdownAttributionType"] = "first_touch"
    return _viz(source)


def _retention() -> Query:
    about = {"targetEntity": {"id": "signed_up", "type": "events"},
             "returningEntity": {"id": "$pageview", "type": "events"},
             "period": "Week", "totalIntervals": 8, "retentionType": "retention_first_time"}  # fmt: skip
    return _viz({"kind": "RetentionQuery", "dateRange": {"date_from": "-8w"}, "retentionFilter": about})


def _viz(source: Query) -> Query:
    return {"kind": "InsightVizNode", "source": source}


def _cohorts_and_actions(appliance: Appliance, base: str) -> None:
    paying = {"key": "plan", "type": "person", "operator": "exact", "value": ["team", "business"]}
    busy = {"type": "behavioral", "key": "file_uploaded", "event_type": "events", "value": "performed_event_multiple",
            "operator": "gte", "operator_value": 3, "time_value": 30, "time_interval": "day"}  # fmt: skip
    for name, criterion in (("Paying users", paying), ("Busy uploaders", busy)):
        groups = {"type": "OR", "values": [{"type": "AND", "values": [criterion]}]}
        appliance.post(f"{base}/cohorts/", {"name": name, "filters": {"properties": groups}})
    step = {"event": "$autocapture", "text": "Upload", "text_matching": "exact"}
    appliance.post(f"{base}/actions/", {"name": "Clicked upload", "steps": [step]})


def _annotations(appliance: Appliance, base: str) -> None:
    now = datetime.now(UTC)
    for content, days in (("Autumn campaign began", 41), ("Version 3: faster uploads", 19)):
        at = (now - timedelta(days=days)).isoformat(timespec="seconds")
        appliance.post(f"{base}/annotations/", {"content": content, "date_marker": at, "scope": "project"})


def _flags(appliance: Appliance, base: str) -> None:
    everybody = {"properties": [], "rollout_percentage": 100}
    staff = {"properties": [{"key": "plan", "type": "person", "operator": "exact", "value": ["business"]}],
             "rollout_percentage": 100}  # fmt: skip
    halves = [{"key": key, "rollout_percentage": 50} for key in ("control", "test")]
    for key, name, filters in (
        (FLAG, "A checklist for new users", {"groups": [everybody], "multivariate": {"variants": halves}}),
        ("new-file-viewer", "Opens files in the page", {"groups": [{"properties": [], "rollout_percentage": 30}]}),
        ("audit-export", "For the business plan", {"groups": [staff, {"properties": [], "rollout_percentage": 5}]}),
    ):  # fmt: skip
        appliance.post(
            f"{base}/feature_flags/", {"key": key, "name": name, "filters": filters, "active": True}
        )
