"""Every project's flags, compiled, in the memory of every http worker.

Promises:
- A committed change is in every worker within a poll of the catalog's snapshot and one load. Only projects whose
  document has changed are compiled anew.
- While the catalog does not answer, what was last known stands, across a restart too: it is kept in a private file.
  Flags that were never known are not taken for none: who asks is told to come again.
- A project whose document is refused keeps its last flags and stops no other.
- A flag set that is replaced is handed to `on_replaced`, for what it still has to tell.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from appliance._native import flags as native
from appliance.catalog.connect import reading
from appliance.catalog.snapshot import ProjectSnapshot, Snapshot
from appliance.failures import CatalogUnavailable
from appliance.flags.definitions import NOTHING, Definitions, from_text, load, to_text
from appliance.private_files import write_private

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class ProjectFlags:
    """One project as requests meet it. The same object for as long as nothing about it has changed."""

    project: ProjectSnapshot
    definitions: Definitions
    document: bytes
    flag_set: native.FlagSet | None
    """None where the document was refused and no earlier one is known, or nothing is."""
    is_known: bool = True
    """Whether `definitions` are the project's; otherwise nobody could tell them yet."""


@dataclass(frozen=True, slots=True, eq=False)
class Current:
    """All projects at one time."""

    projects: tuple[ProjectFlags, ...] = ()
    by_token: Mapping[str, ProjectFlags] = field(init=False, repr=False)
    by_id: Mapping[int, ProjectFlags] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_token", {one.project.token: one for one in self.projects})
        object.__setattr__(self, "by_id", {one.project.id: one for one in self.projects})


class Keeper:
    """Holds `current`. One per http worker; `take` is called with each new snapshot, in whatever thread."""

    def __init__(
        self, catalog: Engine, path: Path, on_replaced: Callable[[native.FlagSet], None] = lambda _: None
    ) -> None:
        self._catalog = catalog
        self._path = path
        self._on_replaced = on_replaced
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._definitions: dict[int, Definitions] | None = None
        self._is_behind = False
        self.current = Current()

    def take(self, snapshot: Snapshot, *, is_recalled: bool) -> None:
        """A new snapshot, from the catalog or, `is_recalled`, from the file of the last known one."""
        with self._lock:
            self._snapshot = snapshot
            if is_recalled:
                self._is_behind = True
                self._definitions = self._recall()
                self._compile()
            else:
                self._load()

    async def follow(self, poll_s: float, is_reachable: Callable[[], bool]) -> None:
        """Makes up for loads that failed, until cancelled."""
        while True:
            await asyncio.sleep(poll_s)
            if self._is_behind and is_reachable():
                await asyncio.to_thread(self._catch_up)

    def _catch_up(self) -> None:
        with self._lock:
            self._load()

    def _load(self) -> None:
        try:
            with reading(self._catalog) as connection:
                found = load(connection)
        except CatalogUnavailable as error:
            if not self._is_behind:
                log.warning("%s; the last known flags stand", error)
            self._fall_behind()
        except Exception:  # the snapshot that brought us here is good, and capture needs it
            if not self._is_behind:
                log.exception("could not load the flags; the last known ones stand")
            self._fall_behind()
        else:
            self._is_behind = False
            if found != self._definitions:
                self._definitions = found
                self._keep(found)
        self._compile()

    def _fall_behind(self) -> None:
        self._is_behind = True
        if self._definitions is None:
            self._definitions = self._recall()

    def _compile(self) -> None:
        if self._snapshot is None:
            return
        before = self.current.by_id
        after = tuple(
            ProjectFlags(project, NOTHING, b"", None, is_known=False)
            if self._definitions is None
            else _compiled(project, self._definitions.get(project.id, NOTHING), before.get(project.id))
            for project in self._snapshot.projects
        )
        kept = {id(one.flag_set) for one in after}
        self.current = Current(after)
        for one in before.values():
            if one.flag_set is not None and id(one.flag_set) not in kept:
                self._on_replaced(one.flag_set)

    def _keep(self, definitions: Mapping[int, Definitions]) -> None:
        try:
            write_private(self._path, to_text(definitions))
        except OSError as error:
            log.warning("could not keep the flags at %s: %s", self._path, error)

    def _recall(self) -> dict[int, Definitions] | None:
        try:
            return from_text(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            log.warning("no last known flags at %s: %s", self._path, error)
            return None


def _compiled(
    project: ProjectSnapshot, definitions: Definitions, before: ProjectFlags | None
) -> ProjectFlags:
    if before is not None and not before.is_known:
        before = None
    if before is not None and before.project == project and before.definitions == definitions:
        return before
    try:
        document = definitions.document(project)
        is_same = before is not None and before.document == document
        flag_set = before.flag_set if before is not None and is_same else native.FlagSet(document)
    except Exception:  # one project must not stop the others
        log.exception("the flags of project %d are not understood; the last known ones stand", project.id)
        document = b"" if before is None else before.document
        flag_set = None if before is None else before.flag_set
    return ProjectFlags(project, definitions, document, flag_set)
