"""The store's tables on a single node, as ClickHouse's own statements.

Promises:
- Every table that ingest writes drops a repeated block by its token
  (`non_replicated_deduplication_window`) and has its rows on disk before an insert answers
  (`fsync_after_insert`, `fsync_part_directory`).
- Partitions are bounded: a time out of 2010 … 2099 goes to partition 0, so a hostile clock makes one
  more, and one block may spread over at most `PARTITIONS_PER_BLOCK`.
- Columns that need no parsing are filled by ingest; ClickHouse derives only what reads `elements_chain`, and the
  email of exceptions.
"""

from collections.abc import Sequence
from typing import Literal

Shredded = tuple[str, str, Literal["few", "many"]]
"""A property of events with a column of its own: property, column, how different its values are."""

GROUPS = 5
YEARS = (2010, 2099)
# 90 years of months fit, so that no block of a journal can ever be one that the store refuses for its times.
PARTITIONS_PER_BLOCK = (YEARS[1] - YEARS[0] + 1) * 12 + 1

_TIME = "DateTime64(6, 'UTC')"
_TIME_COLUMN = f"{_TIME} CODEC(Delta, ZSTD(1))"
_TEXT = "String CODEC(ZSTD(1))"
_JSON = "String CODEC(ZSTD(3))"
_KAFKA = "_timestamp DateTime('UTC') CODEC(Delta, ZSTD(1)), _offset UInt64 CODEC(Delta, ZSTD(1))"
_KAFKA_PARTITION = f"{_KAFKA}, _partition UInt64 CODEC(ZSTD(1))"
_WRITTEN = "non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1"


def settings(more: str = "") -> str:
    return f"SETTINGS {_WRITTEN}{', ' + more if more else ''}"


def by_month(column: str) -> str:
    first, last = YEARS
    return f"if(toYear({column}) < {first} OR toYear({column}) > {last}, 0, toYYYYMM({column}))"


def shredded_type(shredded: Shredded) -> str:
    """A missing property is NULL, except in the columns that PostHog names after the property itself."""
    name, column, storage = shredded
    if name == column:
        return _TEXT
    return "LowCardinality(Nullable(String))" if storage == "few" else "Nullable(String) CODEC(ZSTD(1))"


def events(shredded: Sequence[Shredded]) -> str:
    groups = ", ".join(
        f"`$group_{index}` {_TEXT}, group{index}_properties {_JSON}, group{index}_created_at {_TIME_COLUMN}"
        for index in range(GROUPS)
    )
    columns = "".join(f", `{one[1]}` {shredded_type(one)}" for one in shredded)
    return f"""
CREATE TABLE IF NOT EXISTS events (
    uuid UUID, event LowCardinality(String), properties {_JSON}, timestamp {_TIME_COLUMN}, team_id Int64,
    distinct_id {_TEXT}, elements_chain {_TEXT}, created_at {_TIME_COLUMN},
    person_id UUID, person_created_at {_TIME_COLUMN}, person_properties {_JSON},
    person_mode Enum8('full' = 0, 'propertyless' = 1, 'force_upgrade' = 2), historical_migration Bool,
    {groups},
    {_KAFKA}, inserted_at Nullable({_TIME}) DEFAULT now64(6),
    elements_chain_href String MATERIALIZED extract(elements_chain, '(?::|\")href="(.*?)"'),
    elements_chain_texts Array(String)
        MATERIALIZED arrayDistinct(extractAll(elements_chain, '(?::|\")text="(.*?)"')),
    elements_chain_ids Array(String)
        MATERIALIZED arrayDistinct(extractAll(elements_chain, '(?::|\")attr_id="(.*?)"')),
    elements_chain_elements Array(Enum8(
        'a' = 1, 'button' = 2, 'form' = 3, 'input' = 4, 'select' = 5, 'textarea' = 6, 'label' = 7))
        MATERIALIZED arrayDistinct(
            extractAll(elements_chain, '(?:^|;)(a|button|form|input|select|textarea|label)(?:\\\\.|$|:|;)'))
    {columns},
    `$session_id_uuid` Nullable(UInt128) MATERIALIZED toUInt128(toUUIDOrNull(`$session_id`)),
    INDEX by_session `$session_id` TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_person person_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_uuid uuid TYPE bloom_filter(0.001) GRANULARITY 1
) ENGINE = ReplacingMergeTree(_timestamp)
PARTITION BY {by_month("timestamp")}
ORDER BY (team_id, toDate(timestamp), event, cityHash64(distinct_id), cityHash64(uuid))
SAMPLE BY cityHash64(distinct_id)
{settings()}"""


