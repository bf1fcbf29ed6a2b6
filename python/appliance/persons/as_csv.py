"""Persons as a table: who they are, then a column for each property that any of them has."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from appliance.persons.read import PersonView

_FIRST = ("id", "name", "distinct_ids", "created_at")
# A spreadsheet takes a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(persons: Sequence[PersonView]) -> str:
    names = sorted({name for one in persons for name in one["properties"]})
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*_FIRST, *(_cell(f"properties.{name}") for name in names)])
    for one in persons:
        first = [one["id"], one["name"], one["distinct_ids"], one["created_at"]]
        writer.writerow(
            [_cell(value) for value in first] + [_cell(one["properties"].get(name)) for name in names]
        )
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if value.startswith(_FORMULA) else value
