"""Ten million events of a shop in the store, and the same rows in a table as PostHog lays it out.

The store generates them itself, from hashes of their numbers: the same count gives the same rows on every machine.
Sessions of ten events begin in the order of time over 90 days; 100,000 people have them, some many more than others.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime

from appliance.promotion import columns
from appliance.store import sessions
from appliance.store.client import ClickHouseStore
from appliance.store.schema import shredded_columns

PROJECT, PERSONS, DAYS, SESSION_EVENTS = 1, 100_000, 90, 10
NOW = datetime(2026, 3, 31, 20, tzinfo=UTC)
PROMOTED = "plan"
CHUNK_ROWS = 250_000
_MERGES_S_MAX = 300
_FIRST_DAY_S = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
_DAY_S = 86_400

# What hashes are made of, besides a salt: an event, its session, its person.
_SOURCE = """
SELECT number AS n, intDiv(n, {session_events}) AS s, n % {session_events} AS position,
    cityHash64(n, 1) AS e1, cityHash64(n, 2) AS e2, cityHash64(n, 3) AS e3,
    cityHash64(s, 4) AS s1, cityHash64(s, 5) AS s2, cityHash64(s, 6) AS s3, cityHash64(s, 7) AS s4,
    toUInt64({persons} * pow(s1 % 1000003 / 1000003, 2)) AS person,
    cityHash64(person, 8) AS p1, cityHash64(person, 9) AS p2,
    toInt64({start_us}) + toInt64(s * {session_us}) + s2 % 60000000 AS began_us,
    began_us + position * 35000000 + e1 % 20000000 AS time_us,
    multiIf(position = 0 OR e2 % 100 < 40, '$pageview', e2 % 100 < 64, '$autocapture', e2 % 100 < 72, '$pageleave',
        e2 % 100 < 86, 'product viewed', e2 % 100 < 94, 'added to cart', e2 % 100 < 98, 'checkout started',
        'purchased') AS event_name,
    toUInt64(300 * pow(e3 % 1000003 / 1000003, 2)) AS page,
    concat('/', ['', 'products', 'blog', 'docs', 'account', 'search'][page % 6 + 1], '/', toString(page)) AS path,
    lower(hex(intDiv(began_us, 1000))) AS began_hex,
    concat(substring(began_hex, 1, 8), '-', substring(began_hex, 9, 4), '-7',
        lower(substring(hex(s3), 1, 3)), '-8', lower(substring(hex(s3), 4, 3)), '-',
        lower(substring(hex(cityHash64(s, 10)), 1, 12))) AS session,
    concat('user-', toString(person)) AS user
FROM numbers({first}, {rows})
"""


def _one_of(hashed: str, *values: str) -> str:
    """Small indexes are the likelier ones."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"[{listed}][toUInt64({len(values)} * pow({hashed} % 10007 / 10007, 2)) + 1]"


_COUNTRIES = ("US", "DE", "GB", "FR", "IN", "BR", "CA", "ES", "NL", "PL", "JP", "AU")
# Property → SQL of its text, and whether JSON quotes it.
PROPERTIES: Sequence[tuple[str, str, bool]] = (
    ("$session_id", "session", True),
    ("$window_id", "session", True),
    ("$current_url", "concat('https://shop.example.com', path)", True),
    ("$pathname", "path", True),
    ("$host", "'shop.example.com'", True),
    (
        "$referrer",
        _one_of("s3", "$direct", "https://www.google.com/", "https://news.example.org/a?b=c"),
        True,
    ),
    ("$referring_domain", _one_of("s3", "$direct", "www.google.com", "news.example.org"), True),
    (
        "$browser",
        _one_of("p1", "Chrome", "Safari", "Mobile Safari", "Firefox", "Microsoft Edge", "Opera"),
        True,
    ),
    ("$browser_version", "toString(120 + p2 % 20)", False),
    ("$os", _one_of("p1", "Mac OS X", "Windows", "iOS", "Android", "Linux"), True),
    ("$os_version", _one_of("p2", "10.15.7", "14.4.1", "11", "17.2", "13"), True),
    ("$device_type", _one_of("p1", "Desktop", "Mobile", "Tablet"), True),
    ("$device_id", "lower(hex(p1))", True),
    ("$lib", "'web'", True),
    ("$lib_version", "concat('1.', toString(200 + intDiv(s, 5000) % 60), '.', toString(p2 % 4))", True),
    ("$ip", "IPv4NumToString(toUInt32(p1))", True),
    ("$geoip_country_code", _one_of("p2", *_COUNTRIES), True),
    ("$geoip_city_name", "concat('City ', toString(p2 % 400))", True),
    ("$geoip_time_zone", _one_of("p2", "America/New_York", "Europe/Berlin", "Europe/London"), True),
    ("utm_source", _one_of("s4", "google", "newsletter", "twitter", "partner"), True),
    ("utm_medium", _one_of("s4", "cpc", "email", "social"), True),
    ("utm_campaign", "concat('campaign-', toString(s4 % 40))", True),
    ("$screen_width", "toString([1920, 1440, 390, 2560][p1 % 4 + 1])", False),
    ("$screen_height", "toString([1080, 900, 844, 1440][p1 % 4 + 1])", False),
    ("$viewport_width", "toString(300 + s3 % 1600)", False),
    ("$viewport_height", "toString(300 + s4 % 900)", False),
    ("$insert_id", "lower(hex(e1))", True),
    ("$time", "toString(time_us / 1000000)", False),
    ("$pageview_id", "lower(hex(cityHash64(e1, e2)))", True),
    ("title", "concat('Example shop, page ', toString(page))", True),
    (PROMOTED, _one_of("p2", "free", "starter", "team", "scale", "enterprise"), True),
    ("price", "toString(round(e3 % 20000 / 100, 2))", False),
    ("quantity", "toString(1 + e2 % 5)", False),
    ("currency", _one_of("p1", "USD", "EUR", "GBP"), True),
    ("category", _one_of("e3", "shoes", "shirts", "hats", "bags", "socks", "coats", "belts"), True),
    ("product_id", "concat('sku-', toString(e3 % 5000))", True),
    ("is_member", "if(p1 % 3 = 0, 'true', 'false')", False),
    ("theme", _one_of("s1", "light", "dark"), True),
    ("load_ms", "toString(80 + e1 % 3000)", False),
    ("experiment_group", _one_of("p1", "control", "test"), True),
)
_JSON = "concat('{', " + ", ',', ".join(
    f"""'"{name}":{'"' if quoted else ""}', {sql}, '{'"' if quoted else ""}'""" for name, sql, quoted in PROPERTIES
) + ", '}')"  # fmt: skip
_PERSON_JSON = """concat('{"email":"', user, '@example.com","name":"User ', toString(person), '","plan":"',
    ['free', 'starter', 'team'][p2 % 3 + 1], '","signed_up_from":"', ['ads', 'search', 'friend'][p1 % 3 + 1],
    '","seats":', toString(p2 % 50), '}')"""

