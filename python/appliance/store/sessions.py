"""Sessions, made from events as they are inserted: one aggregated row per `$session_id` that is a UUIDv7.

Promises:
- The row's time (`session_timestamp`) comes from the id, so all events of a session meet in one
  partition.
- How a session began is told by its first page or screen; other events count for that only where there is
  none (their time is moved a year, so they lose).
- Lists in a row are bounded, so a session id that everyone shares cannot grow without end.
- Properties without a column are parsed once for an event, and only when it is a page or names an ad.

A missing text is the empty string, except addresses, which are NULL so that events without one do not
count.
"""

from appliance.store.tables import by_month, settings

TABLE = "raw_sessions_v3"
VIEW = "raw_sessions_v3_mv"

_TIME = "DateTime64(6, 'UTC')"
_URLS, _DISTINCT_IDS = 2000, 200
_DEVICE = ("browser", "browser_version", "os", "os_version", "device_type")
_GEOIP = {
    "geoip_country_code": "`mat_$geoip_country_code`",
    "geoip_subdivision_1_code": "`mat_$geoip_subdivision_1_code`",
    "geoip_subdivision_1_name": "more.`$geoip_subdivision_1_name`",
    "geoip_subdivision_city_name": "`mat_$geoip_city_name`",
    "geoip_time_zone": "`mat_$geoip_time_zone`",
}
_UTM = ("source", "campaign", "medium", "term", "content")
_AD_IDS = (
    "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "li_fat_id", "mc_cid", "igshid", "ttclid",
    "epik", "qclid", "sccid", "_kx", "irclid",
)  # fmt: skip
# Columns of events that the view reads as text; a missing property is the empty text here.
_TEXTS = (
    *(f"`mat_${name}`" for name in (*_DEVICE, "current_url", "referring_domain")),
    *(column for column in _GEOIP.values() if column.startswith("`mat_")),
    *(f"mat_utm_{name}" for name in _UTM),
    "mat_gclid",
)
_CHANNEL = (
    "Tuple(utm_source String, utm_medium String, utm_campaign String, referring_domain String, has_gclid "
    "UInt8, has_fbclid UInt8, gad_source String)"
)


def _first(column: str, kind: str = "String") -> str:
    return f"{column} AggregateFunction(argMin, {kind}, {_TIME})"


def _last(column: str, kind: str = "String") -> str:
    return f"{column} AggregateFunction(argMax, {kind}, {_TIME})"


def _columns() -> str:
    return ",\n    ".join(
        [
            "team_id Int64",
            "session_id_v7 UInt128",
            "session_timestamp DateTime64(3, 'UTC')",
            _last("distinct_id"),
            _last("person_id", "UUID"),
            f"distinct_ids SimpleAggregateFunction(groupUniqArrayArray({_DISTINCT_IDS}), Array(String))",
            f"min_timestamp SimpleAggregateFunction(min, {_TIME})",
            f"max_timestamp SimpleAggregateFunction(max, {_TIME})",
            f"max_inserted_at SimpleAggregateFunction(max, {_TIME})",
            f"urls SimpleAggregateFunction(groupUniqArrayArray({_URLS}), Array(String))",
            _first("entry_url", "Nullable(String)"),
            _last("end_url", "Nullable(String)"),
            _last("last_external_click_url", "Nullable(String)"),
            *(_first(name) for name in _DEVICE),
            _first("viewport_width", "Int64"),
            _first("viewport_height", "Int64"),
            *(_first(name) for name in _GEOIP),
            _first("entry_referring_domain"),
            *(_first(f"entry_utm_{name}") for name in _UTM),
            _first("entry_gclid"),
            _first("entry_gad_source"),
            _first("entry_fbclid"),
            _first("entry_has_gclid", "UInt8"),
            _first("entry_has_fbclid", "UInt8"),
            _first("entry_ad_ids_map", "Map(String, String)"),
            _first("entry_ad_ids_set", "Array(String)"),
            _first("entry_channel_type_properties", _CHANNEL),
            "pageview_uniq AggregateFunction(uniqExact, Nullable(UUID))",
            "autocapture_uniq AggregateFunction(uniqExact, Nullable(UUID))",
            "screen_uniq AggregateFunction(uniqExact, Nullable(UUID))",
            "page_screen_autocapture_uniq_up_to AggregateFunction(uniqUpTo(1), Nullable(UUID))",
        ]
    )


def table() -> str:
    return f"""
CREATE TABLE IF NOT EXISTS {TABLE} (
    {_columns()}
) ENGINE = AggregatingMergeTree
PARTITION BY {by_month("session_timestamp")}
ORDER BY (team_id, session_timestamp, session_id_v7)
{settings()}"""


