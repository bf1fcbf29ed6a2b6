"""Session recordings, and the lines that were logged during them."""

from appliance.query.hogql.schema.table import Column, Grouping, Link, Path, Table, TableField
from appliance.query.hogql.value_types import DATETIME, INTEGER, STRING, Type, array

_SUMS = (
    "click_count", "keypress_count", "mouse_activity_count", "active_milliseconds", "console_log_count",
    "console_warn_count", "console_error_count", "size", "event_count", "message_count",
)  # fmt: skip
_LINKS: dict[str, TableField] = {
    "pdi": Link("person_distinct_ids", ("distinct_id", "distinct_id")),
    "person": Path(("pdi", "person")),
    "person_id": Path(("pdi", "person_id")),
    "session": Link("sessions", ("session_id", "session_id")),
    "events": Link("events", ("session_id", "$session_id")),
    "console_logs": Link("console_logs_log_entries", ("session_id", "log_source_id")),
}


def _whole(sql: str, kind: Type) -> Column:
    return Column(sql, kind, whole=True)


_START, _END = "min(source.min_first_timestamp)", "max(source.max_last_timestamp)"

RECORDINGS = Table(
    "session_replay_events",
    "session_replay_events",
    {
        "session_id": _whole("source.session_id", STRING),
        "team_id": _whole("any(source.team_id)", INTEGER),
        "distinct_id": _whole("any(source.distinct_id)", STRING),
        "start_time": _whole(_START, DATETIME),
        "end_time": _whole(_END, DATETIME),
        "min_first_timestamp": _whole(_START, DATETIME),
        "max_last_timestamp": _whole(_END, DATETIME),
        "duration": _whole(f"dateDiff('second', {_START}, {_END})", INTEGER),
        "first_url": _whole("argMinMerge(source.first_url)", Type("String")),
        "all_urls": _whole("groupUniqArrayArray(source.all_urls)", array(STRING)),
        **{name: _whole(f"sum(source.{name})", INTEGER) for name in _SUMS},
        "snapshot_source": _whole("toString(argMinMerge(source.snapshot_source))", Type("String")),
        "snapshot_library": _whole("argMinMerge(source.snapshot_library)", Type("String")),
        **_LINKS,
    },
    grouping=Grouping(("source.session_id",)),
    time="start_time",
)

RAW_RECORDINGS = Table(
    "raw_session_replay_events",
    "session_replay_events",
    {
        "session_id": Column("source.session_id", STRING),
        "team_id": Column("source.team_id", INTEGER),
        "distinct_id": Column("source.distinct_id", STRING),
        "min_first_timestamp": Column("source.min_first_timestamp", DATETIME),
        "max_last_timestamp": Column("source.max_last_timestamp", DATETIME),
        "all_urls": Column("source.all_urls", array(STRING)),
        **{name: Column(f"source.{name}", INTEGER) for name in _SUMS},
        **_LINKS,
    },
    time="min_first_timestamp",
)


def _log_entries(name: str, log_source: str = "") -> Table:
    return Table(
        name,
        "log_entries",
        {
            "team_id": Column("source.team_id", INTEGER),
            "log_source": Column("source.log_source", STRING),
            "log_source_id": Column("source.log_source_id", STRING),
            "instance_id": Column("source.instance_id", STRING),
            "timestamp": Column("source.timestamp", DATETIME),
            "message": Column("source.message", STRING),
            "level": Column("source.level", STRING),
        },
        where=f"equals(source.log_source, '{log_source}')" if log_source else "",
        kind="view" if log_source else "posthog",
    )


HEATMAPS = Table(
    "heatmaps",
    "heatmaps",
    {
        "session_id": Column("source.session_id", STRING),
        "team_id": Column("source.team_id", INTEGER),
        "distinct_id": Column("source.distinct_id", STRING),
        "timestamp": Column("source.timestamp", DATETIME),
        "x": Column("source.x", INTEGER),
        "y": Column("source.y", INTEGER),
        "scale_factor": Column("source.scale_factor", INTEGER),
        "viewport_width": Column("source.viewport_width", INTEGER),
        "viewport_height": Column("source.viewport_height", INTEGER),
        "pointer_target_fixed": Column("source.pointer_target_fixed", Type("Boolean", nullable=False)),
        "current_url": Column("source.current_url", STRING),
        "type": Column("source.type", STRING),
    },
)

TABLES = (
    RECORDINGS,
    RAW_RECORDINGS,
    _log_entries("log_entries"),
    _log_entries("console_logs_log_entries", "session_replay"),
    _log_entries("batch_export_log_entries", "batch_exports"),
    HEATMAPS,
)
