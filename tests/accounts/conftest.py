"""An empty catalog on both of its databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from appliance import catalog
from appliance.config import Config
from tests.accounts.desk import desk, premises_postgresql, premises_sqlite

__all__ = ["desk", "premises_postgresql", "premises_sqlite"]


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    return Config(data_dir=tmp_path / "data", catalog_url=database_url)


@pytest.fixture
def engine(config: Config) -> Iterator[Engine]:
    engine = catalog.connect(config)
    yield engine
    engine.dispose()
