"""The store as the rest of the appliance uses it: one small object over clickhouse-connect.

Promises:
- Works alike over the embedded endpoint and a ClickHouse server.
- A thread has a connection of its own; a `Store` may be shared by all.
- Every failure is `StoreUnavailable` (try again later) or `StoreRefused` (it answered no; carries the
  code).
- `insert_arrow_stream` returns after the rows are durable, and repeating it with the same token adds
  nothing.
"""

import threading
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import IO, Any, Protocol, cast
from urllib.parse import unquote, urlsplit

import clickhouse_connect
import urllib3
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError

from appliance.failures import StoreRefused, StoreUnavailable
from appliance.store.tables import PARTITIONS_PER_BLOCK

_PIECE_BYTES = 4 << 20
_POOL = 16
# Codes that say "not now": too many queries or parts, a lost connection, a shutting-down server.
_PASSING_CODES = frozenset({3, 202, 209, 210, 236, 242, 252, 425, 999})
# Out of time, memory or luck: a query should be told, a block of the journal is tried again.
_PASSING_FOR_INSERTS = frozenset({159, 241, 243, 394})
# A full disk has many codes and one text.
_NO_ROOM = ("No space left on device", "errno: 28")
_INSERT_SETTINGS: Mapping[str, Any] = {
    "async_insert": 0,
    "wait_end_of_query": 1,
    "insert_deduplicate": 1,
    # A view that missed a block because of a crash gets it when the block is repeated, and only then.
    "deduplicate_blocks_in_dependent_materialized_views": 1,
    # Merging equal rows inside a block halves the speed of an insert; merges do it later anyway.
    "optimize_on_insert": 0,
    # A block of the journal is a block of the store: the token covers it whole.
    "max_insert_block_size": 4_194_304,
    "min_insert_block_size_rows": 4_194_304,
    "min_insert_block_size_bytes": 1 << 30,
    "max_partitions_per_insert_block": PARTITIONS_PER_BLOCK,
}


@dataclass(frozen=True, slots=True)
class Rows:
    """An answer held whole. `types` are ClickHouse's names."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    rows_read: int
    bytes_read: int


class Store(Protocol):
    """What rooms may ask of the store."""

    @property
    def database(self) -> str: ...
    def insert_arrow_stream(self, table: str, body: bytes | Iterable[bytes], token: str) -> int: ...
    def query(
        self, sql: str, parameters: Mapping[str, Any] | None = None, settings: Mapping[str, Any] | None = None
    ) -> Rows: ...
    def command(
        self, sql: str, parameters: Mapping[str, Any] | None = None, settings: Mapping[str, Any] | None = None
    ) -> str: ...
    def execute(self, sql: str, settings: Mapping[str, Any] | None = None) -> None: ...
    def create_database(self) -> None: ...
    def ping(self) -> bool: ...
    def close(self) -> None: ...


def connect(
    url: str,
    *,
    user: str = "",
    password: str = "",
    connect_timeout_s: float = 5.0,
    answer_timeout_s: float = 300.0,
    settings: Mapping[str, Any] | None = None,
) -> "ClickHouseStore":
    """A store by URL, `http(s)://user:password@host:port/database`. Connects at the first use, not here."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("the store's URL must look like http://user:password@host:8123/database")
    return ClickHouseStore(
        interface=parts.scheme,
        host=parts.hostname,
        port=parts.port or (8443 if parts.scheme == "https" else 8123),
        user=user or unquote(parts.username or "default"),
        password=password or unquote(parts.password or ""),
        database=unquote(parts.path.strip("/")) or "hoglet",
        timeouts_s=(connect_timeout_s, answer_timeout_s),
        settings=dict(settings or {}),
    )


