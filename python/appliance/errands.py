"""What the engine looks after beside ingest: each errand in a thread of its own, again and again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from appliance.failures import Unavailable

log = logging.getLogger(__name__)


def run_beside(what: str, every_s: float, look: Callable[[], object], stopping: threading.Event) -> None:
    """Calls `look` after each pause until `stopping`. Nothing that it fails at ends the errand."""
    thread = threading.Thread(target=_run, args=(what, every_s, look, stopping), name=what, daemon=True)
    thread.start()


def _run(what: str, every_s: float, look: Callable[[], object], stopping: threading.Event) -> None:
    while not stopping.wait(every_s):
        try:
            look()
        except Unavailable as failure:
            log.warning("%s: waits, as somebody is away: %s", what, failure)
        except Exception:
            log.exception("%s: failed, and is tried again", what)
