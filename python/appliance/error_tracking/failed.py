"""Failures to have symbols, as they are stored: JSON, in the shape that PostHog stores."""

from __future__ import annotations

import json
from typing import Any

from appliance._native import stacks

_CHARACTERS_MAX = 2_000


def missing(ref: str) -> str:
    """Nothing was uploaded under an id."""
    return _written({"MissingChunkIdData": ref})


def is_missing(failure: str) -> bool:
    return failure.startswith('{"MissingChunkIdData"')


def script(variant: str, *details: str | int) -> str:
    """One of those of scripts."""
    if not details:
        return _written({"JavaScript": variant})
    cut = [one[:_CHARACTERS_MAX] if isinstance(one, str) else one for one in details]
    return _written({"JavaScript": {variant: cut[0] if len(cut) == 1 else cut}})


def unusable(need: stacks.Need, why: str) -> str:
    """A file that cannot be compiled, in what such a frame calls it."""
    why = why[:_CHARACTERS_MAX]
    if need[0] == "hermes":
        return _written({"Hermes": {"InvalidMap": why}})
    if need[0] == "mapping":
        return _written({"Proguard": {"DataError": why}})
    if need[0] == "image":
        return _written({"Native": {"ParseError": why}})
    return script("InvalidSourceMap", why)


def _written(failure: Any) -> str:
    # Without spaces, as the kernel writes it.
    return json.dumps(failure, separators=(",", ":"), ensure_ascii=False)
