"""What is worked out from how a person first came: their first channel."""

from collections.abc import Mapping
from functools import lru_cache

from appliance.query.hogql.schema.channels import KIND, channel_sql, domain_lookup
from appliance.query.hogql.schema.table import Column, TableField
from appliance.query.hogql.value_types import STRING, Type

_TEXTS = ("utm_source", "utm_medium", "utm_campaign", "referring_domain")
_IDS = ("gclid", "fbclid")


@lru_cache(maxsize=8)
def fields(properties: str) -> Mapping[str, TableField]:
    """`properties` is the SQL of a person's document."""
    parts = [_text(properties, name) for name in _TEXTS]
    parts += [f"toUInt8(notEmpty({_text(properties, name)}))" for name in _IDS]
    parts.append(_text(properties, "gad_source"))
    domain = f"nullIf({_text(properties, 'referring_domain')}, '')"
    return {
        "$virt_initial_channel_type": Column(channel_sql(f"tuple({', '.join(parts)})"), STRING, hidden=True),
        "$virt_initial_referring_domain_type": Column(
            domain_lookup(domain, KIND), Type("String"), hidden=True
        ),
    }


def _text(properties: str, name: str) -> str:
    return f"ifNull(JSONExtract({properties}, '$initial_{name}', 'Nullable(String)'), '')"
