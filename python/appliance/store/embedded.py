"""ClickHouse inside this process: chDB behind ClickHouse's own HTTP interface on a loopback port.

Promises:
- The rest of the appliance sees a ClickHouse server; this is the only module that knows chDB exists.
- One process owns a directory. A second one is told so, by name, and touches nothing.
- Each statement has a session of its own (opening one takes less than a millisecond), so no setting,
  parameter or current database leaks into another.
- Nobody reaches files or other machines through the engine: its user has no grant on any source. The
  reader is `readonly` besides, limited, and checked by `guard`.

Layout of the directory: `owner.lock` (whose pid), `engine.xml` (written at each start), and ClickHouse's
own `data/`, `metadata/`, `store/`, `tmp/`.
"""

import argparse
import fcntl
import os
import re
import signal
import sys
import threading
import xml.sax.saxutils
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from appliance.failures import StoreUnavailable
from appliance.store import guard
from appliance.store.endpoint import Endpoint
from appliance.store.engine import DATABASE, READER, WRITER, Asked, Kind, Limits, Piece
from appliance.store.failed_inserts import FailedInserts
from appliance.store.problem import READONLY, SYNTAX_ERROR, from_engine, problem

_SETTING_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,127}")
# What would loosen the reader's limits, or change how the guard and the engine read a statement.
_READER_MAY_NOT_SET = re.compile(
    r"readonly|profile|dialect|allow_ddl|allow_introspection_functions|implicit_\w+|max_untracked_memory|"
    r"max_parser_\w+|max_ast_\w+|max_query_size|polyglot_\w*|.*overcommit.*|"
    r"(?:timeout|result)_overflow_mode\w*|timeout_before_checking_execution_speed|promql_\w+"
)
_GRANTS = (
    "SELECT, INSERT, ALTER, CREATE, DROP, UNDROP TABLE, TRUNCATE, OPTIMIZE, SHOW, CHECK, KILL QUERY, SYSTEM, "
    "MOVE PARTITION BETWEEN SHARDS, dictGet, CREATE TEMPORARY TABLE"
)
# clickhouse-connect reads this table to learn which settings it may send; under readonly=1 it would be none.
_SETTINGS_TABLE = frozenset({"settings"})


class _Inserting:
    def __init__(self, connection: Any, head: str, input_format: str) -> None:
        self._connection = connection
        with _engine_problems():
            self._failed = FailedInserts(connection)
            self._handle = connection.send_insert(head, input_format)
        self._open = True

    def append(self, data: bytes) -> None:
        with _engine_problems():
            self._connection.insert_append(self._handle, data)

    def finish(self) -> tuple[int, int]:
        self._open = False
        with _engine_problems():
            written = self._connection.insert_done(self._handle)
            failure = self._failed.since()
        if failure is not None:
            raise failure
        return written.rows_written(), written.bytes_written()

    def cancel(self) -> None:
        if self._open:
            self._open = False
            with suppress(RuntimeError):
                self._connection.insert_cancel(self._handle)


class _Session:
    def __init__(self, engine: "_Chdb", connection: Any, asked: Asked) -> None:
        self._engine = engine
        self._connection = connection
        self._asked = asked

    def prepare(self) -> None:
        asked = self._asked
        settings = {**self._settings(), "log_comment": asked.tag}
        self._execute("SET " + ", ".join(f"{name} = {_literal(value)}" for name, value in settings.items()))
        for name, value in asked.parameters.items():
            if not re.fullmatch(r"\w{1,128}", name):
                raise problem(36, "BAD_ARGUMENTS", f"A query parameter cannot be named {name!r}")
            self._execute(f"SET param_{name} = {_literal(value)}")
        self._execute(f"USE {_quoted(asked.database)}")

    def _settings(self) -> dict[str, str]:
        for name in self._asked.settings:
            if not _SETTING_NAME.fullmatch(name):
                raise problem(115, "UNKNOWN_SETTING", f"Unknown setting {name!r}")
            if self._asked.reader and _READER_MAY_NOT_SET.fullmatch(name):
                raise problem(READONLY, "READONLY", f"{READER} may not change '{name}'")
        wanted = dict(self._asked.settings)
        if self._asked.reader:
            for name, limit in self._engine.reader_limits.items():
                wanted[name] = _lower(name, wanted.get(name, "0"), limit)
        return wanted

    def _execute(self, sql: str) -> str:
        with _engine_problems():
            answer = self._connection.query(sql, "TSVRaw")
            if answer.has_error():
                raise from_engine(answer.error_message())
            return str(answer.bytes().decode("utf-8", "replace"))

    def kind(self, sql: str) -> Kind:
        found = self._connection.classify_query(sql)
        return Kind(int(found["statement_count"]), found["query_class"].name == "READ_ONLY")

    def guard(self, sql: str) -> None:
        kind = self.kind(sql)
        if kind.statements > 1:
            raise problem(SYNTAX_ERROR, "SYNTAX_ERROR", "Multi-statements are not allowed")
        if kind.statements == 1 and not kind.reads_only:
            raise problem(READONLY, "READONLY", f"{READER}: Cannot execute query in readonly mode")
        try:
            system_tables = guard.check_tree(
                self._execute(f"EXPLAIN AST {sql}"), self._engine.table_functions
            )
        except guard.Refusal as refusal:
            raise problem(refusal.code, refusal.name, str(refusal)) from refusal
        self._execute(f"SET readonly = {2 if system_tables == _SETTINGS_TABLE else 1}")

    def run(self, sql: str, output_format: str) -> Piece:
        with _engine_problems():
            answer = self._connection.query(sql, output_format)
            if answer.has_error():
                raise from_engine(answer.error_message())
            return _piece(answer)

    def stream(self, sql: str, output_format: str) -> Iterator[Piece]:
        with _engine_problems():
            handle = self._connection.send_query(sql, output_format)
        try:
            while True:
                with _engine_problems():
                    answer = self._connection.streaming_fetch_result(handle)
                    if answer.has_error():
                        raise from_engine(answer.error_message())
                yield _piece(answer)
                if not answer.rows_read():
                    return
        finally:
            with suppress(RuntimeError):
                self._connection.streaming_cancel_query(handle)

    def insert(self, head: str, input_format: str) -> _Inserting:
        return _Inserting(self._connection, head, input_format)


