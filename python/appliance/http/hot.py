"""The first thing a request meets: a dictionary from path to handler, compiled by Cython where it was built.

The module is plain Python. ``make setup`` compiles it in place (see ``config/hot_modules.txt``); without the compiled
twin the same source runs, slower. ``bench/dispatch.py`` measures one against the other.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Handler = Callable[[Any, Any], Awaitable[None]]

log = logging.getLogger(__name__)


class Dispatch:
    """An RSGI application: hot paths by exact match, everything else to ``other``.

    A hot handler answers its own failures. One of ``other`` costs its request a 500 and nothing more.
    """

    def __init__(self, hot: Mapping[str, Handler], other: Handler) -> None:
        self._handlers = dict(hot)
        self._other = other

    def __rsgi__(self, scope: Any, protocol: Any) -> Awaitable[None]:
        # Not a coroutine itself: what a handler returns is awaited by the server, with nothing between.
        if scope.proto == "http":
            handler = self._handlers.get(scope.path)
            if handler is not None:
                return handler(scope, protocol)
        return self._answer_other(scope, protocol)

    async def _answer_other(self, scope: Any, protocol: Any) -> None:
        if scope.proto != "http":
            protocol.close(404)
            return
        try:
            await self._other(scope, protocol)
        except Exception:
            log.exception("a request to %s failed", scope.path)
            try:
                protocol.response_str(
                    500, [("content-type", "text/plain; charset=utf-8")], "internal error, please retry"
                )
            except RuntimeError:
                # The handler had answered before it failed.
                return
