"""The kernel through its door: contract 4.5 and 6.6, and what one event's road comes to."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from appliance._native import stacks
from tests.error_tracking.build import container
from tests.error_tracking.checkout import FRAMES, MAP, SCRIPT, SOURCE, event, frame

_URL = "https://ex.com/static/checkout.min.js"
_ID = UUID(int=7).bytes


def _resolved(source: str, name: str, module: str | None = None, *, in_app: bool = True) -> dict[str, Any]:
    return {
        "raw_id": "",
        "mangled_name": "x",
        "source": source,
        "module": module,
        "resolved_name": name,
        "in_app": in_app,
        "resolved": True,
        "lang": "javascript",
    }


def _thrown(type_: str, value: str, *frames: dict[str, Any]) -> dict[str, Any]:
    stack = {"stacktrace": {"type": "resolved", "frames": list(frames)}} if frames else {}
    return {"type": type_, "value": value, **stack}


_MANGLED = {
    "raw_id": "",
    "mangled_name": "a",
    "source": "/static/app-3f9c2b1d.js",
    "line": 1,
    "column": 4242,
    "in_app": True,
    "resolved": False,
    "lang": "javascript",
}
_CHECKOUT = "../src/checkout.js"
_VECTORS = [
    (
        [
            _thrown(
                "TypeError",
                "any",
                _resolved("http://example.com/alpha/foo.js", "bar"),
                _resolved("http://example.com/bar.js", "baz", "app.module"),
            )
        ],
        "d03a8ead4f42a8a315039e016979d6ded265ca61ebe08c5114b17626dc285f13",
        "444724bab3c0330331620497546290eff34b8cfe5363dcf938fc92ab80baff08",
    ),
    (
        [
            _thrown(
                "ValueError",
                "any",
                _resolved("app/views.py", "outer", "app.views"),
                _resolved("requests/api.py", "get", "requests.api", in_app=False),
            )
        ],
        "4791c32a4c129a3f93c679061f265f07000083d2da244c65b7bb64ada69e43ca",
        "d94488b48308790426cf7672b1e4ce2e03daf23a3165eadadb63df576c7cccfc",
    ),
    (
        [_thrown("Error", "timeout after 30s (attempt 2)")],
        "6055ee7599b55d8c00e40c460a62f8af28ec44f08d7c18d801b27cfdf0e33523",
        "17022b5a2f3ec14fce190a7622d0058b58f0ba76e5fb1f9d059fd234859a89a7",
    ),
    (
        [_thrown("RuntimeError", "wrapped"), _thrown("ValueError", "bad n: 3")],
        "284e3c62657412fc20d230e9588cb644e1a451aa4727ef70de9fa0e9341e5d90",
        "b079042de7783913162875c219bfddc235d10e8631a4a09bc351f0dbf6ec9741",
    ),
    (
        [_thrown("TypeError", "any", _MANGLED)],
        "08b42699b2cdeec6aec43ca21e2add2e6488a2669d56db56263b3c8e3687df33",
        "de3c815a75345a4c0c04f40e7552e85b1f4696991bc860af4d44b2d6d00ddd00",
    ),
    (
        [
            _thrown(
                "TypeError",
                "any",
                _resolved(_CHECKOUT, "checkout"),
                _resolved(_CHECKOUT, "Cart.total"),
                _resolved(_CHECKOUT, "<anonymous>"),
            )
        ],
        "2ba554767fa67bb533fbdf5c3aa99d6142878e38b1c445f9149aeb6c2e8ee6a1",
        "bcdf7c94d0e07971d0c61ed9acaac24d03bf072bde1de12cbcee981277c2fd6e",
    ),
]


def resolve(properties: str, *symbols: stacks.Symbols) -> stacks.Exceptions:
    done, reason = stacks.resolve([(properties, _ID, 0, symbols)], set())[0]
    assert done is not None, reason
    return done


@pytest.fixture
def checkout(tmp_path: Path) -> stacks.Symbols:
    path = tmp_path / "checkout"
    path.write_bytes(stacks.compile(container(SCRIPT.encode(), MAP.encode())))
    return stacks.Symbols.open(path)


@pytest.mark.parametrize(("exceptions", "v1", "v2"), _VECTORS)
def test_fingerprints_are_those_of_the_contract(exceptions: list[Any], v1: str, v2: str) -> None:
    found = resolve(json.dumps({"$exception_list": exceptions})).fingerprints
    assert [(value[:64], version) for value, version, _ in found[:2]] == [(v2, "v2"), (v1, "v1")]


@pytest.mark.parametrize("row", FRAMES, ids=str)
def test_frames_resolve_as_the_contract_says(
    checkout: stacks.Symbols, row: tuple[str, int, str, int, int]
) -> None:
    function, column, name, line, original_column = row
    sent = event(frame(column, function, _URL))
    assert stacks.needs([sent]) == [([("web", None, _URL)], None)]
    done = resolve(sent, checkout)
    (found,) = json.loads(done.properties)["$exception_list"][0]["stacktrace"]["frames"]
    expected = {"resolved_name": name, "line": line, "column": original_column, "source": _CHECKOUT}
    assert {key: found[key] for key in expected} == expected
    digest, part, _, is_resolved, context, ref = done.records[0]
    assert (f"{digest}/{part}", is_resolved, ref) == (found["raw_id"], True, _URL)
    assert json.loads(context or "{}")["line"] == {"number": line + 1, "line": SOURCE.splitlines()[line]}


def test_the_worked_example(checkout: stacks.Symbols) -> None:
    """Contract 3.4."""
    sent = event(*(frame(column, function, chunk_id="c") for function, column, *_ in FRAMES[:3]))
    assert stacks.needs([sent]) == [([("web", "c", None)], None)]
    done = resolve(sent, checkout)
    fingerprint = done.fingerprints[0]
    issue_id = str(UUID(int=9))
    found = json.loads(stacks.complete(done.properties, fingerprint, issue_id, '{"version":"1"}'))
    assert fingerprint[0] == resolve(json.dumps({"$exception_list": _VECTORS[5][0]})).fingerprints[0][0]
    assert found["$exception_types"] == ["TypeError"]
    assert found["$exception_sources"] == [_CHECKOUT]
    assert found["$exception_functions"] == ["checkout", "Cart.total", "<anonymous>"]
    assert (found["$exception_handled"], found["$exception_issue_id"]) == (False, issue_id)
    assert (found["$exception_fingerprint"], found["$exception_fingerprint_version"]) == fingerprint[:2]
    assert [part["type"] for part in found["$exception_fingerprint_record"]] == [
        "exception", "frame", "frame", "frame",
    ]  # fmt: skip
    assert found["$exception_release"] == {"version": "1"}
    assert (done.issue_name, done.issue_description) == ("TypeError", "no amount")


def test_without_symbols_a_frame_says_why() -> None:
    failure = stacks.Symbols.failed('{"MissingChunkIdData":"c"}')
    assert len(failure) == 0
    done = resolve(event(frame(153, chunk_id="c")), failure)
    (found,) = json.loads(done.properties)["$exception_list"][0]["stacktrace"]["frames"]
    assert (found["resolved"], found.get("resolved_name")) == (False, None)
    assert found["resolve_failure"]
    with pytest.raises(ValueError, match="failure"):
        stacks.Symbols.failed("no failure")


@pytest.mark.parametrize(
    "sent",
    [{}, {"$exception_list": []}, {"$exception_list": [{"value": "x"}]},
     {"$exception_list": [_thrown("E", "") | {"stacktrace": {"type": "raw", "frames": [{"platform": "cobol"}]}}]}],
)  # fmt: skip
def test_what_is_invalid_is_told_and_kept(sent: dict[str, Any]) -> None:
    properties = json.dumps(sent)
    (needs, reason), (done, again) = (
        stacks.needs([properties])[0],
        stacks.resolve([(properties, _ID, 0, [])], set())[0],
    )
    assert (needs, done) == (None, None)
    assert reason
    assert reason == again
    assert json.loads(stacks.write_error(properties, reason)) == sent | {"$cymbal_errors": [reason]}


def test_known_frames_need_no_record_and_what_is_done_again_is_the_same(checkout: stacks.Symbols) -> None:
    sent = event(frame(153, chunk_id="c"), frame(63, "n.total", chunk_id="c"))
    first = resolve(sent, checkout)
    digest, part, *_ = first.records[0]
    again, _ = stacks.resolve([(sent, _ID, 0, [checkout])], {f"{digest}/{part}"})[0]
    assert again is not None
    assert (len(first.records), again.records) == (2, first.records[1:])
    assert again.properties == first.properties


def test_a_rule_chooses_a_fingerprint() -> None:
    rule = UUID(int=5)
    value, version, record = stacks.rule_fingerprint(rule.bytes)
    assert (value, version) == (f"custom-rule:{rule}", None)
    assert json.loads(record) == [{"type": "custom", "rule_id": str(rule)}]


def test_a_file_that_is_none_is_refused_with_a_reason() -> None:
    with pytest.raises(stacks.SymbolsRefused) as refused:
        stacks.compile(b"nothing")
    failure, words = refused.value.args
    assert json.loads(failure)
    assert words
