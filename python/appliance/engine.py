"""The engine process: the store (embedded, or by URL), its schema, and the ingest loop."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable

from appliance import config as settings
from appliance.catalog import SnapshotKeeper, connect
from appliance.config import Config
from appliance.failures import CatalogUnavailable, StoreUnavailable
from appliance.ingest.loop import Loop
from appliance.operations.counters import Counters
from appliance.store import DATABASE, READER, WRITER, ClickHouseStore, address, migrate
from appliance.store import connect as connect_store
from appliance.store.address import Address
from appliance.store.embedded import EmbeddedStore
from appliance.store.engine import Limits
from appliance.supervisor import follow_lifeline, tell_ready

log = logging.getLogger(__name__)

_RETRY_S = 1.0
_HEARTBEAT_S = 0.5


def main() -> None:
    follow_lifeline()
    config = settings.load()
    logging.basicConfig(
        level=config.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    stopping = threading.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: stopping.set())
    counters = Counters(config.counters_dir, "engine")
    heart = threading.Thread(target=_beat, args=(counters, stopping), name="heartbeat", daemon=True)
    heart.start()
    embedded = None if config.store_url else _start_embedded(config)
    try:
        _run(config, embedded, counters, stopping)
    finally:
        if embedded is not None:
            address.withdraw(config)
            embedded.stop()


def _run(
    config: Config, embedded: EmbeddedStore | None, counters: Counters, stopping: threading.Event
) -> None:
    store = _connect_store(config, embedded)
    if not _until_it_answers(lambda: migrate(store), "the store", stopping):
        return
    counters.set("hoglet_store_up", 1)
    if embedded is not None:
        published = Address(f"{embedded.url}/{DATABASE}", READER, config.secret("store_reader_token"))
        address.publish(config, published)
    catalog = connect(config)
    loop = Loop(config, catalog, store, counters)
    keeper = SnapshotKeeper.of(catalog, config, loop.take_snapshot)
    if not _until_it_answers(keeper.open, "the catalog", stopping):
        return
    keeper.start()
    tell_ready()
    ingesting = threading.Thread(target=loop.run, name="ingest", daemon=True)
    ingesting.start()
    while ingesting.is_alive() and not stopping.wait(_HEARTBEAT_S):
        counters.set("hoglet_catalog_up", int(keeper.reachable))
    loop.stop()
    ingesting.join(config.shutdown_drain_s)
    keeper.stop()
    store.close()
    catalog.dispose()


def _start_embedded(config: Config) -> EmbeddedStore:
    memory = config.store_memory_bytes_max
    store = EmbeddedStore(
        config.store_dir,
        token=config.secret("store_token"),
        reader_token=config.secret("store_reader_token"),
        limits=Limits(
            memory_bytes=memory, query_memory_bytes=memory // 2, query_time_s=config.query_time_s_max
        ),
    )
    store.start()
    return store


def _connect_store(config: Config, embedded: EmbeddedStore | None) -> ClickHouseStore:
    if embedded is None:
        found = address.address(config)
        return connect_store(found.url, user=found.user, password=found.password)
    return connect_store(f"{embedded.url}/{DATABASE}", user=WRITER, password=config.secret("store_token"))


def _until_it_answers(attempt: Callable[[], object], what: str, stopping: threading.Event) -> bool:
    while not stopping.is_set():
        try:
            attempt()
        except (StoreUnavailable, CatalogUnavailable) as failure:
            log.warning("%s does not answer yet: %s", what, failure)
            stopping.wait(_RETRY_S)
        else:
            return True
    return False


def _beat(counters: Counters, stopping: threading.Event) -> None:
    while not stopping.wait(_HEARTBEAT_S):
        counters.set("hoglet_engine_seen_seconds", int(time.time()))


if __name__ == "__main__":
    main()
