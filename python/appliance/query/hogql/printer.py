"""From the syntax tree to ClickHouse's SQL, in one walk.

A SELECT is written from the inside out: first its tables are named, then its expressions are written, which tells the
tables what is needed of them, and last the tables themselves.
"""

from dataclasses import dataclass, field

from appliance.query.hogql import ast
from appliance.query.hogql.context import Context
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.expressions import write_expression
from appliance.query.hogql.quoting import identifier
from appliance.query.hogql.schema import Schema
from appliance.query.hogql.scope import Scope
from appliance.query.hogql.select import write_select
from appliance.query.hogql.set_queries import write_set
from appliance.query.hogql.value_types import Type
from appliance.query.hogql.written import Written

_DEPTH_MAX = 120
_CHARACTERS_MAX = 2_000_000
_CTES_MAX = 200
_QUERIES_MAX = 600
Query = ast.SelectQuery | ast.SelectSetQuery


@dataclass(frozen=True, slots=True)
class Printed:
    sql: str
    columns: tuple[tuple[str, Type], ...]
    """Names as another query may call them, or as HogQL for the outermost."""


@dataclass(slots=True)
class Printer:
    context: Context
    schema: Schema
    _depth: int = 0
    _numbers: int = 0
    _characters: int = 0
    queries: int = 0
    """How many the store will make of it, which writes a CTE out wherever it is named."""
    tables_read: dict[str, None] = field(default_factory=dict)
    """Virtual tables that the query names, in order."""

    def number(self) -> int:
        """For names of our own."""
        self._numbers += 1
        return self._numbers

    def count_queries(self, more: int, node: ast.Expr) -> None:
        self.queries += more
        if self.queries > _QUERIES_MAX:
            raise QueryError(
                "The query is too involved: its parts name each other too often", node.start, node.end
            )

    def expression(self, node: ast.Expr, scope: Scope) -> Written:
        self._depth += 1
        if self._depth > _DEPTH_MAX:
            raise QueryError("The query is nested too deeply", node.start, node.end)
        try:
            written = write_expression(node, scope)
        except QueryError as error:
            # The innermost node that has a place in the text is where it went wrong.
            if error.start is None and node.start is not None:
                error.start, error.end = node.start, node.end
            raise
        finally:
            self._depth -= 1
        self._characters += len(written.sql) if self._depth == 0 else 0
        if len(written.sql) > _CHARACTERS_MAX or self._characters > _CHARACTERS_MAX:
            raise QueryError("The query is too long once it is written out", node.start, node.end)
        return written

    def query(self, node: ast.Expr, parent: Scope | None, *, is_outer: bool = False) -> Printed:
        self._depth += 1
        if self._depth > _DEPTH_MAX:
            raise QueryError("The query is nested too deeply", node.start, node.end)
        try:
            if isinstance(node, ast.SelectQuery):
                self.count_queries(1, node)
                return write_select(node, self, parent, is_outer=is_outer)
            if isinstance(node, ast.SelectSetQuery):
                return write_set(node, self, parent, is_outer=is_outer)
        except QueryError as error:
            if error.start is None and node.start is not None:
                error.start, error.end = node.start, node.end
            raise
        finally:
            self._depth -= 1
        raise QueryError("A query was expected here", node.start, node.end)


def with_clause(parts: list[str], *, is_recursive: bool) -> str:
    if not parts:
        return ""
    if len(parts) > _CTES_MAX:
        raise QueryError(f"A query may have at most {_CTES_MAX} CTEs")
    return f"WITH {'RECURSIVE ' if is_recursive else ''}{', '.join(parts)} "


def print_query(node: Query, context: Context, schema: Schema | None = None) -> Printed:
    """The SQL of a whole query; its constants are in `context.parameters`."""
    printer = Printer(context, schema or Schema(context))
    try:
        return printer.query(node, None, is_outer=True)
    except RecursionError:
        raise QueryError("The query is nested too deeply") from None


__all__ = ["Printed", "Printer", "Query", "identifier", "print_query", "with_clause"]
