"""The lists of functions against ClickHouse's own."""

import pytest

from appliance.query.hogql.functions import AGGREGATIONS, SCALARS, WINDOWS, suggestion
from appliance.query.hogql.functions.special import SPECIAL

_OURS = {"countDistinct", "countDistinctIf", "lag", "lead", "untuple"}
_SUFFIXES = (
    "OrNull", "OrDefault", "If", "State", "Merge", "Array", "Distinct", "ForEach", "Map",
)  # fmt: skip


def _base(name, known):
    while name not in known:
        suffix = next((one for one in _SUFFIXES if name.endswith(one) and len(name) > len(one)), None)
        if suffix is None:
            return None
        name = name[: -len(suffix)]
    return name


def test_every_function_exists_in_clickhouse(reader):
    known = {row[0]: row[1] for row in reader.query("SELECT name, is_aggregate FROM system.functions").rows}
    folded = {name.lower() for name in known}
    missing = []
    for name, one in (SCALARS | AGGREGATIONS | WINDOWS).items():
        if name in _OURS or name in SPECIAL:
            continue
        exists = one.clickhouse in known or _base(one.clickhouse, known)
        if not exists and one.clickhouse.lower() not in folded:
            missing.append(one.clickhouse)
    assert not missing


@pytest.mark.parametrize(
    "name",
    ["url", "file", "s3", "remote", "mysql", "postgresql", "dictGet", "sleep", "getSetting", "currentUser", "hostName",
     "joinGet", "input", "merge", "cluster", "executable", "catboostEvaluate", "addressToLine", "throwIf", "version",
     "filesystemAvailable", "getMacro", "currentDatabase", "initializeAggregation", "evalMLMethod", "runningDifference",
     "neighbor", "fuzzBits", "serverUUID", "tcpPort", "uptime", "sleepEachRow", "blockNumber",
     "defaultValueOfTypeName"],
)  # fmt: skip
def test_functions_that_look_outside_are_not_listed(name):
    assert name not in SCALARS | AGGREGATIONS | WINDOWS | SPECIAL


def test_near_names_are_suggested():
    assert suggestion("tostartofday") == "toStartOfDay"
    assert suggestion("uniqe") == "uniq"
    assert suggestion("xyzzyplugh") is None
