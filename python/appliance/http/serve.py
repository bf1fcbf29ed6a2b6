"""Granian inside our own event loop: one worker process, one listening socket shared by port.

Each worker binds the same address with SO_REUSEPORT, so workers start, die and are replaced one by one under the
supervisor without a parent that holds the socket.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from granian.constants import Interfaces
from granian.server.embed import Server


async def serve(
    application: Any,
    *,
    host: str,
    port: int,
    ready: Callable[[], None],
    drain: Callable[[], Awaitable[None]],
) -> None:
    """Serves ``application`` until SIGTERM or SIGINT, then awaits ``drain`` and stops listening.

    ``drain`` runs while requests still arrive: the application answers them as it sees fit (503 for capture).
    """
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stopping.set)
    server = Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        websockets=False,
        log_enabled=False,
        backlog=2048,
    )
    serving = asyncio.create_task(server.serve())
    await _wait_until_listening(host, port, serving)
    ready()
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait({serving, stop}, return_when=asyncio.FIRST_COMPLETED)
    if not serving.done():
        await drain()
        server.stop()  # type: ignore[no-untyped-call]
    await serving


async def _wait_until_listening(host: str, port: int, serving: asyncio.Task[None]) -> None:
    target = "127.0.0.1" if host in ("0.0.0.0", "") else "::1" if host == "::" else host  # noqa: S104
    while not serving.done():
        try:
            _, writer = await asyncio.open_connection(target, port)
        except OSError:
            await asyncio.sleep(0.01)
            continue
        writer.close()
        return
    await serving
