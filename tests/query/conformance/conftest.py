"""One real embedded store for all conformance tests; each dataset is a project of its own, inserted once."""

import pytest

from appliance.store import migrate
from tests.query.conformance.asking import Warehouse
from tests.store.conftest import launch, shredded


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory):
    running = launch(
        tmp_path_factory.mktemp("conformance") / "data", "query_time_s=60", "result_rows=1000000"
    )
    store = running.store()
    migrate(store, shredded())
    yield Warehouse(store, running.store("hoglet_reader"))
    store.close()
    assert running.stop() == 0
