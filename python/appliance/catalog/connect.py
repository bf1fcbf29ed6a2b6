"""Engines for the catalog: SQLite by default, PostgreSQL by URL, one behaviour for both.

Promises:
- What a transaction committed survives a power cut (SQLite: WAL with `synchronous=FULL`).
- A transaction that may write takes SQLite's write lock when it starts, so it waits for its turn instead of
  failing half way. Only `reading` starts one that does not, and a write inside it is refused.
- A catalog that cannot be reached is a `CatalogUnavailable`, whatever the driver calls it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from appliance.config import Config
from appliance.failures import CatalogUnavailable

_SQLITE_CACHE_KIB = 16 * 1024
_READ_ONLY = "hoglet_read_only"


def connect(config: Config) -> Engine:
    """An engine that connects when first used, so a process starts while the catalog is down.

    Make one per process, after forking, and `dispose()` of it at the end.
    """
    url = catalog_url(config)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, config)
    return create_engine(
        url,
        pool_size=config.catalog_connections_max,
        max_overflow=0,
        pool_timeout=config.catalog_wait_s,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": max(2, round(config.catalog_wait_s)),
            "application_name": "hoglet",
            "options": f"-c lock_timeout={round(config.catalog_wait_s * 1000)}ms -c timezone=UTC",
        },
    )


def catalog_url(config: Config) -> URL:
    if not config.catalog_url:
        return URL.create("sqlite+pysqlite", database=str(config.catalog_path))
    url = make_url(config.catalog_url)
    if url.get_backend_name() in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    return url.set(drivername="sqlite+pysqlite")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the catalog, blocks nobody, and cannot write."""
    with _translated(), engine.execution_options(**{_READ_ONLY: True}).connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(  # noqa: PLW2901
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that is committed at the end, or rolled back by an exception."""
    with _translated(), engine.begin() as connection:
        yield connection


def insert(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """The dialect's INSERT: `insert(connection, person).on_conflict_do_update(index_elements=…, set_=…)`."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        raise CatalogUnavailable(f"the catalog does not answer: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return " ".join(str(cause).split()) or type(cause).__name__


def _sqlite(url: URL, config: Config) -> Engine:
    if url.database == str(config.catalog_path):
        config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        config.catalog_path.touch(mode=0o600)  # SQLite would make it readable for all
    engine = create_engine(
        url,
        pool_size=config.catalog_connections_max,
        max_overflow=0,
        pool_timeout=config.catalog_wait_s,
        connect_args={"timeout": config.catalog_wait_s, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late and not before DDL
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA cache_size=-{_SQLITE_CACHE_KIB}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    read_only = bool(connection.get_execution_options().get(_READ_ONLY))
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
    connection.exec_driver_sql("BEGIN DEFERRED" if read_only else "BEGIN IMMEDIATE")
