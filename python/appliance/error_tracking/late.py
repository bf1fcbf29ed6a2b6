"""Frames that waited for their symbols are resolved anew when these come, so that old stacks show their source, too.

A set with frames that wait is marked (`symbol_sets.mark_for_renewal`) in the transaction that makes it necessary: its
upload was finished, or frames were kept before its symbols could be opened. Here its frames are resolved from what was
sent, which is kept with them. What is done twice comes to the same.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Engine, RowMapping, select

from appliance._native import stacks
from appliance.accounts.keys import now_us
from appliance.catalog import reading, writing
from appliance.catalog.error_tracking import symbol_set
from appliance.error_tracking.frames import frames_of_set, remove_hidden
from appliance.error_tracking.symbols import SymbolFinder

log = logging.getLogger(__name__)

_SETS_AT_A_TIME = 100
_FRAMES_AT_A_TIME = 200
_WAIT_S = 60.0
_NOBODY = uuid.UUID(int=0).bytes
_columns = symbol_set.c


class Late:
    """Used by one thread of the engine."""

    def __init__(self, catalog: Engine, finder: SymbolFinder) -> None:
        self._catalog = catalog
        self._finder = finder

    def look(self) -> int:
        """How many sets had frames that waited. Ends at the first whose symbols cannot be had now: where files are kept
        may be away, and each that is put off is a write.
        """
        marked = select(symbol_set).where(
            _columns.upload_started_at.is_not(None), _columns.content_hash.is_not(None)
        )
        with reading(self._catalog) as connection:
            ordered = marked.order_by(_columns.upload_started_at).limit(_SETS_AT_A_TIME)
            rows = connection.execute(ordered).mappings().all()
        for row in rows:
            if not self._renew(row):
                break
        return len(rows)

    def _renew(self, row: RowMapping) -> bool:
        """False if its symbols cannot be had yet."""
        after: uuid.UUID | None = None
        frames = 0
        while some := frames_of_set(self._catalog, row["id"], after, _FRAMES_AT_A_TIME):
            after = some[-1].id
            if not self._resolve(row, [one.contents for one in some]):
                # Not now: others first.
                self._mark(row, now_us())
                return False
            frames += len(some)
        if self._mark(row, None):
            log.info("%d frames were resolved anew with the symbols of %s", frames, row["ref"][:200])
        return True

    def _resolve(self, row: RowMapping, contents: Sequence[Any]) -> bool:
        """False if the symbols cannot be had yet."""
        project_id, properties = row["project_id"], _event(row["ref"], contents)
        [(needs, _)] = stacks.needs([properties])
        if not needs:
            return True
        found, is_final = self._finder.find_finally(project_id, needs, _WAIT_S)
        if not is_final:
            return False
        [(resolved, _)] = stacks.resolve([(properties, _NOBODY, 0, found)], frozenset())
        if resolved is not None:
            self._finder.save_frames(project_id, resolved.records, is_renewed=True)
        return True

    def _mark(self, row: RowMapping, at: int | None) -> bool:
        """Unless it was marked anew meanwhile. None: nothing waits any more."""
        unchanged = [
            _columns[name] == row[name] for name in ("id", "upload_id", "content_hash", "upload_started_at")
        ]
        with writing(self._catalog) as connection:
            marked = symbol_set.update().where(*unchanged).values(upload_started_at=at)
            is_done = connection.execute(marked).rowcount > 0
            if is_done and at is None:
                # What could not be resolved from what is kept of it: the next event brings it again.
                remove_hidden(connection, row["id"])
        return is_done


def _event(ref: str, contents: Sequence[Any]) -> str:
    """Properties of an event of these frames as they were sent, each in an exception of its own."""
    sent = {orjson.dumps(raw): raw for one in contents if (raw := _raw(one)) is not None}
    exceptions = [{"type": "Error", "stacktrace": {"type": "raw", "frames": [raw]}} for raw in sent.values()]
    addresses = {raw["image_addr"] for raw in sent.values() if isinstance(raw.get("image_addr"), str)}
    images = [{"debug_id": ref, "image_addr": address} for address in sorted(addresses)]
    return orjson.dumps({"$exception_list": exceptions, "$debug_images": images}).decode()


def _raw(contents: Any) -> Mapping[str, Any] | None:
    drawer = contents.get("junk_drawer") if isinstance(contents, dict) else None
    raw = drawer.get("raw_frame") if isinstance(drawer, dict) else None
    return raw if isinstance(raw, dict) else None
