"""All golden vectors through the native module, with the Python SDK's own hash as a second opinion.

`native/flags/tests/vectors.rs` has those of kinds that compare a given hash with a share, which no identifier has.
"""

import json
import struct
from pathlib import Path
from typing import Any

import pytest
from posthog import feature_flags as sdk

from appliance import _native
from tests.flags import asking, model

_FILE = Path(__file__).parents[2] / "native" / "flags" / "tests" / "flag_vectors.json"
VECTORS = json.loads(_FILE.read_text())["vectors"]


def of_kind(kind: str) -> Any:
    found = [vector for vector in VECTORS if vector["kind"] == kind]
    return pytest.mark.parametrize("vector", found, ids=[vector["id"] for vector in found])


def result(identifier: str, filters: dict[str, Any], key: str = "a") -> dict[str, Any]:
    flag = {"id": 1, "key": key, "filters": filters, "active": True, "version": 1}
    found = asking.ask([flag], {"distinct_id": identifier})["flags"][key]
    assert isinstance(found, dict)
    return found


def as_bits(value: float) -> str:
    return struct.pack(">d", value).hex()


def test_there_are_as_many_vectors_as_the_file_says() -> None:
    assert len(VECTORS) == 538


@of_kind("hash")
def test_a_hash_is_right_to_the_last_bit(vector: dict[str, Any]) -> None:
    told = _native.flags.hash(vector["prefix"], vector["identifier"], vector["salt"])
    assert as_bits(told) == vector["hash_binary64_hex"]
    assert as_bits(model.bucket(vector["prefix"], vector["identifier"], vector["salt"])) == as_bits(told)
    separator = vector["prefix"][-1]
    assert sdk._hash(vector["prefix"][:-1], vector["identifier"], vector["salt"], separator) == told


@of_kind("rollout")
def test_a_rollout_takes_who_it_should(vector: dict[str, Any]) -> None:
    condition = {"properties": [], "rollout_percentage": vector["rollout_percentage"]}
    assert (
        result(vector["identifier"], {"groups": [condition]}, vector["flag_key"])["enabled"]
        == vector["expected"]
    )


@of_kind("variant")
def test_a_variant_is_the_one_it_should_be(vector: dict[str, Any]) -> None:
    filters = {"groups": [{"properties": []}], "multivariate": {"variants": vector["variants"]}}
    found = result(vector["identifier"], filters, vector["flag_key"])
    assert (found["enabled"], found["variant"]) == (True, vector["expected"])
    if vector["identifier"]:  # the SDK hashes the empty one, see section 3.1
        flag = {"key": vector["flag_key"], "filters": filters}
        assert sdk.get_matching_variant(flag, vector["identifier"]) == vector["expected"]


@of_kind("holdout")
def test_a_holdout_holds_out_who_it_should(vector: dict[str, Any]) -> None:
    holdout = {"id": vector["holdout_id"], "exclusion_percentage": vector["exclusion_percentage"]}
    found = result(vector["identifier"], {"groups": [{"properties": []}], "holdout": holdout})
    variant = f"holdout-{vector['holdout_id']}"
    assert (found["variant"] == variant) == vector["expected"]
    told = sdk._get_holdout_variant({"filters": {"holdout": holdout}}, vector["identifier"])
    assert (told == variant) == vector["expected"]


@of_kind("truncate")
def test_a_long_identifier_is_cut_to_characters_and_not_bytes(vector: dict[str, Any]) -> None:
    sent, hashed = vector["identifier_sent"], vector["identifier_hashed"]
    told = _native.flags.hash(f"{vector['flag_key']}.", hashed, "")
    assert as_bits(told) == vector["hash_binary64_hex"]
    for share, is_in in ((told * 100 + 1e-9, True), (told * 100 - 1e-9, False)):
        condition = {"properties": [], "rollout_percentage": share}
        assert result(sent, {"groups": [condition]}, vector["flag_key"])["enabled"] == is_in