def _distinct_ids(name: str) -> str:
    return f"""
CREATE TABLE IF NOT EXISTS {name} (
    team_id Int64, distinct_id {_TEXT}, person_id UUID, is_deleted Int8, version Int64, {_KAFKA_PARTITION}
) ENGINE = ReplacingMergeTree(version)
ORDER BY (team_id, distinct_id)
{settings("index_granularity = 512")}"""


PERSON = f"""
CREATE TABLE IF NOT EXISTS person (
    id UUID, created_at {_TIME_COLUMN}, team_id Int64, properties {_JSON}, is_identified Int8,
    is_deleted Int8, version UInt64, last_seen_at {_TIME} DEFAULT toDateTime64(0, 6, 'UTC'), {_KAFKA}
) ENGINE = ReplacingMergeTree(version)
ORDER BY (team_id, id)
{settings("index_granularity = 2048")}"""

PERSON_STATIC_COHORT = f"""
CREATE TABLE IF NOT EXISTS person_static_cohort (
    id UUID, person_id UUID, cohort_id Int64, team_id Int64, {_KAFKA}
) ENGINE = ReplacingMergeTree(_timestamp)
ORDER BY (team_id, cohort_id, person_id, id)
{settings()}"""

COHORT_PEOPLE = f"""
CREATE TABLE IF NOT EXISTS cohortpeople (
    person_id UUID, cohort_id Int64, team_id Int64, sign Int8, version UInt64
) ENGINE = CollapsingMergeTree(sign)
ORDER BY (team_id, cohort_id, person_id, version)
{settings()}"""

GROUPS_TABLE = f"""
CREATE TABLE IF NOT EXISTS groups (
    group_type_index UInt8, group_key {_TEXT}, created_at {_TIME_COLUMN}, team_id Int64,
    group_properties {_JSON}, {_KAFKA}
) ENGINE = ReplacingMergeTree(_timestamp)
ORDER BY (team_id, group_type_index, group_key)
{settings("index_granularity = 2048")}"""

SESSION_REPLAY_EVENTS = f"""
CREATE TABLE IF NOT EXISTS session_replay_events (
    session_id String, team_id Int64, distinct_id SimpleAggregateFunction(any, String),
    min_first_timestamp SimpleAggregateFunction(min, {_TIME}),
    max_last_timestamp SimpleAggregateFunction(max, {_TIME}),
    block_first_timestamps SimpleAggregateFunction(groupArrayArray, Array({_TIME})),
    block_last_timestamps SimpleAggregateFunction(groupArrayArray, Array({_TIME})),
    block_urls SimpleAggregateFunction(groupArrayArray, Array(String)),
    first_url AggregateFunction(argMin, Nullable(String), {_TIME}),
    all_urls SimpleAggregateFunction(groupUniqArrayArray, Array(String)),
    click_count SimpleAggregateFunction(sum, Int64), keypress_count SimpleAggregateFunction(sum, Int64),
    mouse_activity_count SimpleAggregateFunction(sum, Int64),
    active_milliseconds SimpleAggregateFunction(sum, Int64),
    console_log_count SimpleAggregateFunction(sum, Int64),
    console_warn_count SimpleAggregateFunction(sum, Int64),
    console_error_count SimpleAggregateFunction(sum, Int64), size SimpleAggregateFunction(sum, Int64),
    message_count SimpleAggregateFunction(sum, Int64), event_count SimpleAggregateFunction(sum, Int64),
    snapshot_source AggregateFunction(argMin, LowCardinality(Nullable(String)), {_TIME}),
    snapshot_library AggregateFunction(argMin, Nullable(String), {_TIME}),
    _timestamp SimpleAggregateFunction(max, DateTime('UTC')),
    retention_period_days SimpleAggregateFunction(max, Nullable(Int64))
) ENGINE = AggregatingMergeTree
PARTITION BY {by_month("min_first_timestamp")}
ORDER BY (toDate(min_first_timestamp), team_id, session_id)
{settings("index_granularity = 512")}"""

