"""Random flags, people and requests: the kernel answers as the slow model of the contract does.

A case that fails is made as small as it still fails and kept in `once_failed.jsonl`, which is tried first ever after.
More than usual: `FLAG_CASES=1000000 FLAG_SEED=5 pytest tests/flags/test_model.py`.
"""

import copy
import json
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.flags import asking, model
from tests.flags.generators import Maker, world

_ONCE_FAILED = Path(__file__).with_name("once_failed.jsonl")
_CASES_MIN = int(os.environ.get("FLAG_CASES", "12000"))
_FIRST_SEED = int(os.environ.get("FLAG_SEED", "1"))
_REQUESTS = 6
_KEPT_MAX = 5
_TEXTS = {
    "super_condition_value": "Super condition value",
    "holdout_condition_value": "Holdout condition value",
    "out_of_rollout_bound": "Out of rollout bound",
    "no_group_type": "No group type",
    "missing_dependency": "Flag cannot be evaluated due to missing dependency",
}

Json = dict[str, Any]


def differences(case: Json, flag_set: Any = None) -> list[str]:
    """In which flags the kernel and the model are of two minds."""
    expected, told = model.answer(world(case)), asking.answer(case, flag_set)
    found = []
    if expected.has_errors not in (None, told["errorsWhileComputingFlags"]):
        found.append(f"errorsWhileComputingFlags: {told['errorsWhileComputingFlags']}")
    keys = {*expected.flags, *told["flags"]} - expected.open_keys
    for key in sorted(keys):
        ours = told["flags"].get(key)
        theirs = expected.flags.get(key)
        if theirs is None or ours is None or not is_same(ours, theirs):
            found.append(f"{key}: the kernel says {ours}, the model {theirs}")
    return found


def is_same(told: Json, expected: model.Result) -> bool:
    reason = told["reason"]
    if expected.problems:
        return (
            told.get("failed") is True
            and not told["enabled"]
            and told["metadata"]["payload"] is None
            and reason["code"] in expected.problems
        )
    if expected.code == "condition_match":
        text = f"Matched condition set {(expected.index or 0) + 1}"
    else:
        text = _TEXTS.get(expected.code, reason["description"])
    return "failed" not in told and (
        told["enabled"],
        told["variant"],
        told["metadata"]["payload"],
        reason["code"],
        reason["condition_index"],
        reason["description"],
    ) == (expected.enabled, expected.variant, expected.payload, expected.code, expected.index, text)


def _smaller(case: Json) -> Iterator[Json]:
    """Each way to leave one thing out."""

    def without(path: list[Any]) -> Json:
        made = copy.deepcopy(case)
        holder: Any = made
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]
        return made

    def paths(value: Any, path: list[Any]) -> Iterator[list[Any]]:
        steps = (
            list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
        )
        for step in steps:
            if step not in ("type", "key", "id"):  # without which it would be something else
                yield [*path, step]
            yield from paths(value[step], [*path, step])

    for path in paths(case, []):
        yield without(path)


def _shrunk(case: Json) -> Json:
    is_smaller = True
    while is_smaller:
        is_smaller = False
        for one in _smaller(case):
            try:
                still = bool(differences(one))
            except (KeyError, TypeError, ValueError, AssertionError):
                continue
            if still:
                case, is_smaller = one, True
                break
    return case


def _keep(case: Json) -> None:
    with _ONCE_FAILED.open("a") as file:
        file.write(json.dumps(case, ensure_ascii=False) + "\n")


def _once_failed() -> list[Json]:
    return (
        [json.loads(line) for line in _ONCE_FAILED.read_text().splitlines()] if _ONCE_FAILED.exists() else []
    )


@pytest.mark.parametrize("case", _once_failed())
def test_what_once_failed_is_as_the_model_says(case: Json) -> None:
    assert differences(case) == []


def test_random_flags_are_as_the_model_says() -> None:
    compared, seed, codes = 0, _FIRST_SEED, Counter[tuple[str, bool]]()
    failed: list[tuple[int, list[str]]] = []
    while compared < _CASES_MIN:
        cases = Maker(seed).cases(_REQUESTS)
        flag_set = asking.compiled(cases[0])
        for case in cases:
            expected = model.answer(world(case))
            compared += len(expected.flags)
            codes.update((result.code, result.enabled) for result in expected.flags.values())
            if differences(case, flag_set):
                small = _shrunk(case)
                _keep(small)
                failed.append((seed, [json.dumps(small, ensure_ascii=False), *differences(small)]))
        assert len(failed) < _KEPT_MAX, failed
        seed += 1
    assert failed == []
    print(f"{compared} results of {seed - _FIRST_SEED} sets of flags: {codes}")
    # Cases that all end the same way would prove little.
    assert all(count > compared / 1000 for count in codes.values()), codes
    assert len(codes) >= 9


def test_every_shape_tells_the_same() -> None:
    for seed in range(1, 60):
        for case in Maker(seed).cases(_REQUESTS):
            flag_set = asking.compiled(case)
            whole = asking.answer(case, flag_set)
            values = {key: one["variant"] or one["enabled"] for key, one in whole["flags"].items()}
            payloads = {key: one["metadata"]["payload"] for key, one in whole["flags"].items()}
            enabled = {key: value for key, value in values.items() if value}
            first = asking.answer(case, flag_set, version=1)
            assert first == asking.answer(case, flag_set, "decide", 3)
            assert first["featureFlags"] == values
            assert first["featureFlagPayloads"] == {
                key: one for key, one in payloads.items() if one is not None
            }
            assert first["errorsWhileComputingFlags"] == whole["errorsWhileComputingFlags"]
            assert asking.answer(case, flag_set, "decide", 4) == whole
            assert asking.answer(case, flag_set, "decide", 2)["featureFlags"] == enabled
            assert sorted(asking.answer(case, flag_set, "decide", 1)["featureFlags"]) == sorted(enabled)


def test_every_result_is_counted_once() -> None:
    for seed in range(1, 100):
        cases = Maker(seed).cases(_REQUESTS)
        flag_set, expected = asking.compiled(cases[0]), Counter[tuple[int, str]]()
        for case in cases:
            for one in asking.answer(case, flag_set)["flags"].values():
                outcome = "failed" if one.get("failed") else one["variant"] or str(one["enabled"]).lower()
                expected[one["metadata"]["id"], outcome] += 1
        counted = Counter[tuple[int, str]]()
        for flag_id, outcome, count in flag_set.take_counts():
            counted[flag_id, outcome] += count  # a variant may be called `true`
        assert counted == expected
        assert flag_set.take_counts() == []


def test_threads_share_a_set_and_mix_nothing_up() -> None:
    cases = Maker(_FIRST_SEED).cases(60)
    flag_set = asking.compiled(cases[0])
    alone = [asking.answer(case, flag_set) for case in cases]
    with ThreadPoolExecutor(8) as threads:
        together = threads.map(lambda case: asking.answer(case, flag_set), cases * 10)
    assert list(together) == alone * 10