def _per_event() -> str:
    needles = ", ".join(f"'\"{name}\"'" for name in ("fbclid", "gad_source", "$external_click_url", *_AD_IDS))
    kinds = dict.fromkeys(
        ("fbclid", "gad_source", "$external_click_url", "$geoip_subdivision_1_name"), "String"
    )
    kinds |= dict.fromkeys(("$viewport_width", "$viewport_height"), "Int64") | dict.fromkeys(
        _AD_IDS, "String"
    )
    kind = f"Tuple({', '.join(f'`{name}` {one}' for name, one in kinds.items())})"
    return f"""
    SELECT * REPLACE ({", ".join(f"ifNull(toString({name}), '') AS {name}" for name in _TEXTS)}),
        toUInt128(toUUIDOrZero(`$session_id`)) AS id,
        event IN ('$pageview', '$screen') AS is_page,
        event = '$autocapture' AS is_autocapture,
        if(is_page, timestamp, timestamp + INTERVAL 1 YEAR) AS entry_key,
        if(is_page, timestamp, timestamp - INTERVAL 1 YEAR) AS end_key,
        if(is_page OR multiSearchAny(properties, [{needles}]),
            JSONExtract(properties, '{kind}'), defaultValueOfTypeName('{kind}')) AS more,
        mapFilter((name, value) -> value != '',
            map({", ".join(f"'{name}', more.`{name}`" for name in _AD_IDS)})) AS ad_ids
    FROM events
    WHERE bitAnd(bitShiftRight(id, 76), 15) = 7 AND bitAnd(bitShiftRight(id, 62), 3) = 2"""


def _entry(name: str, value: str) -> str:
    return f"argMinState({value}, entry_key) AS {name}"


def view() -> str:
    url = "nullIf(`mat_$current_url`, '')"
    device = [f"argMinState(toString(`mat_${name}`), timestamp) AS {name}" for name in _DEVICE]
    places = [f"argMinState(toString({value}), timestamp) AS {name}" for name, value in _GEOIP.items()]
    channel = (
        "CAST(tuple(toString(mat_utm_source), toString(mat_utm_medium), toString(mat_utm_campaign), "
        "toString(`mat_$referring_domain`), toUInt8(mat_gclid != ''), toUInt8(more.fbclid != ''), "
        f"more.gad_source), '{_CHANNEL}')"
    )
    selected = [
        "team_id",
        "id AS session_id_v7",
        "fromUnixTimestamp64Milli(toInt64(bitShiftRight(id, 80)), 'UTC') AS session_timestamp",
        "argMaxState(events_of_sessions.distinct_id, timestamp) AS distinct_id",
        "argMaxState(events_of_sessions.person_id, timestamp) AS person_id",
        f"groupUniqArray({_DISTINCT_IDS})(events_of_sessions.distinct_id) AS distinct_ids",
        "min(timestamp) AS min_timestamp",
        "max(timestamp) AS max_timestamp",
        "max(ifNull(inserted_at, now64(6, 'UTC'))) AS max_inserted_at",
        f"groupUniqArrayIf({_URLS})(`mat_$current_url`, is_page AND `mat_$current_url` != '') AS urls",
        _entry("entry_url", url),
        f"argMaxState({url}, end_key) AS end_url",
        "argMaxState(nullIf(more.`$external_click_url`, ''), timestamp) AS last_external_click_url",
        *device,
        _entry("viewport_width", "more.`$viewport_width`"),
        _entry("viewport_height", "more.`$viewport_height`"),
        *places,
        _entry("entry_referring_domain", "toString(`mat_$referring_domain`)"),
        *(_entry(f"entry_utm_{name}", f"toString(mat_utm_{name})") for name in _UTM),
        _entry("entry_gclid", "mat_gclid"),
        _entry("entry_gad_source", "more.gad_source"),
        _entry("entry_fbclid", "more.fbclid"),
        _entry("entry_has_gclid", "toUInt8(mat_gclid != '')"),
        _entry("entry_has_fbclid", "toUInt8(more.fbclid != '')"),
        _entry("entry_ad_ids_map", "ad_ids"),
        _entry("entry_ad_ids_set", "mapKeys(ad_ids)"),
        _entry("entry_channel_type_properties", channel),
        "uniqExactState(if(event = '$pageview', toNullable(uuid), NULL)) AS pageview_uniq",
        "uniqExactState(if(is_autocapture, toNullable(uuid), NULL)) AS autocapture_uniq",
        "uniqExactState(if(event = '$screen', toNullable(uuid), NULL)) AS screen_uniq",
        (
            "uniqUpToState(1)(if(is_page OR is_autocapture, toNullable(uuid), NULL))"
            " AS page_screen_autocapture_uniq_up_to"
        ),
    ]
    return f"""
CREATE MATERIALIZED VIEW IF NOT EXISTS {VIEW} TO {TABLE} AS
SELECT
    {", ".join(selected)}
FROM ({_per_event()}
) AS events_of_sessions
GROUP BY team_id, session_id_v7, session_timestamp"""
