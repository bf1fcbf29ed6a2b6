"""Queries that run in the background, on disk, so that any worker can tell how they are and end them.

Promises:
- A status is read whole or not at all.
- A run whose worker died is told as failed, not as running for ever: its worker holds a lock on it as long as it
  works, and the kernel lets go of the lock when the worker ends.
- A run is forgotten a day after it began, or when there are more than `runs_max`.

Layout: `DATA/queries/runs/<project>/<id>.json` holds the status as PostHog's API shows it, `<id>.lock` is the lock, and
`<id>.cancelled` says that somebody asked for its end.
"""

import fcntl
import os
import re
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypedDict

import orjson

from appliance.failures import Conflict, Invalid

_KEPT_S = 86_400
_RUNS_MAX = 2_000
_SWEEP_EVERY = 64
# A file's time is that of the kernel's last tick.
_FILE_CLOCK_LAGS_S = 0.05
_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
INTERRUPTED = "The query was interrupted because its worker stopped. Run it again."
CANCELLED = "Query was cancelled."


class Status(TypedDict):
    """As PostHog's API shows it."""

    id: str
    team_id: int
    insight_id: int | None
    dashboard_id: int | None
    query_async: bool
    complete: bool
    error: bool
    error_message: str | None
    results: Any
    start_time: str | None
    pickup_time: str | None
    end_time: str | None
    expiration_time: str | None
    task_id: str | None
    query_progress: dict[str, Any] | None
    labels: list[str] | None


class Run:
    """One background query, from the side of the worker that runs it."""

    def __init__(self, runs: "Runs", lock: int, status: Status) -> None:
        self._runs = runs
        self._lock = lock
        self.status = status

    def pick_up(self) -> None:
        self.status["pickup_time"] = _now()
        self._runs.write(self.status)

    def finish(self, results: Any) -> None:
        self._end(results, None)

    def fail(self, message: str) -> None:
        self._end(None, message)

    @property
    def cancelled(self) -> bool:
        return self._runs.is_cancelled(self.status["team_id"], self.status["id"])

    def _end(self, results: Any, error: str | None) -> None:
        self.status |= {
            "complete": True,
            "error": error is not None,
            "error_message": error,
            "results": results,
            "end_time": _now(),
        }
        try:
            self._runs.write(self.status)
        finally:
            os.close(self._lock)


class Runs:
    """Shared by all threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written = 0

    def begin(self, project_id: int, id_: str, labels: list[str] | None = None) -> Run:
        """Raises `Conflict` when a run of this id has not ended yet."""
        folder = self._folder / str(project_id)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(project_id, id_, "lock")
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise Conflict(f"query {id_} is already running") from None
        self._path(project_id, id_, "cancelled").unlink(missing_ok=True)
        began = datetime.now(UTC)
        status: Status = {
            "id": id_,
            "team_id": project_id,
            "insight_id": None,
            "dashboard_id": None,
            "query_async": True,
            "complete": False,
            "error": False,
            "error_message": None,
            "results": None,
            "start_time": began.isoformat(),
            "pickup_time": None,
            "end_time": None,
            "expiration_time": (began + timedelta(seconds=_KEPT_S)).isoformat(),
            "task_id": None,
            "query_progress": None,
            "labels": labels,
        }
        self.write(status)
        self._sweep_sometimes()
        return Run(self, lock, status)

    def get(self, project_id: int, id_: str) -> Status | None:
        status = self._read(project_id, id_)
        if status is not None and not status["complete"] and not self._is_held(project_id, id_):
            # Between the two looks it may have ended well.
            status = self._read(project_id, id_)
            if status is not None and not status["complete"]:
                status |= {"complete": True, "error": True, "error_message": INTERRUPTED}
        return status

    def cancel(self, project_id: int, id_: str) -> None:
        path = self._path(project_id, id_, "cancelled")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._sweep_sometimes()

    def is_cancelled(self, project_id: int, id_: str, since: float = 0.0) -> bool:
        """With `since` what was cancelled before does not count: an id may be used again."""
        try:
            noted_at = self._path(project_id, id_, "cancelled").stat().st_mtime
        except FileNotFoundError:
            return False
        return noted_at >= since - _FILE_CLOCK_LAGS_S

    def write(self, status: Status) -> None:
        path = self._path(status["team_id"], status["id"], "json")
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(orjson.dumps(status))
            Path(temporary).replace(path)
        finally:
            Path(temporary).unlink(missing_ok=True)

    def _sweep_sometimes(self) -> None:
        self._written += 1
        if self._written % _SWEEP_EVERY == 1:
            self.sweep()

    def sweep(self) -> None:
        found = []
        for path in self._folder.glob("*/*"):
            with suppress(OSError):
                found.append((path.stat().st_mtime, path))
        found.sort(reverse=True)
        old = time.time() - _KEPT_S
        for number, (changed_at, path) in enumerate(found):
            if changed_at < old or number >= 3 * _RUNS_MAX:
                path.unlink(missing_ok=True)

    def _read(self, project_id: int, id_: str) -> Status | None:
        try:
            status: Status = orjson.loads(self._path(project_id, id_, "json").read_bytes())
        except (OSError, ValueError):
            return None
        return status

    def _is_held(self, project_id: int, id_: str) -> bool:
        try:
            lock = os.open(self._path(project_id, id_, "lock"), os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(lock)
        return False

    def _path(self, project_id: int, id_: str, kind: str) -> Path:
        return self._folder / str(project_id) / f"{checked_id(id_)}.{kind}"


def checked_id(id_: str) -> str:
    """The id of a query as its caller chose it; it becomes part of a file's name."""
    if not _ID.fullmatch(id_):
        raise Invalid("client_query_id may have 1 to 128 letters, digits, - and _", attr="client_query_id")
    return id_


def _now() -> str:
    return datetime.now(UTC).isoformat()
