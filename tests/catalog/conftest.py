"""The catalog on both of its databases."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from appliance import catalog
from appliance.config import Config


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    return Config(data_dir=tmp_path / "data", catalog_url=database_url, catalog_wait_s=20)


@pytest.fixture
def empty_engine(config: Config) -> Iterator[Engine]:
    """A catalog nobody has prepared."""
    engine = catalog.connect(config)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(empty_engine: Engine) -> Engine:
    catalog.upgrade(empty_engine)
    return empty_engine


@pytest.fixture
def other_engine(config: Config, engine: Engine) -> Iterator[Callable[[], Engine]]:
    """Further engines on the same catalog, as other processes have them."""
    assert engine is not None
    made: list[Engine] = []

    def connect() -> Engine:
        made.append(catalog.connect(config))
        return made[-1]

    yield connect
    for one in made:
        one.dispose()
