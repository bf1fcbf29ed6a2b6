"""Words that a query chooses from."""

from collections.abc import Collection
from typing import Any

from appliance.failures import Invalid


def chosen(value: Any, choices: Collection[str], name: str, attr: str) -> str:
    """The value if it is one of the choices; `name` is what it is called when it is refused."""
    if not isinstance(value, str) or value not in choices:
        raise Invalid(f"{name} must be one of {', '.join(sorted(choices))}", attr=attr)
    return value
