"""Sessions: their events gathered by the store as they came in, merged here by session."""

from collections.abc import Iterable

from appliance.query.hogql.context import Context
from appliance.query.hogql.schema.channels import channel_sql
from appliance.query.hogql.schema.table import Column, Grouping, Link, Table, TableField
from appliance.query.hogql.value_types import BOOLEAN, DATETIME, INTEGER, STRING, UUID, Type, array
from appliance.store.sessions import TABLE

BOUNCE_DURATION_S = 10
_BOUNCE_DURATION_S_MAX = 3600
_TEXT = Type("String")
_ID = "toString(reinterpretAsUUID(bitOr(bitShiftLeft({id}, 64), bitShiftRight({id}, 64))))"
_AD_IDS = (
    "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "li_fat_id", "mc_cid", "igshid", "ttclid", "epik",
    "qclid", "sccid", "_kx", "irclid",
)  # fmt: skip
_UTM = ("source", "campaign", "medium", "term", "content")
_START, _END = "min(source.min_timestamp)", "max(source.max_timestamp)"
_DURATION = f"dateDiff('second', {_START}, {_END})"


def table(context: Context) -> Table:
    return Table(
        "sessions",
        TABLE,
        _fields(context),
        grouping=Grouping(("source.session_id_v7",)),
        time="$start_timestamp",
        filterable=True,
    )


def _first(column: str, kind: Type = _TEXT) -> Column:
    """A text that was not there is NULL."""
    merged = f"argMinMerge(source.{column})"
    return Column(f"nullIf({merged}, '')" if kind == _TEXT else merged, kind, whole=True)


def _whole(sql: str, kind: Type, *, hidden: bool = False) -> Column:
    return Column(sql, kind, hidden=hidden, whole=True)


def _fields(context: Context) -> dict[str, TableField]:
    session_id = _whole(_ID.format(id="source.session_id_v7"), STRING)
    entry, end = "argMinMerge(source.entry_url)", "argMaxMerge(source.end_url)"
    fields: dict[str, TableField] = {
        "id": session_id,
        "session_id": session_id,
        "session_id_v7": _whole("source.session_id_v7", Type("Unknown", nullable=False), hidden=True),
        "team_id": _whole("any(source.team_id)", INTEGER),
        "distinct_id": _whole("argMaxMerge(source.distinct_id)", STRING),
        "person_id": _whole("argMaxMerge(source.person_id)", UUID),
        "$start_timestamp": _whole(_START, DATETIME),
        "$end_timestamp": _whole(_END, DATETIME),
        "max_inserted_at": _whole("max(source.max_inserted_at)", DATETIME, hidden=True),
        "$urls": _whole("groupUniqArrayArray(source.urls)", array(STRING)),
        "$num_uniq_urls": _whole("length(groupUniqArrayArray(source.urls))", INTEGER),
        **_places("entry", entry, ("$entry_",)),
        **_places("end", end, ("$end_", "$exit_")),
        "$entry_referring_domain": _first("entry_referring_domain"),
        **{f"$entry_utm_{name}": _first(f"entry_utm_{name}") for name in _UTM},
        **_entry_ids(),
        "$last_external_click_url": _whole("argMaxMerge(source.last_external_click_url)", _TEXT),
        "$pageview_count": _whole("uniqExactMerge(source.pageview_uniq)", INTEGER),
        "$autocapture_count": _whole("uniqExactMerge(source.autocapture_uniq)", INTEGER),
        "$screen_count": _whole("uniqExactMerge(source.screen_uniq)", INTEGER),
        "$page_screen_autocapture_count_up_to": _whole(
            "uniqUpToMerge(1)(source.page_screen_autocapture_uniq_up_to)", INTEGER
        ),
        "$channel_type": _whole(channel_sql("argMinMerge(source.entry_channel_type_properties)"), STRING),
        "$session_duration": _whole(_DURATION, INTEGER),
        "duration": _whole(_DURATION, INTEGER),
        "$is_bounce": _whole(_bounce(context), Type("Boolean")),
        **_device(),
        "pdi": Link("person_distinct_ids", ("distinct_id", "distinct_id")),
        "person": Link("persons", ("person_id", "id")),
    }
    return fields


def _places(which: str, url: str, prefixes: Iterable[str]) -> dict[str, TableField]:
    found: dict[str, TableField] = {}
    for prefix in prefixes:
        found[f"{prefix}current_url"] = _whole(url, _TEXT)
        found[f"{prefix}pathname"] = _whole(f"path({url})", _TEXT)
        found[f"{prefix}hostname"] = _whole(f"domain({url})", _TEXT)
    del which
    return found


def _entry_ids() -> dict[str, TableField]:
    fields: dict[str, TableField] = {
        "$entry_gclid": _first("entry_gclid"),
        "$entry_fbclid": _first("entry_fbclid"),
        "$entry_gad_source": _first("entry_gad_source"),
        "$entry_has_gclid": _whole("toBool(argMinMerge(source.entry_has_gclid))", BOOLEAN),
        "$entry_has_fbclid": _whole("toBool(argMinMerge(source.entry_has_fbclid))", BOOLEAN),
    }
    for name in _AD_IDS:
        value = f"argMinMerge(source.entry_ad_ids_map)['{name}']"
        fields[f"$entry_{name}"] = _whole(f"nullIf({value}, '')", _TEXT)
        fields[f"$entry_has_{name}"] = _whole(
            f"toBool(has(argMinMerge(source.entry_ad_ids_set), '{name}'))", BOOLEAN
        )
    return fields


def _device() -> dict[str, TableField]:
    names = (
        "browser", "browser_version", "os", "os_version", "device_type", "geoip_country_code",
        "geoip_subdivision_1_code", "geoip_subdivision_1_name", "geoip_subdivision_city_name", "geoip_time_zone",
    )  # fmt: skip
    fields: dict[str, TableField] = {f"${name}": _first(name) for name in names}
    for name in ("viewport_width", "viewport_height"):
        fields[f"${name}"] = _whole(f"argMinMerge(source.{name})", INTEGER)
    return fields


def _bounce(context: Context) -> str:
    """NULL where nothing was looked at; else whether one look was all, and a short one."""
    wanted = context.modifier("bounceRateDurationSeconds")
    shortest = BOUNCE_DURATION_S
    if (
        isinstance(wanted, int | float)
        and not isinstance(wanted, bool)
        and 0 <= wanted <= _BOUNCE_DURATION_S_MAX
    ):
        shortest = int(wanted)
    count = "uniqUpToMerge(1)(source.page_screen_autocapture_uniq_up_to)"
    return f"if({count} = 0, NULL, toBool(not(or({count} > 1, {_DURATION} >= {shortest}))))"
