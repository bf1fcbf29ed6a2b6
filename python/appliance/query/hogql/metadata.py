"""HogQLMetadata: what is wrong with a text while it is being written, and what it reads."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from appliance.failures import Invalid
from appliance.query.hogql import ast
from appliance.query.hogql.context import Context
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.hogql_query import QUERY_CHARACTERS_MAX, variables
from appliance.query.hogql.placeholders import replaced
from appliance.query.hogql.printer import Printer
from appliance.query.hogql.query_filters import with_filters
from appliance.query.hogql.schema import Schema
from appliance.query.hogql.user_text import checked, expression_of, query_of
from appliance.query.hogql.walk import nodes

if TYPE_CHECKING:
    from appliance.query.asked import Asked

_NOTICES_MAX = 100
_TYPES = {
    "Numeric": "Float",
    "Boolean": "Boolean",
    "DateTime": "DateTime",
    "String": "String",
    "Duration": "Float",
}
Mark = dict[str, Any]


def metadata(query: Mapping[str, Any], asked: "Asked") -> dict[str, Any]:
    text = query.get("query")
    if not isinstance(text, str):
        raise Invalid("query must be a text", attr="query.query", code="required")
    if len(text) > QUERY_CHARACTERS_MAX:
        raise Invalid(f"query may have at most {QUERY_CHARACTERS_MAX} characters", attr="query.query")
    about = _About(query, asked.context)
    try:
        about.look(str(query.get("language") or "hogQL"), text)
    except QueryError as error:
        about.errors.append(mark(error.message, error.start, error.end, len(text)))
    return {
        "query": text,
        "isValid": not about.errors,
        "isUsingIndices": about.indices,
        "errors": about.errors,
        "warnings": about.warnings,
        "notices": about.notices,
        "table_names": about.tables,
        "ch_table_names": about.physical,
    }


def mark(message: str, start: int | None, end: int | None, length: int) -> Mark:
    """Without a place in the text it is about all of it."""
    return {"message": message, "start": 0 if start is None else start, "end": length if end is None else end}


class _About:
    def __init__(self, query: Mapping[str, Any], context: Context) -> None:
        self._query = query
        self._context = context
        self.errors: list[Mark] = []
        self.warnings: list[Mark] = []
        self.notices: list[Mark] = []
        self.tables: list[str] = []
        self.physical: list[str] = []
        self.indices = "undecisive"

    def look(self, language: str, text: str) -> None:
        match language:
            case "hogQL":
                self._query_text(text)
            case "hogQLExpr":
                self._expression(text)
            case "hog" | "hogJson":
                from appliance.query.hogql.parse import parse_program  # noqa: PLC0415  loads the native module

                parse_program(text)
            case "hogTemplate":
                from appliance.query.hogql.parse import parse_template  # noqa: PLC0415

                parse_template(text)
            case "liquid":
                return
            case _:
                raise Invalid(f"Unsupported language: {language[:50]}", attr="query.language")

    def _query_text(self, text: str) -> None:
        tree = query_of(text)
        self._property_notices(tree)
        self._print(self._filled(tree))

    def _expression(self, text: str) -> None:
        expression = expression_of(text)
        self._property_notices(expression)
        self._print(self._around(self._filled(expression)))

    def _filled(self, tree: Any) -> Any:
        given = self._query.get("globals")
        values = dict(given) if isinstance(given, Mapping) else {}
        values |= {"variables": variables(self._query.get("variables"))}
        filtered = (
            with_filters(tree, self._query.get("filters"), self._context) if _has_filters(tree) else tree
        )
        return replaced(filtered, values)

    def _around(self, expression: ast.Expr) -> ast.Expr:
        """The query in which an expression is written: the one that is named, or one from events."""
        source = self._query.get("sourceQuery")
        text = source.get("query") if isinstance(source, Mapping) else None
        if isinstance(source, Mapping) and source.get("kind") == "HogQLQuery" and isinstance(text, str):
            inner = checked(self._filled(query_of(text)))
            return ast.SelectQuery([expression], select_from=ast.JoinExpr(inner, alias="source_query"))
        return ast.SelectQuery([expression], select_from=ast.JoinExpr(ast.Field(["events"])))

    def _print(self, tree: ast.Expr) -> None:
        printer = Printer(self._context, Schema(self._context))
        printer.query(tree, None, is_outer=True)
        self.tables = list(printer.tables_read)
        found = (printer.schema.named(name) for name in self.tables)
        self.physical = sorted({table.physical for table in found if table is not None and table.physical})
        if "events" in self.tables:
            self.indices = "yes" if _has_time_range(tree) else "partial"

    def _property_notices(self, tree: ast.Node) -> None:
        """The types that properties are read as, where a definition says so."""
        for node in nodes(tree):
            if not isinstance(node, ast.Field) or len(node.chain) != 2 or node.chain[0] != "properties":  # noqa: PLR2004
                continue
            kind = self._context.project.property_type("event", str(node.chain[1]))
            if kind is not None and node.start is not None and len(self.notices) < _NOTICES_MAX:
                message = f"Event property '{node.chain[1]}' is of type '{_TYPES[kind]}'."
                self.notices.append(mark(message, node.start, node.end, 0))


def _has_filters(tree: ast.Node) -> bool:
    return any(
        isinstance(node, ast.Placeholder)
        and isinstance(node.expr, ast.Field)
        and node.expr.chain[0] == "filters"
        for node in nodes(tree)
    )


def _has_time_range(tree: ast.Node) -> bool:
    """Whether some condition bounds the time, which is what the store is sorted by."""
    for node in nodes(tree):
        sides = (
            (node.left, node.right)
            if isinstance(node, ast.CompareOperation) and node.op in ("<", "<=", ">", ">=")
            else ()
        )
        if any(isinstance(side, ast.Field) and side.chain[-1] == "timestamp" for side in sides):
            return True
        if (
            isinstance(node, ast.BetweenExpr)
            and isinstance(node.expr, ast.Field)
            and node.expr.chain[-1] == "timestamp"
        ):
            return True
    return False
