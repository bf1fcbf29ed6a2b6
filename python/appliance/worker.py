"""One http worker: its journal slot, its snapshot of the catalog, its routes."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import time

import uvloop

from appliance import config as settings
from appliance._native import journal, wire
from appliance.api import build_api
from appliance.capture import Capture, Durable, handlers
from appliance.capture.own_events import OwnEvents
from appliance.capture.refuse import REFUSALS
from appliance.catalog import Snapshot, SnapshotKeeper, connect
from appliance.config import Config
from appliance.error_tracking.upload_routes import STREAMED
from appliance.flags.remote_config import RemoteConfigs
from appliance.flags.serving import Serving
from appliance.http.body import Bodies
from appliance.http.bridge import Bridge
from appliance.http.client_address import ClientAddresses
from appliance.http.hot import Dispatch
from appliance.http.serve import serve
from appliance.operations.counters import Counters, Reasons
from appliance.operations.metrics import OPENED_SEQUENCE, WORKER_SEEN, lane_metric, worker_gauges
from appliance.supervisor import follow_lifeline, tell_ready

log = logging.getLogger(__name__)

# Requests to the API (not capture) may be this large.
API_BODY_BYTES_MAX = 10 << 20
_GAUGES_EVERY_S = 0.5
# More containers than the requests under way hold at a time, so that the collector mostly has nothing to look at.
_GARBAGE_AFTER_ALLOCATIONS = 20_000
# Lanes by the number that the wire puts on an answer.
LANES = ("events", "replay", "telemetry")


def main() -> None:
    follow_lifeline()
    config = settings.load()
    logging.basicConfig(
        level=config.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    uvloop.run(_run(config))


async def _run(config: Config) -> None:
    loop = asyncio.get_running_loop()
    slot = journal.claim_slot(str(config.journal_dir))
    counters = Counters(config.counters_dir, f"http-{slot.number}")
    reasons = Reasons(counters, [*wire.DROP_REASONS, *(refusal.counter for refusal in REFUSALS)])
    lanes = {number: Durable(_open_writer(config, slot, lane), loop) for number, lane in enumerate(LANES)}
    bodies = Bodies(config.body_read_timeout_s)
    bodies.watch(loop)
    addresses = ClientAddresses(config.trusted_proxies)
    capture = Capture(wire.Projects([]), lanes, reasons, bodies, addresses)
    catalog = connect(config)
    remote_configs = RemoteConfigs()
    flags = Serving(
        config,
        catalog,
        lambda project, headers: remote_configs.of(project, headers).with_flags,
        counters=counters,
        bodies=bodies,
        addresses=addresses,
    )

    def take(snapshot: Snapshot) -> None:
        capture.projects = wire.Projects([(one.token, one.id, one.exceeded) for one in snapshot.projects])
        flags.take(snapshot, is_recalled=not keeper.reachable)

    keeper = SnapshotKeeper.of(catalog, config, take)
    keeper.open()
    own = OwnEvents(lanes[0], loop)
    api = build_api(
        config,
        catalog,
        keeper,
        lambda: not capture.draining,
        lambda project, events: own.submit(project.id, project.token, events),
        flags=flags.current,
        remote_configs=remote_configs,
    )
    bridge = Bridge(api, bodies, API_BODY_BYTES_MAX, streamed=STREAMED, stalled_s=config.body_read_timeout_s)
    dispatch = Dispatch({**handlers(capture), **flags.handlers()}, bridge)
    following = [keeper.follow(), _publish(counters, lanes), *flags.tasks(lambda: keeper.reachable)]
    tasks = [asyncio.create_task(one) for one in following]
    log.info("http worker %d writes journal slot %d", os.getpid(), slot.number)
    _calm_garbage_collector()
    await serve(
        dispatch,
        host=config.host,
        port=config.port,
        ready=tell_ready,
        drain=lambda: _drain(capture, flags, config.shutdown_drain_s),
    )
    for task in tasks:
        task.cancel()
    await flags.close()
    for durable in lanes.values():
        durable.close()
    catalog.dispose()


def _calm_garbage_collector() -> None:
    """Nothing that start-up made is garbage, and a request under way makes no cycles that have to go at once.

    Without this a full collection walks every imported module while all requests wait, tens of milliseconds each.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GARBAGE_AFTER_ALLOCATIONS, 20, 20)


def _open_writer(config: Config, slot: journal.Slot, lane: str) -> journal.Writer:
    return journal.Writer(
        slot,
        lane,
        segment_bytes_max=config.journal_segment_bytes,
        budget_bytes_max=getattr(config, f"journal_{lane}_bytes_max"),
        minimum_free_bytes=config.journal_minimum_free_bytes,
    )


async def _publish(counters: Counters, lanes: dict[int, Durable]) -> None:
    """Keeps the gauges that health and metrics read."""
    for number, lane in enumerate(LANES):
        counters.set(lane_metric(OPENED_SEQUENCE, lane), lanes[number].writer.last_sequence)
    while True:
        for number, lane in enumerate(LANES):
            for name, value in worker_gauges(lane, lanes[number].writer, lanes[number].waiting).items():
                counters.set(name, value)
        counters.set(WORKER_SEEN, int(time.time()))
        await asyncio.sleep(_GAUGES_EVERY_S)


async def _drain(capture: Capture, flags: Serving, drain_s: float) -> None:
    """Refuses new requests and waits for those under way; their journal groups are synced before they answer."""
    capture.draining = True
    flags.drain()
    deadline = time.monotonic() + drain_s
    while (capture.under_way or flags.under_way) and time.monotonic() < deadline:  # noqa: ASYNC110 - a stop is not worth an event
        await asyncio.sleep(0.01)


if __name__ == "__main__":
    main()
