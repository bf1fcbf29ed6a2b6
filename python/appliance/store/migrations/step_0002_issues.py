"""Which issue a fingerprint belongs to since issues were merged or split."""

from collections.abc import Sequence

from appliance.store import tables
from appliance.store.client import Store
from appliance.store.tables import Shredded


def run(store: Store, shredded: Sequence[Shredded]) -> None:  # noqa: ARG001 - a step's arguments
    store.execute(tables.ISSUE_FINGERPRINT_OVERRIDES)
