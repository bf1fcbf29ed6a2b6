"""How fast are flags hashed and evaluated on one core, beside the Python SDK's local evaluation of the same flags?"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from posthog import Posthog
from posthog.feature_flags import _hash as python_hash

from appliance._native import flags
from bench import turns
from bench.figure import Figure
from bench.flag_definitions import COHORTS, PERSON
from bench.flag_definitions import flags as definitions

HASHES = 1_000
IDENTIFIERS = [f"01890c2e-0000-7000-8000-{number:012x}" for number in range(HASHES)]


def measure() -> list[Figure]:
    hashes, in_python = turns.rates([_hash_many, _hash_many_in_python])
    ours, theirs = turns.rates([_evaluator(), _python_evaluator()])
    count = len(definitions())
    return [
        Figure("hashes", hashes, "a second", "the Python SDK", in_python, "≥ 5M, ≥ 50 times"),
        Figure(f"people, {count} flags each", ours, "a second", "the Python SDK, locally", theirs),
        Figure(f"{count} flags for one person", 1e6 / ours, "µs", goal="< 100"),
    ]


def _hash_many() -> int:
    return len(flags.hash_many("new-checkout.", IDENTIFIERS, ""))


def _hash_many_in_python() -> int:
    return len([python_hash("new-checkout", identifier) for identifier in IDENTIFIERS])


def _evaluator() -> Callable[[], int]:
    """From the parsed request to the bytes of the answer."""
    document = {"project_id": 1, "timezone": "UTC", "property_matching_version": 1, "group_types": {},
                "flags": definitions(), "cohorts": COHORTS}  # fmt: skip
    compiled = flags.FlagSet(json.dumps(document).encode())
    body = json.dumps({"token": "phc_bench", "distinct_id": "user-1"}).encode()
    request = flags.read_request(flags.FLAGS, "v=2", "application/json", None, "posthog-node/5", False, body)
    if isinstance(request, flags.Refusal):
        raise TypeError(f"refused: {request.body!r}")
    person, now_us = json.dumps(PERSON), time.time_ns() // 1000

    def evaluate() -> int:
        compiled.answer(
            request,
            person_properties=person,
            memberships=[],
            hash_keys=[],
            group_properties=[],
            is_catalog_away=False,
            is_continuity_broken=False,
            place=None,
            config=None,
            request_id="01890c2e-0000-4000-8000-000000000000",
            now_us=now_us,
        )
        return 1

    return evaluate


def _python_evaluator() -> Callable[[], int]:
    # It talks to nobody: without a personal key it neither polls nor falls back, and it has the definitions here.
    client = Posthog("phc_bench", host="http://127.0.0.1:9", send=False, enable_local_evaluation=False)
    client.feature_flags = [{**one, "deleted": False} for one in _named(definitions())]
    client.cohorts = {str(one["id"]): one["filters"]["properties"] for one in COHORTS}

    def evaluate() -> int:
        found = client.get_all_flags("user-1", person_properties=PERSON, only_evaluate_locally=True)
        if len(found or {}) != len(client.feature_flags):
            raise RuntimeError("the SDK could not evaluate every flag by itself")
        return 1

    return evaluate


def _named(made: list[dict[str, object]]) -> list[dict[str, object]]:
    """Dependencies by key and in order, as the definitions endpoint sends them."""
    keys = {str(one["id"]): one["key"] for one in made}
    text = json.dumps(made)
    found: list[dict[str, object]] = json.loads(text)
    for one in found:
        for condition in one["filters"]["groups"]:  # type: ignore[index]
            for prop in condition["properties"]:
                if prop["type"] == "flag":
                    prop["key"] = keys[prop["key"]]
                    prop["dependency_chain"] = [prop["key"]]
    return found
