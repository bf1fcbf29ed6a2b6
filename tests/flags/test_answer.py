"""The handler of `/flags` at bad moments: every request gets an answer that its SDK understands."""

import asyncio
import gzip
import json
import threading
from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

import pytest

from appliance._native import flags as native
from appliance.catalog.snapshot import ProjectSnapshot
from appliance.flags.answer import METRICS, Flags, handlers
from appliance.flags.batches import Busy
from appliance.flags.definitions import Definitions
from appliance.flags.keeper import Current, ProjectFlags
from appliance.flags.people import Known
from appliance.http.body import Bodies, BodyStalled, BodyTooLarge
from appliance.http.client_address import ClientAddresses

_PLAN = {"key": "plan", "type": "person", "operator": "exact", "value": "paid"}
_IN_GERMANY = {"key": "$geoip_country_code", "type": "person", "operator": "exact", "value": "DE"}
_ID = "0199e3c2-8f3a-4c3e-9d3a-0242ac120002"


def _flag(id_: int, key: str, *properties: Any) -> dict[str, Any]:
    filters = {"groups": [{"properties": list(properties), "rollout_percentage": 100}]}
    return {"id": id_, "key": key, "name": "", "filters": filters, "active": True, "version": 1}


_FLAGS = [_flag(1, "all"), _flag(2, "paid", _PLAN), _flag(3, "german", _IN_GERMANY)]


class Scope:
    proto, path, client = "http", "/flags/", "203.0.113.7:1"

    def __init__(self, method: str, query: str, headers: dict[str, str]) -> None:
        self.method, self.query_string, self.headers = method, query, headers


