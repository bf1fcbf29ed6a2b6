"""GroupsQuery: the groups of one type."""

from collections.abc import Callable, Mapping
from typing import Any

from appliance.failures import Invalid
from appliance.query.asked import Asked
from appliance.query.columns import grouped, read_columns, read_limit, read_order, without_label
from appliance.query.events_query import object_of
from appliance.query.filters import Scope, property_to_expr
from appliance.query.filters.patterns import like_literal
from appliance.query.filters.properties import group_index
from appliance.query.filters.terms import TRUE, alias, call, compare, constant, equals, every, field, some
from appliance.query.hogql import ast

_DEFAULT_COLUMNS = ["group_name", "key"]
_SEARCH_CHARACTERS_MAX = 500


def groups_query(query: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """The answer to a GroupsQuery: a row a group, the newest first. Whole `properties` are shown as an object."""
    special: Mapping[str, Callable[[], ast.Expr]] = {"group_name": _name}
    columns = read_columns(query.get("select") or _DEFAULT_COLUMNS, special)
    limit, offset = read_limit(query, asked.context.limit_max)
    order = query.get("orderBy")
    newest = [ast.OrderExpr(field("created_at"), "DESC"), ast.OrderExpr(field("key"), "ASC")]
    groups = grouped(columns)
    tree = ast.SelectQuery(
        [alias(f"column_{number}", column.expr) for number, column in enumerate(columns)],
        select_from=ast.JoinExpr(field("groups")),
        where=_where(query, asked),
        group_by=groups or None,
        order_by=read_order(order, special) if order else None if groups is not None else newest,
        limit=constant(limit),
        offset=constant(offset),
    )
    answer = asked.run(tree, name="groups")
    whole = {number for number, one in enumerate(columns) if without_label(one.text) == "properties"}
    return {
        "results": [
            [object_of(value) if number in whole else value for number, value in enumerate(row)]
            for row in answer.rows
        ],
        "columns": [column.text for column in columns],
        "types": list(answer.types),
        "hogql": answer.hogql,
        "hasMore": answer.has_more,
        "limit": limit,
        "offset": offset,
    }


def _where(query: Mapping[str, Any], asked: Asked) -> ast.Expr:
    filters = property_to_expr(query.get("properties"), asked.context, Scope("group"))
    of_type = equals(field("index"), group_index(query.get("group_type_index")))
    return every((of_type, filters, _searched(query.get("search"))))


def _searched(text: Any) -> ast.Expr:
    if text is None or text == "":
        return TRUE
    if not isinstance(text, str) or len(text) > _SEARCH_CHARACTERS_MAX:
        raise Invalid(f"search must be a text of at most {_SEARCH_CHARACTERS_MAX} characters", attr="search")
    pattern = constant(f"%{like_literal(text)}%")
    return some(compare(one, "ilike", pattern) for one in (field("key"), field("properties", "name")))


def _name() -> ast.Expr:
    """What a group is called; its key where nobody named it."""
    return call("ifNull", call("nullIf", field("properties", "name"), constant("")), field("key"))
