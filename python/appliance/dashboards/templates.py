"""Whole dashboards from a template: one of ours by its name, or one that the caller sends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from appliance.dashboards.tiles import TEXT_CHARACTERS_MAX, TILES_MAX
from appliance.failures import Invalid
from appliance.insights.resource import check_query
from appliance.resources.fields import Field, at, json_list, json_object, list_of, shown, text

_NAME = Field("template_name", text(400, is_blank_allowed=False), is_required=True)
_INSIGHT_NAME = Field("name", text(400), is_nullable=True)
_BODY = Field("body", text(TEXT_CHARACTERS_MAX, is_blank_allowed=False))


@dataclass(frozen=True, slots=True)
class TemplateTile:
    """An insight, or a text."""

    insight: Mapping[str, Any] = field(default_factory=dict)
    body: str | None = None
    layouts: Mapping[str, Any] = field(default_factory=dict)
    color: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    name: str
    description: str = ""
    filters: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    tiles: tuple[TemplateTile, ...] = ()


def read_template(given: Mapping[str, Any]) -> Template:
    """`{"template": {"template_name", "dashboard_description", "dashboard_filters", "tags", "tiles"}}`."""
    template = Field("template", json_object, is_required=True).take(given.get("template"))
    if "template_name" not in template:
        raise Invalid("This field is required.", "template__template_name", "required")
    return at("template")(_read, template)  # type: ignore[no-any-return]


def _read(given: Mapping[str, Any]) -> Template:
    items = at("tiles")(json_list, given.get("tiles") or [])
    if len(items) > TILES_MAX:
        raise Invalid(f"A dashboard has at most {TILES_MAX} tiles.", "tiles", "max_length")
    return Template(
        name=_NAME.take(given["template_name"]),
        description=at("dashboard_description")(text(10_000), given.get("dashboard_description") or ""),
        filters=at("dashboard_filters")(json_object, given.get("dashboard_filters") or {}),
        tags=tuple(at("tags")(list_of(text(255), 100), given.get("tags") or [])),
        tiles=tuple(at(f"tiles__{number}")(_tile, item) for number, item in enumerate(items)),
    )


def _tile(given: Any) -> TemplateTile:
    item = json_object(given)
    layouts = at("layouts")(json_object, item.get("layouts") or {})
    color = None if item.get("color") is None else at("color")(text(400), item["color"])
    if item.get("type") == "TEXT":
        return TemplateTile(body=_BODY.take(item.get("body")), layouts=layouts, color=color)
    if item.get("type") == "INSIGHT":
        insight = {
            "name": _INSIGHT_NAME.take(item.get("name")),
            "description": at("description")(text(400), item.get("description") or ""),
            "query": at("query")(check_query, item["query"]) if item.get("query") else None,
            "filters": at("filters")(json_object, item.get("filters") or {}),
        }
        return TemplateTile(insight=insight, layouts=layouts, color=color)
    raise Invalid(f'"{shown(item.get("type"))}" is not a valid choice.', "type", "invalid_choice")


def named(name: Any) -> Template:
    """One of ours."""
    found = _OURS.get(name) if isinstance(name, str) else None
    if found is None:
        raise Invalid(f"Invalid template provided: {shown(name)}", "use_template")
    return found


def _insight(name: str, description: str, source: Mapping[str, Any], place: int) -> TemplateTile:
    layout = {"x": place % 2 * 6, "y": place // 2 * 5, "w": 6, "h": 5}
    return TemplateTile(
        insight={
            "name": name,
            "description": description,
            "query": {"kind": "InsightVizNode", "source": source},
        },
        layouts={"sm": layout, "xs": {"x": 0, "y": place * 5, "w": 1, "h": 5}},
    )


def _pageviews(math: str = "total") -> dict[str, Any]:
    return {"kind": "EventsNode", "event": "$pageview", "name": "$pageview", "math": math}


def _active(days: str, interval: str, math: str) -> dict[str, Any]:
    return {
        "kind": "TrendsQuery",
        "series": [_pageviews(math)],
        "dateRange": {"date_from": days},
        "interval": interval,
    }


_DEFAULT = Template(
    name="Product analytics",
    description="Who comes, how often, and from where.",
    tiles=(
        _insight("Daily active users", "People with a page view each day", _active("-30d", "day", "dau"), 0),
        _insight(
            "Weekly active users", "People with a page view each week", _active("-90d", "week", "dau"), 1
        ),
        _insight(
            "Growth accounting",
            "New, returning, resurrecting and dormant people each week",
            {
                "kind": "LifecycleQuery",
                "series": [_pageviews()],
                "dateRange": {"date_from": "-30d"},
                "interval": "week",
            },
            2,
        ),
        _insight(
            "Retention",
            "People who come back in the weeks after their first",
            {
                "kind": "RetentionQuery",
                "retentionFilter": {
                    "period": "Week",
                    "totalIntervals": 11,
                    "retentionType": "retention_first_time",
                    "targetEntity": {"id": "$pageview", "type": "events"},
                    "returningEntity": {"id": "$pageview", "type": "events"},
                },
            },
            3,
        ),
        _insight(
            "Referring domains",
            "Where people come from",
            {
                "kind": "TrendsQuery",
                "series": [_pageviews("dau")],
                "dateRange": {"date_from": "-14d"},
                "interval": "day",
                "breakdownFilter": {"breakdown": "$referring_domain", "breakdown_type": "event"},
                "trendsFilter": {"display": "ActionsBarValue"},
            },
            4,
        ),
        _insight(
            "Three pages in a row",
            "How many people see a second and a third page, by browser",
            {
                "kind": "FunnelsQuery",
                "series": [_pageviews(), _pageviews(), _pageviews()],
                "dateRange": {"date_from": "-7d"},
                "breakdownFilter": {"breakdown": "$browser", "breakdown_type": "event"},
            },
            5,
        ),
    ),
)
_OURS = {"DEFAULT_APP": _DEFAULT, "Product analytics": _DEFAULT}
