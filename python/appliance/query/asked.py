"""One question under way: what answering it may use, and how it is ended early."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict

from appliance.failures import Invalid
from appliance.query.hogql import ast
from appliance.query.hogql.context import Context
from appliance.query.hogql.execute import Answer, run
from appliance.query.hogql.streaming import streamed
from appliance.query.runs import CANCELLED
from appliance.store.client import ClickHouseStore

OWN_ROWS_MAX = 5_000_000
_PIECE_BYTES = 1 << 20


class Timing(TypedDict):
    k: str
    t: float


def _never() -> bool:
    return False


@dataclass(slots=True)
class Asked:
    """Used by one thread. Every statement of a question runs under the same `query_id`, one after another."""

    context: Context
    store: ClickHouseStore
    query_id: str
    time_s_max: float = 60.0
    is_cancelled: Callable[[], bool] = _never
    is_export: bool = False
    issues_max: int = 100_000
    """How many issues a question about exceptions looks at."""
    timings: list[Timing] = field(default_factory=list)
    properties_read: set[tuple[str, str]] = field(default_factory=set)
    """(owner, property) that had to be parsed out of JSON."""

    def run(
        self,
        select: ast.SelectQuery | ast.SelectSetQuery | str,
        *,
        placeholders: Mapping[str, Any] | None = None,
        name: str = "query",
        is_user: bool = False,
    ) -> Answer:
        """The rows of a HogQL query. One of a user has fewer rows than our own may have.

        Raises `Invalid` when somebody has cancelled the question.
        """
        context = self._context(is_user=is_user)
        began = time.perf_counter()
        try:
            return run(
                select,
                context,
                self.store,
                placeholders=placeholders,
                query_id=self.query_id,
                time_s_max=self.time_s_max,
            )
        finally:
            self.properties_read |= context.properties_read
            self._note(name, began)

    def stream(
        self, select: ast.SelectQuery | ast.SelectSetQuery, output_format: str, *, name: str = "query"
    ) -> Iterator[bytes]:
        """The same for a tree, in a ClickHouse format and in pieces, however many rows there are."""
        context = self._context(is_user=False)
        began = time.perf_counter()
        try:
            with streamed(
                select,
                context,
                self.store,
                output_format,
                query_id=self.query_id,
                time_s_max=self.time_s_max,
            ) as answer:
                while piece := answer.read(_PIECE_BYTES):
                    yield piece
        finally:
            self.properties_read |= context.properties_read
            self._note(name, began)

    def _context(self, *, is_user: bool) -> Context:
        if self.is_cancelled():
            raise Invalid(CANCELLED, code="cancelled")
        context = replace(self.context, parameters={}, properties_read=set(), _names={})
        return context if is_user else replace(context, limit_default=None, limit_max=OWN_ROWS_MAX)

    def _note(self, name: str, began: float) -> None:
        self.timings.append({"k": f"./{name}", "t": round(time.perf_counter() - began, 6)})