class ClickHouseStore:
    """A `Store` over HTTP. Made by `connect`."""

    def __init__(
        self,
        *,
        interface: str,
        host: str,
        port: int,
        user: str,
        password: str,
        database: str,
        timeouts_s: tuple[float, float],
        settings: dict[str, Any],
    ) -> None:
        self.database = database
        self._arguments: dict[str, Any] = {
            "interface": interface,
            "host": host,
            "port": port,
            "username": user,
            "password": password,
            "connect_timeout": timeouts_s[0],
            "send_receive_timeout": timeouts_s[1],
            "settings": settings,
            "compress": host not in ("127.0.0.1", "localhost", "::1"),
            "autogenerate_session_id": False,
            "query_limit": 0,
        }
        self._where = f"{interface}://{host}:{port}"
        self._pool = urllib3.PoolManager(num_pools=2, maxsize=_POOL, block=False, retries=False)
        self._local = threading.local()
        self._clients: list[Client] = []
        self._lock = threading.Lock()

    def insert_arrow_stream(self, table: str, body: bytes | Iterable[bytes], token: str) -> int:
        """Rows taken; those of a block that was in the store already count too, though they add nothing."""
        settings = dict(_INSERT_SETTINGS) | {"insert_deduplication_token": token}
        with self._failures(_PASSING_CODES | _PASSING_FOR_INSERTS):
            # Pieces, not the whole: clickhouse-connect would copy it to put the statement before it.
            summary = self._client().raw_insert(
                f"{_quoted(self.database)}.{_quoted(table)}",
                insert_block=_pieces(body),
                settings=settings,
                fmt="ArrowStream",
            )
            return int(summary.written_rows)

    def query(
        self, sql: str, parameters: Mapping[str, Any] | None = None, settings: Mapping[str, Any] | None = None
    ) -> Rows:
        """A SELECT's rows. Values go as `{name:Type}` parameters."""
        with self._failures():
            found = self._client().query(
                sql, parameters=dict(parameters or {}), settings=dict(settings or {})
            )
            return Rows(
                tuple(found.column_names),
                tuple(one.name for one in found.column_types),
                found.result_rows,
                int(found.summary.get("read_rows", 0)),
                int(found.summary.get("read_bytes", 0)),
            )

    def command(
        self, sql: str, parameters: Mapping[str, Any] | None = None, settings: Mapping[str, Any] | None = None
    ) -> str:
        """A statement without rows, or with one value: its text, empty when there is none."""
        with self._failures():
            answer = self._client().command(
                sql, parameters=dict(parameters or {}), settings=dict(settings or {})
            )
            return str(answer) if isinstance(answer, str | int) else ""

    def execute(self, sql: str, settings: Mapping[str, Any] | None = None) -> None:
        """A statement sent as it stands: braces and percent signs in it mean themselves."""
        with self._failures():
            self._client().raw_query(sql, settings=dict(settings or {}))

    @contextmanager
    def stream(
        self,
        sql: str,
        output_format: str,
        settings: Mapping[str, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
    ) -> Iterator[IO[bytes]]:
        """An answer as it comes, in a ClickHouse format; a FORMAT in the statement itself wins."""
        with self._failures():
            answer = cast(
                "IO[bytes]",
                self._client().raw_stream(
                    sql,
                    parameters=dict(parameters) if parameters else None,
                    settings=dict(settings or {}),
                    transport_settings={"X-ClickHouse-Format": output_format},
                ),
            )
            with closing(answer):
                yield answer

    def create_database(self) -> None:
        """The one statement that cannot be in our database yet."""
        with self._failures():
            self._client().command(
                f"CREATE DATABASE IF NOT EXISTS {_quoted(self.database)}", use_database=False
            )

    def ping(self) -> bool:
        try:
            return bool(self._client().ping())
        except (ClickHouseError, urllib3.exceptions.HTTPError, OSError):
            return False

    def close(self) -> None:
        """Ends every thread's connections. The store may be used again, it connects anew."""
        with self._lock:
            clients, self._clients = self._clients, []
            self._local = threading.local()
        for one in clients:
            one.close()
        self._pool.clear()

    def _client(self) -> Client:
        client: Client | None = getattr(self._local, "client", None)
        if client is None:
            # Without a database: migrations make it. Statements name it (`database` of each request, below).
            client = clickhouse_connect.get_client(**self._arguments, pool_mgr=self._pool)
            client.database = self.database
            with self._lock:
                self._clients.append(client)
            self._local.client = client
        return client

    @contextmanager
    def _failures(self, passing: frozenset[int] = _PASSING_CODES) -> Iterator[None]:
        try:
            yield
        except DatabaseError as failure:
            code = _code(failure)
            if code in passing or not code or any(text in str(failure) for text in _NO_ROOM):
                raise StoreUnavailable(
                    f"the store at {self._where} does not answer now: {failure}"
                ) from failure
            raise StoreRefused(str(failure), code) from failure
        except ClickHouseError as failure:
            raise StoreRefused(str(failure)) from failure
        except (urllib3.exceptions.HTTPError, OSError) as failure:
            raise StoreUnavailable(f"the store at {self._where} does not answer: {failure}") from failure


def _pieces(body: bytes | Iterable[bytes]) -> Generator[bytes, None, None]:
    if not isinstance(body, bytes):
        yield from body
        return
    view = memoryview(body)
    for start in range(0, len(view), _PIECE_BYTES):
        yield bytes(view[start : start + _PIECE_BYTES])


def _code(failure: DatabaseError) -> int:
    code = getattr(failure, "code", None)
    return int(code) if code else 0


def _quoted(name: str) -> str:
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"