POSTHOG_TABLE = """
CREATE TABLE posthog_events (
    uuid UUID, event String, properties String CODEC(ZSTD(3)), timestamp DateTime64(6, 'UTC'), team_id Int64,
    distinct_id String, elements_chain String, created_at DateTime64(6, 'UTC'), person_id UUID,
    person_created_at DateTime64(3), person_properties String CODEC(ZSTD(3)), _timestamp DateTime, _offset UInt64
) ENGINE = ReplacingMergeTree(_timestamp)
PARTITION BY toYYYYMM(timestamp)
ORDER BY (team_id, toDate(timestamp), event, cityHash64(distinct_id), cityHash64(uuid))
SAMPLE BY cityHash64(distinct_id)
"""
_COPIED = (
    "uuid, event, properties, timestamp, team_id, distinct_id, elements_chain, created_at, person_id, "
    "person_created_at, person_properties, _timestamp, _offset"
)


def fill(store: ClickHouseStore, events: int) -> None:
    """Both tables, one after another, then waits for the merges that follow."""
    # No question here is about sessions, and making them takes longer than all the rest.
    store.execute(f"DROP VIEW IF EXISTS {sessions.VIEW}")
    columns.add(store, PROMOTED, columns.column_of(PROMOTED))
    store.execute(POSTHOG_TABLE)
    for first in range(0, events, CHUNK_ROWS):
        rows = min(CHUNK_ROWS, events - first)
        insert(store, f"INSERT INTO events ({_names()}) {_select(first, rows, events)}")
    insert(store, f"INSERT INTO posthog_events ({_COPIED}) SELECT {_COPIED} FROM events")
    ends = time.monotonic() + _MERGES_S_MAX
    while store.query("SELECT count() FROM system.merges").rows[0][0] and time.monotonic() < ends:
        time.sleep(1)


def insert(store: ClickHouseStore, sql: str) -> None:
    """In blocks that leave room for the store's other work."""
    blocks = {"max_block_size": 8_192, "min_insert_block_size_rows": 65_536, "min_insert_block_size_bytes": 0}
    store.execute(sql, {**blocks, "max_execution_time": 3_600, "max_threads": 2, "max_insert_threads": 1})


def _shredded() -> dict[str, str]:
    sql_of = {name: sql for name, sql, _ in PROPERTIES}
    return {column: sql_of[name] for name, column, _ in shredded_columns() if name in sql_of}


def _columns() -> dict[str, str]:
    time_at = "fromUnixTimestamp64Micro({}, 'UTC')"
    return {
        "uuid": "reinterpretAsUUID(sipHash128(n))",
        "event": "event_name",
        "properties": _JSON,
        "timestamp": time_at.format("time_us"),
        "team_id": str(PROJECT),
        "distinct_id": "user",
        "created_at": time_at.format("time_us"),
        "person_id": "reinterpretAsUUID(sipHash128('person', person))",
        "person_created_at": time_at.format(
            f"toInt64({_FIRST_DAY_S * 1_000_000}) - toInt64(p1 % 86400000000)"
        ),
        "person_properties": _PERSON_JSON,
        "_timestamp": "toDateTime(intDiv(time_us, 1000000), 'UTC')",
        "_offset": "n",
        **_shredded(),
    }


def _names() -> str:
    return ", ".join(f"`{name}`" for name in _columns())


def _select(first: int, rows: int, events: int) -> str:
    sessions = max(1, events // SESSION_EVENTS)
    source = _SOURCE.format(
        session_events=SESSION_EVENTS,
        persons=PERSONS,
        start_us=_FIRST_DAY_S * 1_000_000,
        session_us=(DAYS * _DAY_S - 6 * 3_600) * 1_000_000 // sessions,
        first=first,
        rows=rows,
    )
    return f"SELECT {', '.join(_columns().values())} FROM ({source})"
