"""Processes killed at any moment lose nothing that was acknowledged, and nothing reaches the store twice."""

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.serving import Load, Serving, assert_each_once, is_dead, wait_until

ROUNDS = 50
_ENGINE_WAIT_S = 2.5
# So many kills are aimed at a block in hand; the others come when they come.
_BLOCKS_IN_HAND = 8
_BLOCKS_IN_HAND_MIN = 3
_BLOCK_WAIT_S = 20
_CLOSE_POLL_S = 0.001
_DEAD_S = 10
_POLL_S = 0.05


@dataclass
class Killed:
    """How often each kind of process was killed, and what the engine was doing then."""

    worker: int = 0
    engine: int = 0
    blocks_in_hand: set[str] = field(default_factory=set)
    """Blocks that a dead engine left planned and perhaps inserted, but not committed: the dangerous window."""


def test_kill_9_at_any_moment_loses_nothing_and_repeats_nothing(serve: Callable[..., Serving]) -> None:
    seed = int(os.environ.get("CRASH_SEED", random.randrange(2**32)))
    print(f"CRASH_SEED={seed}")
    serving = serve()
    serving.turn_merges_off()
    serving.mixes_in_exceptions = True
    load = Load(serving, batches_per_second=40)
    load.start()
    killed = _kill_at_random(serving, random.Random(seed))
    load.stop()
    print(
        f"killed {killed.worker} workers and {killed.engine} engines, {len(killed.blocks_in_hand)} of those at work"
    )
    print(f"{len(load.acknowledged)} of {len(load.sent)} events acknowledged")
    assert min(killed.worker, killed.engine) >= 10
    assert len(killed.blocks_in_hand) >= _BLOCKS_IN_HAND_MIN
    assert len(load.acknowledged) > 1_000
    assert_each_once(serving, load)
    exceptions = (
        'SELECT countIf("mat_$exception_issue_id" = \'\'), uniq("mat_$exception_fingerprint") FROM events'
    )
    [[unlinked, issues]] = serving.ask(f"{exceptions} WHERE event = '$exception'")
    assert (unlinked, issues > 1) == (0, True)
    [[in_catalog]] = serving.catalog("SELECT count(*) FROM error_issue")
    assert in_catalog == issues


def _kill_at_random(serving: Serving, generator: random.Random) -> Killed:
    killed = Killed()
    for _ in range(ROUNDS):
        time.sleep(generator.uniform(0.1, 0.5))
        victims = generator.choice([["worker"], ["worker"], ["engine"], ["worker", "engine"]])
        if "engine" in victims:
            if len(killed.blocks_in_hand) < _BLOCKS_IN_HAND and generator.random() < 0.7:
                _wait_for_a_block(serving, killed.blocks_in_hand)
            else:
                _wait_for_ingest(serving)
                time.sleep(generator.uniform(0, 0.5))
        if "worker" in victims:
            killed.worker += _kill_one(serving, "appliance.worker", generator)
        if "engine" in victims and _kill_one(serving, "appliance.engine", generator):
            killed.engine += 1
            killed.blocks_in_hand.update(_pending(serving))
    return killed


def _kill_one(serving: Serving, module: str, generator: random.Random) -> bool:
    processes = sorted(serving.processes(module))
    if not processes:
        return False
    victim = generator.choice(processes)
    with suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)
    wait_until(lambda: is_dead(victim), _DEAD_S, "a killed process is dead")
    return True


def _wait_for_ingest(serving: Serving) -> None:
    """Most crashes should hit a block in hand; where the start takes too long, the start is hit."""
    deadline = time.monotonic() + _ENGINE_WAIT_S
    while time.monotonic() < deadline:
        if any(_ingests_since_its_start(serving, engine) for engine in serving.processes("appliance.engine")):
            return
        time.sleep(_POLL_S)


def _ingests_since_its_start(serving: Serving, engine: int) -> bool:
    """The engine publishes the store's address just before it begins to ingest."""
    with suppress(OSError):
        published_ns = serving.config.store_address_path.stat().st_mtime_ns
        return published_ns > Path(f"/proc/{engine}").stat().st_mtime_ns
    return False


def _wait_for_a_block(serving: Serving, known: set[str]) -> None:
    """Returns when another plan was just saved. The insert and the commit follow within milliseconds."""
    deadline = time.monotonic() + _BLOCK_WAIT_S
    while not set(_pending(serving)) - known and time.monotonic() < deadline:
        time.sleep(_CLOSE_POLL_S)


def _pending(serving: Serving) -> list[str]:
    """The token of the planned block, if there is one."""
    with suppress(sqlite3.OperationalError):
        return [row[0] for row in serving.catalog("SELECT token FROM ingest_pending")]
    return []