class Protocol:
    """What was answered; a body to read, or a failure of reading it."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.answers: list[tuple[int, dict[str, str], bytes]] = []

    async def __call__(self) -> bytes:
        return self.body

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.answers.append((status, dict(headers), body))

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.answers.append((status, dict(headers), b""))


class Counts(dict[str, int]):
    def add(self, name: str, amount: int = 1) -> None:
        assert name in METRICS
        self[name] = self.get(name, 0) + amount


class People:
    def __init__(self, known: Known | Exception) -> None:
        self.known = known

    async def find(self, *_: Any) -> Known:
        if isinstance(self.known, Exception):
            raise self.known
        return self.known


class Places:
    def find(self, address: str) -> str | None:
        return '"$geoip_country_code":"DE"' if address == "203.0.113.7" else None


class Keeper:
    def __init__(self, flag_set: native.FlagSet | None) -> None:
        project = ProjectSnapshot(id=1, token="phc_a")
        self.current = Current((ProjectFlags(project, Definitions(), b"", flag_set),))


def _document(flags: list[dict[str, Any]]) -> bytes:
    found = {"project_id": 1, "timezone": "UTC", "property_matching_version": 1, "group_types": {}}
    return json.dumps({**found, "flags": flags, "cohorts": []}).encode()


class Door:
    """The handler with everything around it, in memory."""

    def __init__(
        self,
        known: Known | Exception = Known(),  # noqa: B008 - nobody changes it
        *,
        is_understood: bool = True,
        config: Callable[..., bytes] = lambda *_: b'{"token":"phc_a"}',
        read: Exception | None = None,
    ) -> None:
        self.counts = Counts()
        bodies = Bodies(10)
        if read is not None:
            bodies = cast("Any", _Unreadable(read))
        self.bodies = bodies
        self.flags = Flags(
            keeper=cast("Any", Keeper(native.FlagSet(_document(_FLAGS)) if is_understood else None)),
            people=cast("Any", People(known)),
            remote_config=config,
            counts=self.counts,
            bodies=bodies,
            addresses=ClientAddresses([]),
            places=Places(),
            bytes_max=1 << 20,
        )

    def ask(
        self, body: Any = None, query: str = "v=2", method: str = "POST", **headers: str
    ) -> tuple[int, dict[str, str], Any]:
        given = {"token": "phc_a", "distinct_id": "ada"} if body is None else body
        sent = given if isinstance(given, bytes) else json.dumps(given).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        protocol = Protocol(sent)
        asked = {"content-length": str(len(sent)), **named}

        async def answered() -> None:
            if isinstance(self.bodies, Bodies):
                self.bodies.watch(asyncio.get_running_loop())
            await handlers(self.flags)["/flags/"](Scope(method, query, asked), protocol)

        asyncio.run(answered())
        assert self.flags.under_way == 0
        [(status, told, answer)] = protocol.answers
        is_json = told.get("content-type") == "application/json" and answer
        return status, told, json.loads(answer) if is_json else answer.decode()


class _Unreadable:
    def __init__(self, failure: Exception) -> None:
        self.failure = failure

    async def read(self, *_: Any) -> bytes:
        raise self.failure


def test_what_is_known_of_the_person_and_of_their_address_counts() -> None:
    status, _, told = Door(Known(person_properties='{"plan": "paid"}')).ask()
    assert status == 200
    assert {key: one["enabled"] for key, one in told["flags"].items()} == {
        "all": True,
        "paid": True,
        "german": True,
    }
    _, _, told = Door(Known(person_properties='{"plan": "free"}')).ask(
        {"token": "phc_a", "distinct_id": "ada", "geoip_disable": True}
    )
    assert {key: one["enabled"] for key, one in told["flags"].items()} == {
        "all": True,
        "paid": False,
        "german": False,
    }


def test_a_catalog_that_is_away_fails_only_flags_that_need_it() -> None:
    door = Door(Known(is_catalog_away=True))
    status, _, told = door.ask()
    assert (status, told["errorsWhileComputingFlags"]) == (200, True)
    assert told["flags"]["all"]["enabled"] is True
    assert told["flags"]["paid"]["failed"] is True
    assert door.counts["hoglet_flags_catalog_away_total"] == 1


@pytest.mark.parametrize(
    ("door", "status", "reason"),
    [
        (lambda: Door(Busy()), 504, "busy"),
        (lambda: Door(ValueError("a bug")), 500, "internal"),
        (lambda: Door(is_understood=False), 503, "not_understood"),
        (lambda: Door(read=BodyTooLarge()), 413, "too_large"),
        (lambda: Door(read=BodyStalled()), 408, "stalled"),
    ],
)
def test_a_bad_moment_is_told_as_text_and_counted(door: Callable[[], Door], status: int, reason: str) -> None:
    made = door()
    found, headers, told = made.ask(origin="https://shop.example")
    assert (found, headers["content-type"]) == (status, "text/plain; charset=utf-8")
    assert headers["access-control-allow-origin"] == "https://shop.example"
    assert told
    assert made.counts == {f'hoglet_flags_refused_total{{reason="{reason}"}}': 1}


def test_who_comes_while_it_shuts_down_is_told_to_ask_again() -> None:
    door = Door()
    door.flags.draining = True
    assert door.ask()[0] == 504


def test_a_token_nobody_has_is_refused_in_the_words_that_sdks_know() -> None:
    status, _, told = Door().ask({"token": "phc_other", "distinct_id": "ada"})
    assert status == 401
    assert (told["type"], told["code"], told["attr"]) == (
        "authentication_error",
        "authentication_failed",
        None,
    )
    assert set(told) == {"type", "code", "detail", "attr"}


def test_the_configuration_comes_along_and_a_broken_one_is_a_safe_one() -> None:
    _, _, told = Door().ask(query="v=2&config=true")
    assert told["token"] == "phc_a"

    def broken(*_: Any) -> bytes:
        raise KeyError("x")

    _, _, told = Door(config=broken).ask(query="v=2&config=true")
    assert told["hasFeatureFlags"] is True
    assert (told["sessionRecording"], told["surveys"]) == (False, False)
    assert told["supportedCompression"] == ["gzip", "gzip-js"]
    assert set(told["flags"]) == {"all", "paid", "german"}


@pytest.mark.parametrize(("given", "is_kept"), [(_ID, True), ("nonsense", False), ("", False), (None, False)])
def test_the_request_keeps_its_id_if_it_is_one(given: str | None, is_kept: bool) -> None:
    headers = {} if given is None else {"x_request_id": given}
    _, _, told = Door().ask(**headers)
    assert (told["requestId"] == _ID) is is_kept
    assert UUID(told["requestId"]).version in (4, 7)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])
def test_other_methods_evaluate_nothing(method: str) -> None:
    door = Door(ValueError("nobody is looked up"))
    status, headers, told = door.ask(b"", method=method, origin="https://shop.example")
    assert status == {"GET": 200, "HEAD": 200, "OPTIONS": 204}.get(method, 405)
    assert headers["access-control-allow-origin"] == "https://shop.example"
    if method == "GET":
        assert told["flags"] == {}
        assert (told["toolbarParams"], told["isAuthenticated"], told["sessionRecording"]) == (
            {},
            False,
            False,
        )
    elif method != "HEAD":
        assert headers["allow"] == "GET, POST, OPTIONS, HEAD"


@pytest.mark.parametrize(("query", "is_newest"), [("", False), ("v=1", False), ("v=2", True)])
def test_a_get_is_answered_in_the_shape_of_its_version_and_of_the_oldest_without(
    query: str, is_newest: bool
) -> None:
    _, _, told = Door().ask(b"", method="GET", query=query)
    assert ("flags" in told, "featureFlags" in told) == (is_newest, not is_newest)


def test_a_large_body_is_read_beside_the_loop() -> None:
    properties = {f"property-{number}": "x" * 100 for number in range(1_000)} | {"plan": "paid"}
    _, _, told = Door().ask({"token": "phc_a", "distinct_id": "ada", "person_properties": properties})
    assert told["flags"]["paid"]["enabled"] is True


@pytest.mark.parametrize(
    ("body", "is_beside"),
    [
        (b'{"token":"phc_a","distinct_id":"ada"}', False),
        (gzip.compress(b'{"token":"phc_a","distinct_id":"ada"}'), True),
        (b'{"token":"phc_a","distinct_id":"ada","x":"%b"}' % (b"x" * 70_000), True),
    ],
)
def test_what_may_take_long_holds_up_nobody_else(
    body: bytes, is_beside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    def read(*arguments: Any) -> Any:
        threads.append(threading.get_ident())
        return real(*arguments)

    real = native.read_request
    monkeypatch.setattr(native, "read_request", read)
    status, _, told = Door().ask(body)
    assert (status, told["flags"]["all"]["enabled"]) == (200, True)
    assert [one != threading.get_ident() for one in threads] == [is_beside]
