"""What capture needs to know of the catalog, held in memory by every http worker.

Promises:
- A committed change is in every worker within a poll (`snapshot_poll_ms`) and one load.
- While the catalog does not answer, the last known snapshot stands, across a restart too: each new one is
  written to `snapshot.json`, and a worker that starts with the catalog down begins from that copy.
- Looking for changes is one single-row query; the rest is read only when the counter or the month has moved.
"""

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, select

from appliance.catalog import changes
from appliance.catalog.connect import reading
from appliance.catalog.model import SCOPES, Quota, project, project_quota, usage
from appliance.config import Config
from appliance.failures import CatalogUnavailable
from appliance.private_files import write_private

_log = logging.getLogger(__name__)
FORMAT = 2


@dataclass(frozen=True, slots=True)
class ProjectSnapshot:
    id: int
    token: str
    name: str = ""
    timezone: str = "UTC"
    exceeded: int = 0
    """Bits of `Quota` that this month's usage has reached."""
    anonymize_ips: bool = False
    heatmaps_opt_in: bool = True
    cookieless_mode: int = 0
    person_processing_opt_out: bool = False
    drop_events_older_than_s: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All projects as of one version of the catalog."""

    version: int
    month: str
    projects: tuple[ProjectSnapshot, ...]
    by_token: Mapping[str, ProjectSnapshot] = field(init=False, repr=False, compare=False)
    by_id: Mapping[int, ProjectSnapshot] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_token", {one.token: one for one in self.projects})
        object.__setattr__(self, "by_id", {one.id: one for one in self.projects})

    def to_json(self) -> str:
        projects = [asdict(one) for one in self.projects]
        return json.dumps(
            {"format": FORMAT, "version": self.version, "month": self.month, "projects": projects}
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Raises ValueError for anything that `to_json` did not write."""
        document = json.loads(text)
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise ValueError(f"not a snapshot of format {FORMAT}")
        try:
            projects = tuple(ProjectSnapshot(**one) for one in document["projects"])
            return cls(version=document["version"], month=document["month"], projects=projects)
        except (KeyError, TypeError) as error:
            raise ValueError(f"a broken snapshot: {error}") from error


EMPTY = Snapshot(version=-1, month="", projects=())


def month_of(seconds: float) -> str:
    """The month that usage is counted in, `2026-02`, by UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m")


def load_snapshot(connection: Connection, month: str) -> Snapshot:
    version = changes.version(connection)
    exceeded = exceeded_quotas(connection, month)
    names = [column for column in project.c if column.name in _PROJECT_FIELDS]
    rows = connection.execute(select(*names).order_by(project.c.id)).mappings()
    projects = tuple(ProjectSnapshot(**row, exceeded=exceeded.get(row["id"], 0)) for row in rows)
    return Snapshot(version=version, month=month, projects=projects)


_PROJECT_FIELDS = frozenset(ProjectSnapshot.__dataclass_fields__)


def exceeded_quotas(connection: Connection, month: str) -> dict[int, int]:
    """Project to the bits of the quotas that its usage of the month has reached."""
    counted = (
        (usage.c.project_id == project_quota.c.project_id)
        & (usage.c.scope == project_quota.c.scope)
        & (usage.c.month == month)
    )
    reached = project_quota.outerjoin(usage, counted)
    rows = connection.execute(
        select(
            project_quota.c.project_id, project_quota.c.scope, project_quota.c.limit_per_month, usage.c.count
        ).select_from(reached)
    )
    exceeded: dict[int, int] = {}
    for project_id, scope, limit, count in rows:
        if (count or 0) >= limit:
            exceeded[project_id] = exceeded.get(project_id, 0) | SCOPES.get(scope, Quota(0))
    return exceeded


class SnapshotKeeper:
    """Holds `current` and follows the catalog. One per process; `start` a thread or `await follow()`."""

    def __init__(
        self,
        engine: Engine,
        path: Path,
        poll_s: float = 0.5,
        on_change: Callable[[Snapshot], None] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._engine = engine
        self._path = path
        self._poll_s = poll_s
        self._on_change = on_change
        self._now = now
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.current = EMPTY
        self.reachable = False

    @classmethod
    def of(cls, engine: Engine, config: Config, on_change: Callable[[Snapshot], None] | None = None) -> Self:
        return cls(engine, config.snapshot_path, config.snapshot_poll_ms / 1000, on_change)

    def open(self) -> Snapshot:
        """The first snapshot: the catalog's, else the last known. Raises where there is neither."""
        if not self.refresh() and not self._recall():
            raise CatalogUnavailable("the catalog does not answer and no last known snapshot is kept")
        return self.current

    def refresh(self) -> bool:
        """Look once; whether the catalog answered. `current` and `on_change` follow if something moved."""
        month = month_of(self._now())
        try:
            with reading(self._engine) as connection:
                known = (changes.version(connection), month) == (self.current.version, self.current.month)
                snapshot = self.current if self.reachable and known else load_snapshot(connection, month)
        except CatalogUnavailable as error:
            if self.reachable:
                _log.warning("%s; the last known snapshot stands", error)
            self.reachable = False
            return False
        self.reachable = True
        if snapshot != self.current:
            self._keep(snapshot)
        return True

    async def follow(self) -> None:
        """Refresh until cancelled, the database work in a thread beside the loop."""
        while True:
            await asyncio.sleep(self._poll_s)
            await asyncio.to_thread(self._refresh_safely)

    def start(self) -> None:
        """Refresh in a thread until `stop`."""
        self._thread = threading.Thread(target=self._run, name="catalog-snapshot", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._poll_s):
            self._refresh_safely()

    def _refresh_safely(self) -> None:
        try:
            self.refresh()
        except Exception:  # noqa: BLE001 - a poll that fails must not end the polling
            _log.exception("could not refresh the snapshot; the last known one stands")

    def _keep(self, snapshot: Snapshot) -> None:
        self.current = snapshot
        if self._on_change is not None:
            self._on_change(snapshot)
        try:
            write_private(self._path, snapshot.to_json())
        except OSError as error:
            _log.warning("could not keep the snapshot at %s: %s", self._path, error)

    def _recall(self) -> bool:
        try:
            snapshot = Snapshot.from_json(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            _log.warning("no last known snapshot at %s: %s", self._path, error)
            return False
        self.current = snapshot
        if self._on_change is not None:
            self._on_change(snapshot)
        return True
