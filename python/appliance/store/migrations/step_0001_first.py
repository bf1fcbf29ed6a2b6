"""The first tables, and sessions made from events."""

from collections.abc import Sequence

from appliance.store import sessions, tables
from appliance.store.client import Store
from appliance.store.tables import Shredded


def run(store: Store, shredded: Sequence[Shredded]) -> None:
    for statement in (*tables.BASE, tables.events(shredded), sessions.table(), sessions.view()):
        store.execute(statement)
