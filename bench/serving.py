"""A whole appliance in a folder of its own, and a bare Granian beside it, for as long as a question takes."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.free_port import free_port

HOGLET = [sys.executable, "-m", "appliance.cli"]
STOP_S = 60
READY_S_MAX = 60
# The least that Granian can do with a request: read it, answer 200.
BARE = """
import sys, uvloop
from granian.constants import Interfaces
from granian.server.embed import Server
async def bare(scope, protocol):
    await protocol()
    protocol.response_bytes(200, [("content-type", "application/json")], b'{"status":"Ok"}')
uvloop.run(Server(bare, address="127.0.0.1", port=int(sys.argv[1]), interface=Interfaces.RSGI,
                  websockets=False, log_enabled=False, backlog=2048).serve())
"""


@dataclass
class Appliance:
    process: subprocess.Popen[str]
    port: int
    token: str
    key: str
    folder: Path
    ready_after_s: float

    def processes(self) -> dict[str, list[int]]:
        """Kind of process → ids: the supervisor, the workers, the engine."""
        found: dict[str, list[int]] = {"supervisor": [self.process.pid], "worker": [], "engine": []}
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            command = Path(f"/proc/{child}/cmdline").read_text()
            for kind in ("worker", "engine"):
                if f"appliance.{kind}" in command:
                    found[kind].append(int(child))
        return found

    @contextmanager
    def engine_paused(self) -> Iterator[None]:
        """Capture alone: the journal grows and nothing is ingested."""
        engines = self.processes()["engine"]
        for engine in engines:
            os.kill(engine, signal.SIGSTOP)
        try:
            yield
        finally:
            for engine in engines:
                os.kill(engine, signal.SIGCONT)


@contextmanager
def appliance(folder: str, workers: int) -> Iterator[Appliance]:
    port = free_port()
    environment = {
        **os.environ,
        "HOGLET_DATA_DIR": folder,
        "HOGLET_PORT": str(port),
        "HOGLET_WORKERS": str(workers),
        "HOGLET_LOG_LEVEL": "error",
    }
    started = time.perf_counter()
    process = subprocess.Popen([*HOGLET, "serve"], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        line = _first_line(process)
        ready_after_s = time.perf_counter() - started
        if not line.startswith("ready "):
            raise RuntimeError(f"the appliance did not start: {line!r}")
        first = json.loads(subprocess.check_output([*HOGLET, "bootstrap", "--json"], env=environment))
        yield Appliance(
            process, port, first["project_token"], first["personal_api_key"], Path(folder), ready_after_s
        )
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_S)


def _first_line(process: subprocess.Popen[str]) -> str:
    """What the appliance prints first, or nothing where it does not become ready in time."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], READY_S_MAX)
    return process.stdout.readline() if ready else ""


@contextmanager
def bare_granian(processes: int) -> Iterator[int]:
    """The port of ``processes`` bare Granians that share it."""
    port = free_port()
    running = [subprocess.Popen([sys.executable, "-c", BARE, str(port)]) for _ in range(processes)]
    try:
        _wait_until_it_listens(port)
        yield port
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(STOP_S)


def _wait_until_it_listens(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                time.sleep(0.5)  # the other processes of the same port
                return
        time.sleep(0.05)
    raise RuntimeError("the bare server does not listen")
