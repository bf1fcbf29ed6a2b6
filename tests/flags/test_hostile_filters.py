"""Random filters, each almost right: refused with a place, or kept so that every reader takes them."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance._native import flags as native
from appliance.catalog import reading
from appliance.flags.definitions import of_project
from appliance.flags.filters import OPERATORS
from tests.rest import Rest

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "a", "100", "(", "1.2.3", "-1d", "id", "true", "\u00e9", "x" * 500])
    | st.text(max_size=5)
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def almost(right: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 9).flatmap(lambda roll: ANYTHING if roll == 0 else right)


PERCENTAGES = almost(st.none() | st.integers(0, 100) | st.floats(0, 100))
PROPERTIES = st.fixed_dictionaries(
    {
        "key": almost(st.sampled_from(["plan", "id", "1"])),
        "type": almost(st.sampled_from(["person", "group"])),
    },
    optional={
        "operator": almost(st.sampled_from([*sorted(OPERATORS), "min", "max", "in", "flag_evaluates_to"])),
        "value": ANYTHING,
        "group_type_index": almost(st.integers(0, 4)),
        "negation": almost(st.booleans()),
    },
)
GROUPS = st.fixed_dictionaries(
    {},
    optional={
        "properties": almost(st.lists(almost(PROPERTIES), max_size=3)),
        "rollout_percentage": PERCENTAGES,
        "variant": almost(st.sampled_from(["a", "b"])),
        "aggregation_group_type_index": almost(st.none() | st.integers(0, 4)),
    },
)
VARIANTS = st.fixed_dictionaries(
    {"key": almost(st.sampled_from(["a", "b", "c"])), "rollout_percentage": almost(st.integers(0, 50))}
)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "groups": almost(st.lists(almost(GROUPS), max_size=3)),
        "multivariate": almost(st.fixed_dictionaries({"variants": almost(st.lists(VARIANTS, max_size=3))})),
        "payloads": almost(
            st.dictionaries(st.sampled_from(["true", "a", "holdout-1"]), ANYTHING, max_size=2)
        ),
        "holdout": almost(
            st.none()
            | st.fixed_dictionaries({"id": st.integers(0, 9), "exclusion_percentage": st.integers(0, 100)})
        ),
        "super_groups": almost(st.none() | st.lists(GROUPS, max_size=2)),
        "early_exit": almost(st.booleans()),
        "feature_enrollment": almost(st.booleans()),
        "aggregation_group_type_index": almost(st.none() | st.integers(0, 4)),
    },
)


def test_filters_are_refused_or_kept_as_everybody_reads_them(rest: Rest) -> None:
    flag = rest.made("feature_flags/", key="a")
    path = f"feature_flags/{flag['id']}/"
    project = rest.keeper.current.by_id[rest.project_id]
    taken = 0

    @settings(
        max_examples=300,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(FILTERS)
    def send(filters: Any) -> None:
        nonlocal taken
        answer = rest.ask(
            "PATCH", path, content=json.dumps({"filters": filters}).encode("utf-8", "surrogatepass")
        )
        told = answer.json()
        assert answer.status_code in (200, 400), (filters, told)
        if answer.status_code == 400:
            assert told["detail"]
            assert told["attr"] is None or told["attr"].startswith("filters")
            return
        taken += 1
        with reading(rest.engine) as connection:
            document = of_project(connection, rest.project_id).document(project)
        assert [one for one in native.check(document) if one[1] != "unknown_variant"] == []
        native.FlagSet(document)
        again = rest.patch(path, {"filters": told["filters"]}).json()
        assert again["version"] == told["version"], "what is shown is what is kept"

    send()
    assert taken > 20
