"""HogQLAutocomplete: what could come next at a place in a text that is not finished, and so is not parsed."""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from appliance.failures import HogletError, Invalid
from appliance.query.hogql import ast
from appliance.query.hogql.database_schema import type_name
from appliance.query.hogql.functions import find, public_names
from appliance.query.hogql.hogql_query import QUERY_CHARACTERS_MAX
from appliance.query.hogql.schema import Schema
from appliance.query.hogql.schema.table import Branch, Column, Computed, Link, Path, Table, TableField
from appliance.query.hogql.show import name as shown

if TYPE_CHECKING:
    from appliance.query.asked import Asked

_CHAIN = re.compile(r"(?:[A-Za-z_$][\w$]*|`[^`\n]*`)?(?:\.(?:[A-Za-z_$][\w$]*|`[^`\n]*`)?)*\Z")
_TABLE = re.compile(r"\b(?:from|join)\s+([A-Za-z_][\w$.]*)(?:\s+(?:as\s+)?([A-Za-z_][\w$]*))?", re.IGNORECASE)
_AFTER_FROM = re.compile(r"\b(?:from|join)\s+[\w$.]*\Z", re.IGNORECASE)
_KEYWORDS = (
    "SELECT", "FROM", "WHERE", "GROUP BY", "HAVING", "ORDER BY", "LIMIT", "OFFSET", "JOIN", "LEFT JOIN", "ON", "AS",
    "AND", "OR", "NOT", "IN", "LIKE", "ILIKE", "BETWEEN", "IS NULL", "CASE", "WHEN", "THEN", "ELSE", "END", "DISTINCT",
    "WITH", "UNION ALL", "ARRAY JOIN", "ASC", "DESC", "TRUE", "FALSE", "NULL", "INTERVAL",
)  # fmt: skip
_NOT_ALIASES = frozenset(word.split()[0].lower() for word in _KEYWORDS) | {
    "inner",
    "right",
    "full",
    "cross",
    "sample",
}
_SUGGESTIONS_MAX = 2_000
_ROWS_LOOKED_AT = 1_000
_PROPERTIES_MAX = 500
Suggestion = dict[str, Any]


def autocomplete(query: Mapping[str, Any], asked: "Asked") -> dict[str, Any]:
    text, at = query.get("query"), query.get("endPosition")
    if not isinstance(text, str) or len(text) > QUERY_CHARACTERS_MAX:
        raise Invalid("query must be a text", attr="query.query", code="required")
    if not isinstance(at, int) or isinstance(at, bool) or not 0 <= at <= len(text):
        raise Invalid("endPosition must lie in the query", attr="query.endPosition")
    is_expression = query.get("language") == "hogQLExpr"
    found = _Suggestions(asked, _tables(text, is_expression=is_expression)).at(text[:at])
    return {"suggestions": found[:_SUGGESTIONS_MAX], "incomplete_list": len(found) > _SUGGESTIONS_MAX}


def _tables(text: str, *, is_expression: bool) -> dict[str, str]:
    """Table by the name it goes by. Columns are mostly written before the table: then they are those of events."""
    found = {"events": "events"} if is_expression or _TABLE.search(text) is None else {}
    for match in _TABLE.finditer(text):
        alias = match[2] if match[2] and match[2].lower() not in _NOT_ALIASES else match[1].split(".")[-1]
        found[alias] = match[1]
    return found


class _Suggestions:
    def __init__(self, asked: "Asked", tables: Mapping[str, str]) -> None:
        self._asked = asked
        self._schema = Schema(asked.context)
        known = ((alias, self._schema.named(name)) for alias, name in tables.items())
        self._tables = {alias: table for alias, table in known if table is not None}

    def at(self, before: str) -> list[Suggestion]:
        if _AFTER_FROM.search(before):
            return [_suggestion(table.name, "Folder", "Table") for table in self._schema]
        match = _CHAIN.search(before)
        steps = [step.strip("`") for step in match.group().split(".")] if match else [""]
        if len(steps) > 1:
            return self._below(steps[:-1])
        fields = [one for table in self._tables.values() for one in _fields(table.fields)]
        tables = [_suggestion(alias, "Folder", "Table") for alias in self._tables]
        keywords = [_suggestion(word, "Keyword", None) for word in _KEYWORDS]
        return _distinct([*fields, *tables, *keywords, *_functions()])

    def _below(self, steps: list[str]) -> list[Suggestion]:
        """Of what a dotted name leads to."""
        for alias, table in self._tables.items():
            rest = steps[1:] if steps[0] == alias else steps
            if steps[0] == alias or steps[0] in table.fields:
                return self._of_table(table, rest)
        return []

    def _of_table(self, table: Table, steps: list[str]) -> list[Suggestion]:
        fields: Mapping[str, TableField] = table.fields
        if not steps:
            return _fields(fields)
        found = fields.get(steps[0])
        match found:
            case Path():
                return self._of_table(table, [*found.chain, *steps[1:]])
            case Link():
                target = self._schema.get(found.table)
                return self._of_table(target, steps[1:]) if target is not None else []
            case Branch():
                fields = found.fields
                if len(steps) == 1:
                    return _fields(fields)
                found = fields.get(steps[1])
        if isinstance(found, Column) and found.type.name == "JSON":
            return self._properties(found)
        return []

    def _properties(self, column: Column) -> list[Suggestion]:
        """Names that recent rows have."""
        table = {"event": "events", "person": "persons", "group": "groups"}.get(column.type.owner or "")
        if table is None:
            return []
        recent = ast.SelectQuery(
            [ast.Field(["properties"])],
            select_from=ast.JoinExpr(ast.Field([table])),
            limit=ast.Constant(_ROWS_LOOKED_AT),
        )
        names = ast.SelectQuery(
            [
                ast.Alias(
                    "name", ast.Call("arrayJoin", [ast.Call("JSONExtractKeys", [ast.Field(["properties"])])])
                )
            ],
            distinct=True,
            select_from=ast.JoinExpr(recent, alias="recent"),
            limit=ast.Constant(_PROPERTIES_MAX),
        )
        try:
            answer = self._asked.run(names)
        except HogletError:
            # An editor without these is better than one that shows an error at each key.
            return []
        return [
            _suggestion(name, "Variable", "Property") for name in sorted(str(row[0]) for row in answer.rows)
        ]


def _fields(fields: Mapping[str, TableField]) -> list[Suggestion]:
    found = []
    for name, one in fields.items():
        if isinstance(one, Column | Computed):
            if not one.hidden:
                found.append(_suggestion(name, "Variable", type_name(one.type)))
        else:
            found.append(_suggestion(name, "Folder", "Table"))
    return found


def _functions() -> Iterable[Suggestion]:
    for name in public_names():
        function = find(name)
        takes_nothing = function is not None and function.most == 0
        yield _suggestion(name, "Function", "Function") | {
            "insertText": f"{name}()" if takes_nothing else f"{name}("
        }


def _suggestion(label: str, kind: str, detail: str | None) -> Suggestion:
    text = label if kind in ("Keyword", "Function") else ".".join(shown(one) for one in label.split("."))
    return {"label": label, "insertText": text, "kind": kind, "detail": detail, "documentation": None}


def _distinct(found: Iterable[Suggestion]) -> list[Suggestion]:
    return list({(one["label"], one["kind"]): one for one in found}.values())
