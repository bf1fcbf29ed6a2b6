"""A query's answer in pieces, for kernels that read a ClickHouse format themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from appliance.failures import StoreRefused
from appliance.query.hogql.context import Context
from appliance.query.hogql.execute import TIME_S_MAX, explained, printed_for, settings_of
from appliance.query.hogql.printer import Query
from appliance.store.client import ClickHouseStore


@contextmanager
def streamed(
    tree: Query,
    context: Context,
    store: ClickHouseStore,
    output_format: str,
    *,
    query_id: str | None = None,
    time_s_max: float = TIME_S_MAX,
) -> Iterator[IO[bytes]]:
    """Under the same limits and guards as `execute.run`."""
    printed, context = printed_for(tree, context, store)
    settings = settings_of(context, query_id, time_s_max)
    try:
        with store.stream(printed.sql, output_format, settings, context.parameters) as answer:
            yield answer
    except StoreRefused as refusal:
        raise explained(refusal) from refusal
