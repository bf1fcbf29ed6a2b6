"""The email that an exception says it is of, so that a search need not read whole exceptions for it.

Parts that were there before compute it as they are read, so it tells the same for them.
"""

from collections.abc import Sequence

from appliance.store import tables
from appliance.store.client import Store
from appliance.store.tables import Shredded


def run(store: Store, shredded: Sequence[Shredded]) -> None:  # noqa: ARG001 - a step's arguments
    store.execute(f"ALTER TABLE events ADD COLUMN IF NOT EXISTS {tables.EXCEPTION_EMAIL}")