HEATMAPS = f"""
CREATE TABLE IF NOT EXISTS heatmaps (
    session_id {_TEXT}, team_id Int64, distinct_id {_TEXT}, timestamp {_TIME_COLUMN}, x Int16, y Int16,
    scale_factor Int16, viewport_width Int16, viewport_height Int16, pointer_target_fixed Bool,
    current_url {_TEXT}, type LowCardinality(String), {_KAFKA_PARTITION}
) ENGINE = MergeTree
PARTITION BY {by_month("timestamp")}
ORDER BY (type, team_id, toDate(timestamp), current_url, viewport_width)
TTL toDate(timestamp) + INTERVAL 90 DAY
{settings("ttl_only_drop_parts = 0")}"""

INGESTION_WARNINGS = f"""
CREATE TABLE IF NOT EXISTS ingestion_warnings (
    team_id Int64, source LowCardinality(String), type String, details {_JSON}, timestamp {_TIME_COLUMN},
    category LowCardinality(String), severity LowCardinality(String), {_KAFKA_PARTITION}
) ENGINE = MergeTree
PARTITION BY {by_month("timestamp")}
ORDER BY (team_id, toHour(timestamp), type, source, timestamp)
TTL toDate(timestamp) + INTERVAL 90 DAY
{settings()}"""

PROPERTY_DEFINITIONS = f"""
CREATE TABLE IF NOT EXISTS property_definitions (
    team_id Int64, project_id Nullable(Int64), name {_TEXT}, property_type Nullable(String),
    event Nullable(String), group_type_index Nullable(UInt8),
    type UInt8 DEFAULT 1, last_seen_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(last_seen_at)
ORDER BY (team_id, type, COALESCE(event, ''), name, COALESCE(group_type_index, 255))
{settings()}"""

LOG_ENTRIES = f"""
CREATE TABLE IF NOT EXISTS log_entries (
    team_id UInt64, log_source LowCardinality(String), log_source_id String, instance_id String,
    timestamp {_TIME_COLUMN}, level LowCardinality(String), message {_TEXT}, {_KAFKA_PARTITION}
) ENGINE = ReplacingMergeTree(_timestamp)
PARTITION BY {by_month("timestamp")}
ORDER BY (team_id, log_source, log_source_id, instance_id, timestamp)
TTL toDate(timestamp) + INTERVAL 90 DAY
{settings("index_granularity = 512")}"""

ISSUE_FINGERPRINT_OVERRIDES = f"""
CREATE TABLE IF NOT EXISTS error_tracking_issue_fingerprint_overrides (
    team_id Int64, fingerprint {_TEXT}, issue_id UUID, is_deleted Int8, version Int64, {_KAFKA_PARTITION}
) ENGINE = ReplacingMergeTree(version)
ORDER BY (team_id, fingerprint)
{settings("index_granularity = 512")}"""
"""Fingerprints that were moved to another issue, which issue it is now, and since which move."""

EXCEPTION_EMAIL = (
    "exception_email String MATERIALIZED if(event = '$exception',"
    " ifNull(JSONExtract(properties, 'email', 'Nullable(String)'), ''), '') CODEC(ZSTD(1))"
)

BASE: tuple[str, ...] = (
    PERSON,
    _distinct_ids("person_distinct_id2"),
    _distinct_ids("person_distinct_id_overrides"),
    PERSON_STATIC_COHORT,
    COHORT_PEOPLE,
    GROUPS_TABLE,
    SESSION_REPLAY_EVENTS,
    HEATMAPS,
    INGESTION_WARNINGS,
    PROPERTY_DEFINITIONS,
    LOG_ENTRIES,
)
"""Every table of the first step but `events`, whose columns depend on the release, and what is made from it."""
