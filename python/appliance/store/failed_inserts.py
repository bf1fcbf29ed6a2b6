"""Whether an INSERT failed without saying so.

chDB 4.4 tells of a failure while rows arrive, but not of one while the last block is written: `insert_done`
then counts rows as written that a full disk, a constraint or a memory limit kept out. The engine's own
counters know, so they are read before and after.
"""

import json
from typing import Any

from appliance.store.problem import NETWORK_ERROR, Problem, from_engine, problem

_FAILED = "SELECT value FROM system.events WHERE event = 'FailedInsertQuery'"
# Errors of merges and other work in the background belong to no query.
_ERRORS = (
    "SELECT code, toUInt32(value), name, last_error_message FROM system.errors"
    " WHERE query_id != '' ORDER BY last_error_time"
)


class FailedInserts:
    """The engine's count of failed INSERTs as of its making. Not while the connection has one under way."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._failed = self._count()
        self._errors = {code: times for code, times, *_ in self._read(_ERRORS)}

    def since(self) -> Problem | None:
        """The failure since then. It may be another INSERT's at the same time; a repeat with a token is safe."""
        if self._count() == self._failed:
            return None
        for code, times, name, message in reversed(self._read(_ERRORS)):
            if self._errors.get(code, 0) != times:
                return from_engine(f"Code: {code}. DB::Exception: {message} ({name})")
        return problem(NETWORK_ERROR, "NETWORK_ERROR", "An INSERT failed, perhaps this one; send it again")

    def _count(self) -> int:
        rows = self._read(_FAILED)
        return int(rows[0][0]) if rows else 0

    def _read(self, sql: str) -> list[list[Any]]:
        answer = self._connection.query(sql, "JSONCompactEachRow")
        if answer.has_error():
            raise from_engine(answer.error_message())
        return [json.loads(line) for line in bytes(answer.bytes()).splitlines()]
