"""The functions that a query may call: anything else is refused, and a near name is suggested."""

from difflib import get_close_matches
from functools import lru_cache

from appliance.query.hogql.functions import aggregates, arrays, dates, internal, logic, numbers, strings
from appliance.query.hogql.functions.signature import Function

SCALARS: dict[str, Function] = (
    numbers.FUNCTIONS
    | arrays.FUNCTIONS
    | logic.FUNCTIONS
    | dates.FUNCTIONS
    | strings.FUNCTIONS
    | internal.FUNCTIONS
)
AGGREGATIONS: dict[str, Function] = aggregates.AGGREGATIONS
WINDOWS: dict[str, Function] = aggregates.WINDOWS

LISTS_OF_TEXTS = frozenset(
    name
    for name, one in strings.FUNCTIONS.items()
    if one.result.startswith("[") or one.result == "Array" or name.startswith("JSONExtract")
)

# All other names are case-sensitive.
FOLDED = frozenset(
    {"count", "min", "max", "sum", "avg", "any", "if", "not", "least", "greatest", "coalesce", "ifnull", "nullif",
     "isnull", "concat", "length", "lower", "upper", "substring", "replace", "round", "abs", "floor", "ceil"}
)  # fmt: skip
_SPELLED = {"ifnull": "ifNull", "nullif": "nullIf", "isnull": "isNull"}
_SUGGESTION_LENGTH_MAX = 60


def canonical(name: str) -> str:
    """The name as it is listed here."""
    lower = name.lower()
    return _SPELLED.get(lower, lower) if lower in FOLDED else name


def find(name: str) -> Function | None:
    return SCALARS.get(name) or AGGREGATIONS.get(name) or WINDOWS.get(name)


def suggestion(name: str) -> str | None:
    """A listed name that is likely meant."""
    if len(name) > _SUGGESTION_LENGTH_MAX:
        return None
    by_folded = _by_folded()
    if name.lower() in by_folded:
        return by_folded[name.lower()]
    near = get_close_matches(name.lower(), by_folded, n=1, cutoff=0.7)
    return by_folded[near[0]] if near else None


def public_names() -> list[str]:
    from appliance.query.hogql.functions.special import SPECIAL  # noqa: PLC0415  it writes what is listed here

    names = {*SCALARS, *AGGREGATIONS, *WINDOWS, *SPECIAL}
    return sorted(name for name in names if not name.startswith("_"))


@lru_cache(maxsize=1)
def _by_folded() -> dict[str, str]:
    return {name.lower(): name for name in reversed(public_names())}