class _Chdb:
    """The one engine of this process."""

    def __init__(self, directory: Path, limits: Limits) -> None:
        _chdb: Any = import_module("chdb._chdb")  # loading it costs half a gigabyte of address space
        _chdb.set_signal_handlers_enabled(False)
        self._connect = _chdb.connect
        self._address = f"{directory}?config-file={_write_settings(directory, limits)}"
        self._root = self._open()
        self._killing = threading.Lock()
        self.reader_limits = {
            "max_execution_time": str(limits.query_time_s),
            "max_memory_usage": str(limits.query_memory_bytes),
            "max_result_rows": str(limits.result_rows),
            "max_result_bytes": str(limits.result_bytes),
        }
        self._root.query(f"CREATE DATABASE IF NOT EXISTS {DATABASE}", "TSV")
        self.version, self.timezone = self._ask("SELECT version(), timezone()").strip().split("\t")
        self.table_functions = frozenset(self._ask("SELECT lower(name) FROM system.table_functions").split())

    def _open(self) -> Any:
        try:
            return self._connect(self._address)
        except RuntimeError as failure:
            raise StoreUnavailable(f"the embedded store does not open: {failure}") from failure

    def _ask(self, sql: str) -> str:
        return str(self._root.query(sql, "TSV").bytes().decode())

    @contextmanager
    def session(self, asked: Asked) -> Iterator[_Session]:
        connection = self._open()
        try:
            session = _Session(self, connection, asked)
            session.prepare()
            yield session
        finally:
            connection.close()

    def kill(self, tag: str) -> None:
        with self._killing, suppress(RuntimeError):
            self._root.query(f"KILL QUERY WHERE Settings['log_comment'] = {_literal(tag)} ASYNC", "TSV")

    def close(self) -> None:
        self._root.close()


