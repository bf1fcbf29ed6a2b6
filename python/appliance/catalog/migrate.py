"""Bring the catalog's schema to what this release needs.

Promises:
- An upgrade is one transaction: it happens whole or not at all, on SQLite and PostgreSQL alike.
- Any number of processes may upgrade at once: one does the work, the others wait and find it done.
- A catalog written by a newer release is refused, never changed.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from appliance.catalog.connect import reading, writing
from appliance.failures import CatalogOutdated

_LOCK = 0x686F676C6574  # "hoglet": any number nobody else in the database takes
_LOCK_WAIT_S = 300


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing."""
    if is_current(engine):
        return
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_WAIT_S}s'"))
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        if _revision(connection) != _head():
            command.upgrade(_alembic(connection), "head")


def is_current(engine: Engine) -> bool:
    """Whether the schema is this release's. Raises `CatalogOutdated` for a newer release's."""
    with reading(engine) as connection:
        revision = _revision(connection)
    return revision == _head()


def _revision(connection: Connection) -> str | None:
    revision = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in _scripts().walk_revisions()}
    if revision is not None and revision not in known:
        raise CatalogOutdated(
            f"the catalog has schema {revision}, which this release does not know: "
            "a newer Hoglet wrote it; install that release or restore a backup"
        )
    return revision


def _head() -> str | None:
    return _scripts().get_current_head()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_alembic())


def _alembic(connection: Connection | None = None) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
