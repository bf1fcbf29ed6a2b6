"""Load on loopback: as much as fits (`saturate`), or so many requests a second whatever the answers do (`pace`)."""

from __future__ import annotations

import json
import re
import select
import shutil
import socket
import subprocess
import tempfile
import time
from collections import deque
from pathlib import Path
from typing import Any
from urllib.request import urlopen

WRK = shutil.which("wrk")
_WRK_SCRIPT = """
local file = io.open("%s", "rb")
wrk.method, wrk.path, wrk.body = "POST", "%s", file:read("*a")
wrk.headers["Content-Type"] = "application/json"
file:close()
"""
CONNECTIONS_MAX = 512
SECONDS_MAX = 60.0
_DONE = b'{"status":"Ok"}'
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def generator() -> str:
    return "wrk" if WRK else "one Python thread"


def saturate(
    port: int,
    path: str,
    body: bytes,
    *,
    connections: int = 128,
    seconds: float = 1.0,
    told: bytes = _DONE,
) -> float:
    """Answers a second with ``connections`` that each send again once they are answered. All must be 200."""
    connections, seconds = min(connections, CONNECTIONS_MAX), min(seconds, SECONDS_MAX)
    if WRK is None:
        return _Connections(port, path, body, connections, told).saturate(seconds)
    with tempfile.TemporaryDirectory() as folder:
        body_path, script = Path(folder, "body"), Path(folder, "post.lua")
        body_path.write_bytes(body)
        script.write_text(_WRK_SCRIPT % (body_path, path))
        command = [WRK, "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "-s", str(script)]
        report = subprocess.check_output([*command, f"http://127.0.0.1:{port}/"], text=True)
    if "Non-2xx" in report or (found := re.search(r"Requests/sec:\s+([\d.]+)", report)) is None:
        raise RuntimeError(f"not every request was answered with 200: {report}")
    return float(found.group(1))


def pace(
    port: int,
    path: str,
    body: bytes,
    *,
    a_second: int,
    seconds: float,
    connections: int = 64,
    told: bytes = _DONE,
) -> list[float]:
    """Seconds from when each request was due to its answer, sorted.

    Requests are due at fixed moments whether or not earlier ones are answered, and time spent waiting for a free
    connection counts: a server that stalls cannot hide it by making the load wait. Each answer is a 200 that has
    ``told`` in it.
    """
    count = int(a_second * min(seconds, SECONDS_MAX))
    return _Connections(port, path, body, min(connections, CONNECTIONS_MAX), told).pace(a_second, count)


def send(port: int, path: str, body: bytes, *, requests: int, connections: int = 8) -> None:
    """So many requests, each answered with 200, as fast as ``connections`` carry them."""
    _Connections(port, path, body, connections).send(requests)


def health(port: int) -> dict[str, Any]:
    with urlopen(f"http://127.0.0.1:{port}/_health", timeout=10) as answer:
        told: dict[str, Any] = json.load(answer)
    return told


class _Connections:
    """Connections kept alive, driven by one thread that looks at all of them."""

    def __init__(self, port: int, path: str, body: bytes, count: int, told: bytes = _DONE) -> None:
        self._told = told
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        self._request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        self._sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
        self._poll = select.epoll()
        self._by_number = {one.fileno(): one for one in self._sockets}
        self._read: dict[int, bytes] = dict.fromkeys(self._by_number, b"")
        for one in self._sockets:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._poll.register(one.fileno(), select.EPOLLIN)

    def pace(self, a_second: int, count: int) -> list[float]:
        free = deque(self._by_number)
        due_of: dict[int, float] = {}
        latencies: list[float] = []
        sent, start = 0, time.perf_counter() + 0.05
        while len(latencies) < count:
            now = time.perf_counter()
            while sent < count and free and (due := start + sent / a_second) <= now:
                number = free.popleft()
                due_of[number] = due
                self._by_number[number].sendall(self._request)
                sent += 1
            for number in self._answered(0 if sent < count else 1):
                latencies.append(time.perf_counter() - due_of.pop(number))
                free.append(number)
            if now > start + count / a_second + 30:
                raise RuntimeError("the server does not keep up at all")
        self._close()
        return sorted(latencies)

    def saturate(self, seconds: float) -> float:
        done, started = 0, time.perf_counter()
        for one in self._sockets:
            one.sendall(self._request)
        while (took := time.perf_counter() - started) < seconds:
            for number in self._answered(1):
                done += 1
                self._by_number[number].sendall(self._request)
        self._close()
        return done / took

    def send(self, requests: int) -> None:
        sent, done = 0, 0
        free = deque(self._by_number)
        while done < requests:
            while free and sent < requests:
                self._by_number[free.popleft()].sendall(self._request)
                sent += 1
            answered = self._answered(1)
            free.extend(answered)
            done += len(answered)
        self._close()

    def _answered(self, timeout_s: float) -> list[int]:
        answered = []
        for number, _ in self._poll.poll(timeout_s):
            piece = self._by_number[number].recv(1 << 18)
            answer = self._read[number] + piece
            if piece and not _is_whole(answer):
                self._read[number] = answer
                continue
            self._read[number] = b""
            if not answer.startswith(b"HTTP/1.1 200") or self._told not in answer:
                raise RuntimeError(f"answered {answer[:200]!r}")
            answered.append(number)
        return answered

    def _close(self) -> None:
        self._poll.close()
        for one in self._sockets:
            one.close()


def _is_whole(answer: bytes) -> bool:
    head, found, body = answer.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return bool(found) and length is not None and len(body) >= int(length.group(1))
