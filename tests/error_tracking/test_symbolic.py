"""Every token of large maps of real packages comes to what Sentry's `symbolic` from PyPI makes of it.

What is known to differ: `symbolic` counts lines and columns from 1 where PostHog writes them from 0; it keeps the
carriage returns of lines of source, has one line less before, and an empty one behind the last; and its package was
built with an older resolver of names, which leaves some members of classes as they were minified.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from symbolic.sourcemapcache import SourceMapCache

from appliance._native import stacks

PACKAGES = Path(__file__).parents[2] / "web" / "node_modules"
SCRIPTS = ("echarts/dist/echarts.js", "zrender/dist/zrender.js", "posthog-js/dist/array.full.js")
DIGITS = {
    digit: value
    for value, digit in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
}
AT_A_TIME = 10_000
CONTEXT, CONTEXT_EVERY = 15, 50


def tokens(mappings: str) -> Iterator[tuple[int, int]]:
    """Where the tokens stand in the generated code, both counting from 0."""
    for line, segments in enumerate(mappings.split(";")):
        column = 0
        for segment in filter(None, segments.split(",")):
            column += first_number(segment)
            yield line, column


def first_number(segment: str) -> int:
    value = shift = 0
    for character in segment:
        digit = DIGITS[character]
        value |= (digit & 31) << shift
        shift += 5
        if digit < 32:
            break
    return -(value >> 1) if value & 1 else value >> 1


def resolved(
    symbols: stacks.Symbols, places: list[tuple[int, int]]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Our frames, and the lines around them."""
    common = {"platform": "web:javascript", "chunk_id": "c"}
    frames = [
        common | {"function": f"{at}:", "lineno": line + 1, "colno": column}
        for at, (line, column) in enumerate(places)
    ]
    stack = {"type": "raw", "frames": frames}
    properties = json.dumps({"$exception_list": [{"type": "E", "stacktrace": stack}]})
    # Lines are looked at now and then only; contract 4.6 has the ids of the others.
    known = {
        hashlib.sha512(f"{at}:{line + 1}{column}".encode()).hexdigest() + "/0"
        for at, (line, column) in enumerate(places)
        if at % CONTEXT_EVERY
    }
    [(found, _)] = stacks.resolve([(properties, b"0" * 16, 0, [symbols])], known)
    assert len(found.records if found else ()) <= len(places) / CONTEXT_EVERY + 1
    assert found is not None
    lines = {f"{record[0]}/{record[1]}": json.loads(record[4]) for record in found.records if record[4]}
    return json.loads(found.properties)["$exception_list"][0]["stacktrace"]["frames"], lines


def is_same_function(ours: str | None, theirs: str, names: set[str]) -> bool:
    """Where it is another one, it is that which the map names where theirs is as it was minified."""
    if theirs == (ours or "<unknown>"):
        return True
    mine, yours = (ours or "").split("."), theirs.split(".")
    pairs = [pair for pair in zip(mine, yours, strict=False) if pair[0] != pair[1]]
    return len(mine) == len(yours) and all(my.split(" ")[-1] in names for my, _ in pairs)


@pytest.mark.parametrize("script", SCRIPTS)
def test_tokens_come_to_the_same(script: str, tmp_path: Path) -> None:
    path = PACKAGES / script
    assert path.exists(), "run `make web` first"
    code, source_map = path.read_bytes(), path.with_name(f"{path.name}.map").read_bytes()
    theirs = SourceMapCache.from_bytes(code, source_map)
    compiled = tmp_path / "compiled"
    compiled.write_bytes(stacks.compile_script(code.decode(), source_map.decode()))
    symbols = stacks.Symbols.open(compiled)
    content = json.loads(source_map)
    names = set(content["names"])
    places = list(dict.fromkeys(tokens(content["mappings"])))
    assert len(places) > 50_000
    mapped = same_names = 0
    for start in range(0, len(places), AT_A_TIME):
        some = places[start : start + AT_A_TIME]
        frames, lines = resolved(symbols, some)
        for at, ((line, column), ours) in enumerate(zip(some, frames, strict=True)):
            around = CONTEXT if at % CONTEXT_EVERY == 0 else 0
            expected = theirs.lookup(line + 1, column + 1, around)
            where = (script, line, column)
            assert ours["resolved"] == (expected is not None), where
            if expected is None:
                continue
            mapped += 1
            place = (ours["source"], ours["line"] + 1, ours["column"] + 1)
            assert place == (expected.src, expected.line, expected.col), where
            assert is_same_function(ours.get("resolved_name"), expected.function_name, names), where
            same_names += expected.function_name == ours.get("resolved_name", "<unknown>")
            if around and expected.context_line is not None:
                check_lines(lines[ours["raw_id"]], expected)
    assert mapped > 50_000
    assert same_names / mapped > 0.8


def check_lines(ours: dict[str, Any], theirs: Any) -> None:
    def cut(line: str) -> str:
        return line.rstrip("\r\n")[:300]

    assert ours["line"]["number"] == theirs.line
    assert ours["line"]["line"][:300] == cut(theirs.context_line)
    before = [one["line"][:300] for one in ours["before"]][-CONTEXT:]
    assert before == [cut(one) for one in theirs.pre_context]
    after, expected = [one["line"][:300] for one in ours["after"]], [cut(one) for one in theirs.post_context]
    assert expected in (after, [*after, ""])