class EmbeddedStore:
    """A ClickHouse of our own at `url`, between `start` and `stop`. At most one in a process."""

    def __init__(
        self,
        directory: Path | str,
        *,
        token: str,
        reader_token: str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        limits: Limits | None = None,
    ) -> None:
        if not token:
            raise ValueError("the embedded store needs a token")
        self._directory = Path(directory).absolute()
        self._users = {WRITER: token, READER: token if reader_token is None else reader_token}
        self._address = (host, port)
        self._limits = limits or Limits()
        self._lock: int | None = None
        self._chdb: _Chdb | None = None
        self._endpoint: Endpoint | None = None

    def start(self) -> None:
        self._lock = _own(self._directory)
        try:
            self._chdb = _Chdb(self._directory, self._limits)
            self._endpoint = Endpoint(self._chdb, self._users, self._address, self._limits)
            self._endpoint.start()
        except BaseException:
            self.stop()
            raise

    @property
    def url(self) -> str:
        """Where it listens, without credentials."""
        if self._endpoint is None:
            raise StoreUnavailable("the embedded store is not started")
        return self._endpoint.url

    def stop(self) -> None:
        """Stops what runs, closes the engine, gives the directory up. Safe to repeat."""
        if self._endpoint is not None:
            self._endpoint.stop()
            self._endpoint = None
        if self._chdb is not None:
            self._chdb.close()
            self._chdb = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _own(directory: Path) -> int:
    """Locks the directory for this process, or says who has it."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(directory / "owner.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as busy:
        owner = os.pread(lock, 32, 0).decode("ascii", "replace").strip() or "unknown"
        os.close(lock)
        raise StoreUnavailable(
            f"{directory} is in use by process {owner}; one process owns a store"
        ) from busy
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    return lock


def _write_settings(directory: Path, limits: Limits) -> Path:
    """The engine reads server settings, its user and that user's grants from one file.

    By itself it would take one thread for each free GiB, which is one on a small machine; ours go to disk instead.
    """
    path = directory / "engine.xml"
    spill = limits.query_memory_bytes // 2
    temporary = path.with_suffix(".new")
    temporary.write_text(
        f"""<clickhouse>
  <logger><level>none</level></logger>
  <max_server_memory_usage>{limits.memory_bytes}</max_server_memory_usage>
  <mark_cache_size>{limits.mark_cache_bytes}</mark_cache_size>
  <index_mark_cache_size>{limits.mark_cache_bytes // 4}</index_mark_cache_size>
  <primary_index_cache_size>{limits.mark_cache_bytes}</primary_index_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <index_uncompressed_cache_size>0</index_uncompressed_cache_size>
  <query_condition_cache_size>16777216</query_condition_cache_size>
  <compiled_expression_cache_size>16777216</compiled_expression_cache_size>
  <mmap_cache_size>0</mmap_cache_size>
  <query_cache><max_size_in_bytes>33554432</max_size_in_bytes></query_cache>
  <background_pool_size>{limits.background_threads}</background_pool_size>
  <background_merges_mutations_concurrency_ratio>1</background_merges_mutations_concurrency_ratio>
  <background_schedule_pool_size>2</background_schedule_pool_size>
  <background_common_pool_size>2</background_common_pool_size>
  <background_move_pool_size>1</background_move_pool_size>
  <background_fetches_pool_size>1</background_fetches_pool_size>
  <merge_tree>
    <number_of_free_entries_in_pool_to_execute_mutation>1</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>1</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
  </merge_tree>
  <users_config>{xml.sax.saxutils.escape(str(path))}</users_config>
  <profiles><default>
    <max_memory_usage>{limits.query_memory_bytes}</max_memory_usage>
    <max_bytes_before_external_group_by>{spill}</max_bytes_before_external_group_by>
    <max_bytes_before_external_sort>{spill}</max_bytes_before_external_sort>
    <max_threads_min_free_memory_per_thread>0</max_threads_min_free_memory_per_thread>
    <log_queries>0</log_queries>
    <async_insert>0</async_insert>
  </default></profiles>
  <quotas><default/></quotas>
  <users><default>
    <password/><profile>default</profile><quota>default</quota>
    <grants>
      <query>GRANT {_GRANTS} ON *.*</query>
      <query>GRANT TABLE ENGINE ON *</query>
    </grants>
  </default></users>
</clickhouse>
"""
    )
    temporary.replace(path)
    return path


@contextmanager
def _engine_problems() -> Iterator[None]:
    try:
        yield
    except RuntimeError as failure:
        raise from_engine(str(failure)) from failure


def _piece(answer: Any) -> Piece:
    # A copy: the engine frees an answer's memory without asking who still looks at it.
    return Piece(answer.bytes(), answer.rows_read(), answer.storage_rows_read(), answer.storage_bytes_read())


def _literal(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _quoted(name: str) -> str:
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _lower(name: str, wanted: str, limit: str) -> str:
    """The stricter of two limits, where 0 means none."""
    try:
        value = float(wanted)
    except ValueError:
        raise problem(27, "CANNOT_PARSE_INPUT_ASSERTION_FAILED", f"'{name}' is not a number") from None
    if value < 0 or value != value:  # noqa: PLR0124  not a number is not a limit
        raise problem(36, "BAD_ARGUMENTS", f"'{name}' cannot be {wanted}")
    return wanted if 0 < value < float(limit) else limit


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m appliance.store.embedded", description=__doc__)
    parser.add_argument("--directory", required=True, type=Path)
    parser.add_argument("--token", required=True)
    parser.add_argument("--reader-token")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--limit", action="append", default=[], metavar="NAME=NUMBER", help="one of Limits")
    return parser.parse_args()


def _chosen_limits(given: list[str]) -> Limits:
    values: Mapping[str, str] = dict(one.split("=", 1) for one in given)
    defaults = asdict(Limits())
    return Limits(**{name: type(defaults[name])(value) for name, value in values.items()})


def main() -> int:
    """Serves until SIGTERM or SIGINT; prints `ready <url>` once it answers."""
    arguments = _arguments()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    store = EmbeddedStore(
        arguments.directory,
        token=arguments.token,
        reader_token=arguments.reader_token,
        host=arguments.host,
        port=arguments.port,
        limits=_chosen_limits(arguments.limit),
    )
    try:
        store.start()
    except StoreUnavailable as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    sys.stdout.write(f"ready {store.url}\n")
    sys.stdout.flush()
    stopping.wait()
    store.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
