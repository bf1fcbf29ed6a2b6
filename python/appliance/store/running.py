"""The statements under way, so that they can be stopped by their id or because nobody waits for them."""

import select
import socket
import threading
import time
from collections.abc import Callable

from appliance.store.engine import Engine
from appliance.store.problem import problem

_WATCH_S = 0.2


class Running:
    """The statements under way: by the client's query id, and by the socket that waits for them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._by_tag: dict[str, tuple[str, str, socket.socket | None]] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="store-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, patience_s: float = 10.0) -> None:
        """Kills what runs until nothing does."""
        until = time.monotonic() + patience_s
        while time.monotonic() < until and self._by_tag:
            self.kill(lambda _user, _query_id: True)
            time.sleep(0.05)
        self._stopped.set()
        self._thread.join()

    def begin(self, tag: str, user: str, query_id: str) -> None:
        with self._lock:
            if any(query_id == other for _, other, _ in self._by_tag.values()):
                raise problem(216, "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING", f"Query {query_id} is running")
            self._by_tag[tag] = (user, query_id, None)

    def watch(self, tag: str, waiting: socket.socket) -> None:
        """From now on the statement is for this socket alone."""
        with self._lock:
            user, query_id, _ = self._by_tag[tag]
            self._by_tag[tag] = (user, query_id, waiting)

    def end(self, tag: str) -> None:
        with self._lock:
            self._by_tag.pop(tag, None)

    def kill(self, wanted: Callable[[str, str], bool]) -> list[str]:
        with self._lock:
            tags = [tag for tag, (user, query_id, _) in self._by_tag.items() if wanted(user, query_id)]
        for tag in tags:
            self._engine.kill(tag)
        return tags

    def _watch(self) -> None:
        while not self._stopped.wait(_WATCH_S):
            with self._lock:
                waiting = [(tag, one) for tag, (_, _, one) in self._by_tag.items() if one is not None]
            for tag, one in waiting:
                if _hung_up(one):
                    self._engine.kill(tag)


def _hung_up(waiting: socket.socket) -> bool:
    try:
        poll = select.poll()
        poll.register(waiting, select.POLLIN)
        if not poll.poll(0):
            return False
        return waiting.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except (OSError, ValueError):
        return True
