"""The syntax tree as HogQL text again: what answers call `hogql`, and columns without an alias are named by."""

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from appliance.query.hogql import ast

_PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_WORDS = frozenset(
    (  # noqa: SIM905  a list of words reads better as words
        "all and any array as asc between by case cast cohort cross desc distinct else end except exclude "
        "exists false final from full global group having if ilike in inf inner intersect interval into is "
        "join last left like limit nan natural not null nulls offset on or order over partition prewhere "
        "qualify range recursive return right rollup rows sample select semi set settings then ties to totals "
        "true try_cast unbounded union using values when where window with "
    ).split()
)
_TEXT = str.maketrans(
    {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0", "\b": "\\b", "\f": "\\f"}
)
_OPERATORS = {
    "==": "equals", "!=": "notEquals", "<": "less", "<=": "lessOrEquals", ">": "greater", ">=": "greaterOrEquals",
    "like": "like", "ilike": "ilike", "not like": "notLike", "not ilike": "notILike", "in": "in", "not in": "notIn",
    "global in": "globalIn", "global not in": "globalNotIn",
}  # fmt: skip
_ARITHMETIC = {"+": "plus", "-": "minus", "*": "multiply", "/": "divide", "%": "modulo"}


def show(node: ast.Expr) -> str:
    write = _WRITERS.get(type(node))
    if write is None:
        return type(node).__name__
    return write(node)


def name(value: str) -> str:
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return "`" + value.replace("\\", "\\\\").replace("`", "``") + "`"


def _list(nodes: Sequence[ast.Expr]) -> str:
    return ", ".join(show(one) for one in nodes)


def constant(value: Any) -> str:  # noqa: C901, PLR0911  one line for each kind of value
    match value:
        case None:
            return "NULL"
        case bool():
            return "true" if value else "false"
        case float():
            if math.isnan(value):
                return "nan"
            return ("inf" if value > 0 else "-inf") if math.isinf(value) else repr(value)
        case int():
            return str(value)
        case datetime():
            return f"toDateTime({constant(value.isoformat(sep=' '))})"
        case date():
            return f"toDate({constant(value.isoformat())})"
        case UUID():
            return f"toUUID({constant(str(value))})"
        case tuple():
            return f"tuple({', '.join(constant(one) for one in value)})"
        case list() | set() | frozenset():
            return f"[{', '.join(constant(one) for one in value)}]"
        case dict():
            return f"map({', '.join(f'{constant(key)}, {constant(one)}' for key, one in value.items())})"
    return "'" + str(value).translate(_TEXT) + "'"


def _field(node: ast.Field) -> str:
    return ".".join(str(one) if isinstance(one, int) or one == "*" else name(one) for one in node.chain)


def _placeholder(node: ast.Placeholder) -> str:
    return f"{{{show(node.expr)}}}"


def _comparison(node: ast.CompareOperation) -> str:
    left, right = show(node.left), show(node.right)
    if node.op in ("==", "!=") and isinstance(node.right, ast.Constant) and node.right.value is None:
        return f"{'isNull' if node.op == '==' else 'isNotNull'}({left})"
    if node.op in ("==", "!=") and isinstance(node.left, ast.Constant) and node.left.value is None:
        return f"{'isNull' if node.op == '==' else 'isNotNull'}({right})"
    if node.op in ("in cohort", "not in cohort"):
        return f"{left} {node.op.upper()} {right}"
    if node.op in ("=~", "!~", "=~*", "!~*"):
        return f"{left} {node.op} {right}"
    return f"{_OPERATORS[node.op]}({left}, {right})"


def _distinct(node: ast.IsDistinctFrom) -> str:
    return f"{show(node.left)} IS {'NOT ' if node.negated else ''}DISTINCT FROM {show(node.right)}"


def _between(node: ast.BetweenExpr) -> str:
    negation = "NOT " if node.negated else ""
    return f"{show(node.expr)} {negation}BETWEEN {show(node.low)} AND {show(node.high)}"


def _call(node: ast.Call) -> str:
    parameters = f"({_list(node.params)})" if node.params is not None else ""
    arguments = ("DISTINCT " if node.distinct else "") + _list(node.args)
    if node.order_by:
        arguments += f" ORDER BY {_list(node.order_by)}"
    called = node.name if _PLAIN.fullmatch(node.name) else name(node.name)
    text = f"{called}{parameters}({arguments})"
    if node.within_group:
        if not node.args:
            text = f"{called}{parameters}"
        text += f" WITHIN GROUP (ORDER BY {_list(node.within_group)})"
    return text + (f" FILTER (WHERE {show(node.filter_expr)})" if node.filter_expr is not None else "")


def _lambda(node: ast.Lambda) -> str:
    arguments = node.args[0] if len(node.args) == 1 else f"({', '.join(name(one) for one in node.args)})"
    return f"{arguments} -> {show(node.expr)}" if isinstance(node.expr, ast.Expr) else f"{arguments} -> {{…}}"


def _window_function(node: ast.WindowFunction) -> str:
    arguments = f"({_list(node.args)})" if node.args else ""
    over = name(node.over_identifier) if node.over_identifier else f"({_window(node.over_expr)})"
    condition = f" FILTER (WHERE {show(node.filter_expr)})" if node.filter_expr is not None else ""
    return f"{node.name}({_list(node.exprs)}){arguments}{condition} OVER {over}"


def _window(node: ast.WindowExpr | None) -> str:
    if node is None:
        return ""
    parts = []
    if node.partition_by:
        parts.append(f"PARTITION BY {_list(node.partition_by)}")
    if node.order_by:
        parts.append(f"ORDER BY {_list(node.order_by)}")
    if node.frame_method and node.frame_start:
        start = show(node.frame_start)
        frame = f"BETWEEN {start} AND {show(node.frame_end)}" if node.frame_end else start
        parts.append(f"{node.frame_method} {frame}")
    return " ".join(parts)


def _frame(node: ast.WindowFrameExpr) -> str:
    if node.frame_type == "CURRENT ROW":
        return node.frame_type
    if node.frame_value is None:
        return f"UNBOUNDED {node.frame_type}"
    value = show(node.frame_value) if isinstance(node.frame_value, ast.Expr) else str(node.frame_value)
    return f"{value} {node.frame_type}"


def _order(node: ast.OrderExpr) -> str:
    text = f"{show(node.expr)} {node.order}" + (f" NULLS {node.nulls}" if node.nulls else "")
    if node.with_fill:
        text += " WITH FILL"
        fill = node.with_fill
        for word, value in (("FROM", fill.from_value), ("TO", fill.to_value), ("STEP", fill.step_value)):
            text += f" {word} {show(value)}" if value is not None else ""
    return text


def _columns(node: ast.ColumnsExpr) -> str:
    if node.regex is not None:
        return f"COLUMNS({constant(node.regex)})"
    if node.columns is not None:
        return f"COLUMNS({_list(node.columns)})"
    text = f"* EXCLUDE ({', '.join(name(one) for one in node.exclude)})" if node.exclude else "*"
    if node.replace:
        changed = ", ".join(f"{show(value)} AS {name(key)}" for key, value in node.replace.items())
        return f"COLUMNS({text} REPLACE ({changed}))"
    return text


def _tag(node: ast.HogQLXTag) -> str:
    attributes, children = [], ""
    for one in node.attributes:
        value = one.value
        if isinstance(value, list):
            children += "".join(f"{{{show(each)}}}" for each in value)
        elif isinstance(value, ast.Constant) and isinstance(value.value, str):
            attributes.append(f"{one.name}={constant(value.value)}")
        else:
            attributes.append(f"{one.name}={{{show(value)}}}")
    head = " ".join([node.kind, *attributes])
    return f"<{head}>{children}</{node.kind}>" if children else f"<{head} />"


def _access(node: ast.ArrayAccess) -> str:
    return f"{_operand(node.array)}{'?.' if node.nullish else ''}[{show(node.property)}]"


def _operand(node: ast.Expr) -> str:
    """In parentheses where what follows would otherwise belong to a part of it."""
    bare = ast.Field | ast.Call | ast.Array | ast.ArrayAccess | ast.TupleAccess | ast.Constant | ast.Tuple
    return show(node) if isinstance(node, bare | ast.SelectQuery | ast.SelectSetQuery) else f"({show(node)})"


def _pivot(node: ast.PivotExpr) -> str:
    columns = " ".join(f"{show(one.column)} IN ({_list(one.values)})" for one in node.columns)
    group = f" GROUP BY {_list(node.group_by)}" if node.group_by else ""
    return f"{show(node.table)} PIVOT({_list(node.aggregates)} FOR {columns}{group})"


def _unpivot(node: ast.UnpivotExpr) -> str:
    parts = [
        f"{show(one.value_columns)} FOR {show(one.name_columns)} IN ({_list(one.unpivot_values)})"
        for one in node.columns
    ]
    nulls = " INCLUDE NULLS" if node.include_nulls else ""
    return f"{show(node.table)} UNPIVOT{nulls} ({' '.join(parts)})"


def _cte(node: ast.CTE) -> str:
    if node.cte_type == "column":
        return f"{_enclosed(node.expr)} AS {name(node.name)}"
    columns = f"({', '.join(name(one) for one in node.columns)})" if node.columns else ""
    keys = f" USING KEY ({', '.join(name(one) for one in node.using_key)})" if node.using_key else ""
    kept = "" if node.materialized is None else "MATERIALIZED " if node.materialized else "NOT MATERIALIZED "
    return f"{name(node.name)}{columns}{keys} AS {kept}{_enclosed(node.expr)}"


def _enclosed(node: ast.Expr) -> str:
    """A query stands in parentheses already."""
    return show(node)


def _ratio(node: ast.RatioExpr) -> str:
    return show(node.left) + (f"/{show(node.right)}" if node.right is not None else "")


def _sample(node: ast.SampleExpr) -> str:
    offset = f" OFFSET {show(node.offset_value)}" if node.offset_value is not None else ""
    return f"SAMPLE {show(node.sample_value)}{offset}"


def _join(node: ast.JoinExpr) -> str:
    text = show(node.table) if node.table is not None else ""
    if node.table_args is not None:
        text += f"({_list(node.table_args)})"
    if node.alias:
        text += f" AS {name(node.alias)}"
    if node.column_aliases:
        text += f"({', '.join(name(one) for one in node.column_aliases)})"
    text += " FINAL" if node.table_final else ""
    text += f" {_sample(node.sample)}" if node.sample is not None else ""
    if node.constraint is not None:
        word = node.constraint.constraint_type
        on = show(node.constraint.expr)
        text += f" USING {on}" if word == "USING" and on.startswith("(") else f" {word} {on}"
    if node.next_join is not None:
        text += f" {_join_words(node.next_join.join_type or 'JOIN')} {_join(node.next_join)}"
    return text


def _join_words(words: str) -> str:
    """The grammar has ASOF before the side wherever there is a third word."""
    parts = words.split()
    if "ASOF" in parts and ("ANTI" in parts or "SEMI" in parts):
        first = [one for one in ("ASOF", "ANTI", "SEMI") if one in parts]
        return " ".join([*first, *(one for one in parts if one not in first)])
    return words


def _values(node: ast.ValuesQuery) -> str:
    return f"(VALUES {', '.join(f'({_list(row)})' for row in node.rows)})"


def show_query(node: ast.Expr) -> str:
    """Without parentheses around it."""
    if isinstance(node, ast.SelectQuery):
        return _select(node)
    if isinstance(node, ast.SelectSetQuery):
        return _set(node)
    return show(node)


def _select(node: ast.SelectQuery) -> str:
    parts = (
        [f"WITH {'RECURSIVE ' if any(one.recursive for one in node.ctes) else ''}{_list(node.ctes)}"]
        if node.ctes
        else []
    )
    parts.append(f"SELECT {'DISTINCT ' if node.distinct else ''}{_list(node.select)}")
    if node.select_from is not None:
        parts.append(f"FROM {_join(node.select_from)}")
    if node.array_join_op:
        parts.append(f"{node.array_join_op} {_list(node.array_join_list or [])}")
    parts += [f"PREWHERE {show(node.prewhere)}"] if node.prewhere is not None else []
    parts += [f"WHERE {show(node.where)}"] if node.where is not None else []
    parts += _grouping(node)
    parts += [f"HAVING {show(node.having)}"] if node.having is not None else []
    if node.window_exprs:
        parts.append(
            "WINDOW " + ", ".join(f"{name(k)} AS ({_window(v)})" for k, v in node.window_exprs.items())
        )
    parts += [f"QUALIFY {show(node.qualify)}"] if node.qualify is not None else []
    if node.limit_by is not None:
        order = _tail_order(node)
        by = node.limit_by
        offset = f" OFFSET {show(by.offset_value)}" if by.offset_value is not None else ""
        return " ".join(
            [*parts, *order, f"LIMIT {show(by.n)}{offset} BY {_list(by.exprs)}", *_tail_limit(node)]
        )
    return " ".join([*parts, *_tail_order(node), *_tail_limit(node)])


def _grouping(node: ast.SelectQuery) -> list[str]:
    totals = ["WITH TOTALS"] if node.with_totals else []
    if node.group_by_mode == "all":
        return ["GROUP BY ALL", *totals]
    if not node.group_by:
        return totals
    keys = _list(node.group_by)
    if node.group_by_mode in ("rollup", "cube"):
        return [f"GROUP BY {node.group_by_mode.upper()}({keys})", *totals]
    if node.group_by_mode == "grouping_sets":
        return [f"GROUP BY GROUPING SETS ({keys})", *totals]
    return [f"GROUP BY {keys}", *totals]


def _tail_order(node: ast.SelectQuery | ast.SelectSetQuery) -> list[str]:
    parts = [f"ORDER BY {_list(node.order_by)}"] if node.order_by else []
    if isinstance(node, ast.SelectQuery) and node.interpolate:
        parts.append(f"INTERPOLATE ({', '.join(_interpolated(one) for one in node.interpolate)})")
    return parts


def _interpolated(node: ast.InterpolateExpr) -> str:
    return show(node.expr) + (f" AS {show(node.value)}" if node.value is not None else "")


def _tail_limit(node: ast.SelectQuery | ast.SelectSetQuery) -> list[str]:
    percent = "%" if node.limit_percent else ""
    parts = [f"LIMIT {show(node.limit)}{percent}"] if node.limit is not None else []
    parts += [f"OFFSET {show(node.offset)}"] if node.offset is not None else []
    return parts + (["WITH TIES"] if node.limit_with_ties else [])


def _set(node: ast.SelectSetQuery) -> str:
    # With parentheses around its members what comes last is of the whole.
    tail = [*_tail_order(node), *_tail_limit(node)]
    text = _member(node.initial_select_query, is_enclosed=bool(tail))
    for one in node.subsequent_select_queries:
        text += f" {one.set_operator} {_member(one.select_query, is_enclosed=bool(tail))}"
    return " ".join([text, *tail])


def _member(node: ast.Expr, *, is_enclosed: bool) -> str:
    plain = (
        isinstance(node, ast.SelectQuery) and not node.order_by and node.limit is None and node.offset is None
    )
    return _select(node) if isinstance(node, ast.SelectQuery) and plain and not is_enclosed else show(node)


_WRITERS: dict[type, Callable[[Any], str]] = cast(
    "dict[type, Callable[[Any], str]]",
    {
        ast.Constant: lambda node: constant(node.value),
        ast.Field: _field,
        ast.Placeholder: _placeholder,
        ast.Array: lambda node: f"[{_list(node.exprs)}]",
        ast.Tuple: lambda node: f"tuple({_list(node.exprs)})",
        ast.Dict: lambda node: f"{{{', '.join(f'{show(key)}: {show(value)}' for key, value in node.items)}}}",
        ast.ColumnsExpr: _columns,
        ast.ArithmeticOperation: lambda node: (
            f"{_ARITHMETIC[node.op]}({show(node.left)}, {show(node.right)})"
        ),
        ast.CompareOperation: _comparison,
        ast.IsDistinctFrom: _distinct,
        ast.BetweenExpr: _between,
        ast.And: lambda node: f"and({_list(node.exprs)})",
        ast.Or: lambda node: f"or({_list(node.exprs)})",
        ast.Not: lambda node: f"not({show(node.expr)})",
        ast.Alias: lambda node: f"{show(node.expr)} AS {name(node.alias)}",
        ast.TypeCast: lambda node: f"CAST({show(node.expr)} AS {node.type_name})",
        ast.TryCast: lambda node: f"TRY_CAST({show(node.expr)} AS {node.type_name})",
        ast.ArrayAccess: _access,
        ast.PivotExpr: _pivot,
        ast.UnpivotExpr: _unpivot,
        ast.PositionalRef: lambda node: f"#{node.index}",
        ast.SpreadExpr: lambda node: f"*{show(node.expr)}",
        ast.ArraySlice: lambda node: (
            f"{show(node.array)}[{show(node.start_expr) if node.start_expr else ''}"
            f":{show(node.end_expr) if node.end_expr else ''}]"
        ),
        ast.TupleAccess: lambda node: f"{_operand(node.tuple)}{'?.' if node.nullish else '.'}{node.index}",
        ast.Call: _call,
        ast.ExprCall: lambda node: f"{_operand(node.expr)}({_list(node.args)})",
        ast.NamedArgument: lambda node: f"{node.name} := {show(node.value)}",
        ast.Lambda: _lambda,
        ast.WindowFunction: _window_function,
        ast.WindowFrameExpr: _frame,
        ast.OrderExpr: _order,
        ast.GroupingSet: lambda node: f"({_list(node.exprs)})",
        ast.RatioExpr: _ratio,
        ast.JoinExpr: _join,
        ast.ValuesQuery: _values,
        ast.CTE: _cte,
        ast.SelectQuery: lambda node: f"({_select(node)})",
        ast.SelectSetQuery: lambda node: f"({_set(node)})",
        ast.HogQLXTag: _tag,
    },
)
