"""A catalog on each of its databases, prepared."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from appliance import catalog
from appliance.config import Config


@pytest.fixture
def engine(tmp_path: Path, database_url: str) -> Iterator[Engine]:
    config = Config(data_dir=tmp_path / "data", catalog_url=database_url, catalog_wait_s=20)
    engine = catalog.connect(config)
    catalog.upgrade(engine)
    yield engine
    engine.dispose()
