"""An answer as a file: CSV for spreadsheets, JSON for programs."""

import csv
import io
import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from appliance.exports.kept import Content
from appliance.exports.table import table_of
from appliance.query.encode import encoded, plain

_PIECE_CHARACTERS = 1 << 18
# A spreadsheet takes a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Write = Callable[[Mapping[str, Any], Content], None]


def as_csv(response: Mapping[str, Any], content: Content) -> None:
    names, rows = table_of(response)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([_cell(name) for name in names])
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        if buffer.tell() > _PIECE_CHARACTERS:
            content.write(buffer.getvalue().encode())
            buffer.seek(0)
            buffer.truncate()
    content.write(buffer.getvalue().encode())


def as_json(response: Mapping[str, Any], content: Content) -> None:
    kept = {name: response[name] for name in ("columns", "types", "results") if name in response}
    content.write(encoded(kept))


WRITERS: Mapping[str, tuple[str, Write]] = {
    "text/csv": ("csv", as_csv),
    "application/json": ("json", as_json),
}
"""By format: the ending of the file's name, and who writes it."""


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return f"'{value}" if value.startswith(_FORMULA) else value
        case float() if not math.isfinite(value):
            return ""
        case bool() | int() | float() | list() | tuple() | Mapping():
            return json.dumps(value, default=plain, ensure_ascii=False)
        case _:
            return str(plain(value))
