"""HogQLQuery: a SELECT as the user wrote it, with its values, filters and variables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from appliance.failures import Invalid
from appliance.query.hogql.context import Context
from appliance.query.hogql.placeholders import placeholder_names, replaced
from appliance.query.hogql.printer import Query
from appliance.query.hogql.query_filters import with_filters
from appliance.query.hogql.user_text import query_of

if TYPE_CHECKING:
    from appliance.query.asked import Asked

QUERY_CHARACTERS_MAX = 1_000_000
_VARIABLES_MAX = 200


@dataclass(frozen=True, slots=True)
class Prepared:
    text: str
    tree: Query


def hogql_query(query: Mapping[str, Any], asked: "Asked") -> dict[str, Any]:
    prepared = prepare(query, asked.context)
    answer = asked.run(prepared.tree, is_user=True)
    response: dict[str, Any] = {
        "query": prepared.text,
        "hogql": answer.hogql,
        "columns": list(answer.columns),
        "types": [[name, kind] for name, kind in zip(answer.columns, answer.types, strict=False)],
        "results": answer.rows,
        "hasMore": answer.has_more,
        "limit": answer.limit if answer.limit is not None else asked.context.limit_max,
        "offset": answer.offset,
    }
    if query.get("explain") is True or asked.context.modifier("debug") is True:
        response["clickhouse"] = answer.sql
    return response


def prepare(query: Mapping[str, Any], context: Context) -> Prepared:
    """The query of a HogQLQuery with every placeholder replaced."""
    text = query.get("query")
    if not isinstance(text, str) or not text.strip():
        raise Invalid("query must be a text", attr="query.query", code="required")
    if len(text) > QUERY_CHARACTERS_MAX:
        raise Invalid(f"query may have at most {QUERY_CHARACTERS_MAX} characters", attr="query.query")
    tree = query_of(text)
    values = query.get("values") or {}
    if not isinstance(values, Mapping):
        raise Invalid("values must be an object", attr="query.values")
    if "filters" not in values and any(name.split(".")[0] == "filters" for name in placeholder_names(tree)):
        tree = with_filters(tree, query.get("filters"), context)
    return Prepared(text, replaced(tree, {**values, "variables": variables(query.get("variables"))}))


def variables(given: Any) -> dict[str, Any]:
    """Values by code name; an `isNull` one is NULL whatever it was."""
    if given is None:
        return {}
    if not isinstance(given, Mapping) or len(given) > _VARIABLES_MAX:
        raise Invalid("variables must be an object of few variables", attr="query.variables")
    found = {}
    for one in given.values():
        if not isinstance(one, Mapping) or not isinstance(one.get("code_name"), str):
            raise Invalid("a variable must have a code_name", attr="query.variables")
        found[one["code_name"]] = None if one.get("isNull") else _plain(one.get("value"))
    return found


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Sequence) and all(isinstance(one, str | int | float | bool) for one in value):
        return list(value)
    raise Invalid(
        "a variable's value must be a text, a number, a boolean or a list of them", attr="query.variables"
    )
