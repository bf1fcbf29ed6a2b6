"""The catalog: the relational facts beside the store of events.

Projects, people who sign in, keys, quotas, persons and groups, definitions, and how far ingest has come. It
is SQLite in the data folder, or PostgreSQL by URL; `model.py` has the tables, `resources.py` those of what
people make (insights, dashboards, cohorts, …), `feature_flags.py` those of flags, `accounts.py` those of
signing in, `error_tracking.py` those of releases and symbol sets, `error_issues.py` those of issues,
`migrations/` their history.
Workers that answer the public do not ask it on each request: they hold a `Snapshot` which follows changes
within a second and outlives an outage.
"""

from appliance.catalog import accounts, error_issues, error_tracking, feature_flags, resources
from appliance.catalog.connect import connect, insert, reading, writing
from appliance.catalog.migrate import is_current, upgrade
from appliance.catalog.snapshot import ProjectSnapshot, Snapshot, SnapshotKeeper, load_snapshot

__all__ = [
    "ProjectSnapshot",
    "Snapshot",
    "SnapshotKeeper",
    "accounts",
    "connect",
    "error_issues",
    "error_tracking",
    "feature_flags",
    "insert",
    "is_current",
    "load_snapshot",
    "reading",
    "resources",
    "upgrade",
    "writing",
]
