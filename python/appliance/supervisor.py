"""Keeps the appliance's processes alive: N http workers and one engine, each replaced when it dies.

Promises:
- A process that dies is started again at once; one that keeps dying is started again after a growing pause, never
  given up on: the others go on working without it.
- SIGTERM or SIGINT stops every process in order (workers first, so that nothing new is accepted; then the engine) and
  waits for them; one that does not end in time is killed.
- When the supervisor itself is killed, its processes notice (the lifeline pipe closes) and end.
- It imports nothing heavy, so that it stays small beside the processes it watches.
"""

from __future__ import annotations

import logging
import math
import os
import select
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

# How often the supervisor looks whether its processes live, and how soon a dead one is noticed.
_TICK_S = 0.05
# A process that lived this long is healthy again: its next restart is immediate.
_HEALTHY_AFTER_S = 10.0
_PAUSE_S_FIRST = 0.1
_PAUSE_S_MAX = 5.0


@dataclass
class Child:
    """One process that must run, and its history."""

    name: str
    command: list[str]
    stop_timeout_s: float
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_after: float = 0.0
    pause_s: float = 0.0
    ready: threading.Event = field(default_factory=threading.Event)
    ready_fd: int = -1


class Supervisor:
    """Runs ``children`` with ``environment`` until stopped."""

    def __init__(self, children: list[Child], environment: dict[str, str]) -> None:
        self._children = children
        self._environment = environment
        self._stopping = threading.Event()
        self._lifeline_read, self._lifeline_write = os.pipe()

    def stop(self) -> None:
        """Asks ``run`` to end; safe in a signal handler."""
        self._stopping.set()

    def run(self) -> None:
        """Looks after the children until ``stop``, then stops them."""
        while not self._stopping.wait(_TICK_S):
            for child in self._children:
                self._look_after(child)
        self._stop_all()

    def start(self) -> None:
        """Starts every child once, without waiting."""
        for child in self._children:
            self._start(child)

    def wait_until_ready(self, names: set[str], limit_s: float = math.inf) -> bool:
        """Looks after all children until the named ones are ready, or time is up; False if stopped before."""
        deadline = time.monotonic() + limit_s
        while not self._stopping.wait(_TICK_S):
            for child in self._children:
                self._look_after(child)
            ready = all(child.ready.is_set() for child in self._children if child.name in names)
            if ready or time.monotonic() > deadline:
                return True
        return False

    def _look_after(self, child: Child) -> None:
        if child.process is None:
            if time.monotonic() >= child.start_after:
                self._start(child)
            return
        code = child.process.poll()
        if code is None:
            self._read_ready(child)
            return
        lived_s = time.monotonic() - child.started_at
        if lived_s >= _HEALTHY_AFTER_S:
            child.pause_s = 0.0
        log.error(
            "%s ended with %s after %.1f s; starting it again in %.1f s",
            child.name,
            code,
            lived_s,
            child.pause_s,
        )
        child.process = None
        child.start_after = time.monotonic() + child.pause_s
        child.pause_s = min(max(child.pause_s * 2, _PAUSE_S_FIRST), _PAUSE_S_MAX)

    def _start(self, child: Child) -> None:
        if child.ready_fd >= 0:
            os.close(child.ready_fd)
        child.ready.clear()
        child.ready_fd, ready_write = os.pipe()
        os.set_blocking(child.ready_fd, False)
        child.process = subprocess.Popen(  # noqa: S603 - our own modules
            [sys.executable, "-m", *child.command],
            env={
                **self._environment,
                READY_VARIABLE: str(ready_write),
                LIFELINE_VARIABLE: str(self._lifeline_read),
            },
            stdin=subprocess.DEVNULL,
            pass_fds=(ready_write, self._lifeline_read),
        )
        os.close(ready_write)
        child.started_at = time.monotonic()
        log.info("%s started as process %d", child.name, child.process.pid)

    def _read_ready(self, child: Child) -> None:
        if child.ready.is_set() or not select.select([child.ready_fd], [], [], 0)[0]:
            return
        if os.read(child.ready_fd, 1):
            child.ready.set()

    def _stop_all(self) -> None:
        workers = [child for child in self._children if child.name != ENGINE]
        engine = [child for child in self._children if child.name == ENGINE]
        for group in (workers, engine):
            _stop(group)
        os.close(self._lifeline_write)
        os.close(self._lifeline_read)


ENGINE = "engine"
READY_VARIABLE = "HOGLET_INTERNAL_READY_FD"
LIFELINE_VARIABLE = "HOGLET_INTERNAL_LIFELINE_FD"


def _stop(children: list[Child]) -> None:
    running = [(child, child.process) for child in children if child.process is not None]
    for _, process in running:
        if process.poll() is None:
            process.terminate()
    for child, process in running:
        try:
            process.wait(child.stop_timeout_s)
        except subprocess.TimeoutExpired:
            log.error("%s did not stop in %.0f s and is killed", child.name, child.stop_timeout_s)  # noqa: TRY400
            process.kill()
            process.wait()


def tell_ready() -> None:
    """In a child: tells the supervisor that this process does its work now."""
    descriptor = os.environ.pop(READY_VARIABLE, "")
    if descriptor:
        os.write(int(descriptor), b"1")
        os.close(int(descriptor))


def follow_lifeline() -> None:
    """In a child: asks this process to end (SIGTERM) when the supervisor is gone."""
    descriptor = os.environ.pop(LIFELINE_VARIABLE, "")
    if not descriptor:
        return

    def wait() -> None:
        os.read(int(descriptor), 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="lifeline", daemon=True).start()
