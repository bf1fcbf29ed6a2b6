"""A catalog on each of its databases, prepared, and told how to find it again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from appliance import catalog
from appliance.config import Config


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    return Config(
        data_dir=tmp_path / "data", catalog_url=database_url, catalog_wait_s=20, flags_wait_ms=10_000
    )


@pytest.fixture
def engine(config: Config) -> Iterator[Engine]:
    engine = catalog.connect(config)
    catalog.upgrade(engine)
    yield engine
    engine.dispose()
