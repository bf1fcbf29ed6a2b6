"""The unmodified posthog-js in a real browser: what it says it sent is what the API gives back.

A page of another origin than the appliance loads the SDK as it is published. `before_send` hands over each event as the
SDK is about to send it, which is the oracle here beside the values a test chose itself. The tests run over each way the
SDK has of encoding and sending; the elements chain is checked against the one the SDK makes itself.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, Request

from tests.conftest import Appliance
from tests.sdk.conftest import Event, FindPerson, GroupOf, Read
from tests.sdk.same import assert_in_transit, own_properties, without_found_out

_FOLDER = Path(__file__).parent
_SDK = _FOLDER / "node_modules" / "posthog-js" / "dist" / "array.full.no-external.js"
_PAGES = {
    "/posthog.js": ("text/javascript", _SDK),
    "/shop": ("text/html", _FOLDER / "shop.html"),
    "/about": ("text/html", _FOLDER / "shop.html"),
    "/settings": ("text/html", None),
}
_FLUSH_MS, _LATE_MS = 250, 5_000  # the least and the most the SDK allows
# What a server tells the SDK before it starts, where the page has it built in.
_REMOTE_CONFIG = {
    "supportedCompression": ["gzip", "gzip-js"],
    "autocapture_opt_out": False,
    "hasFeatureFlags": False,
    "elementsChainAsString": True,
}
# What the server makes of an event's own properties: for a person it lifts some of them to these.
_OF_PERSON = ("$set", "$set_once")
_OF_ELEMENTS = ("$elements", "$elements_chain")
# The SDK adds it once it has its flags, and the server keeps it from every event (contract capture.md §5.2).
_KEPT_FROM_EVENTS = ("$feature_flag_payloads",)


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which the SDK can be told to encode and send, and what its requests then are."""

    sends: tuple[str, str]
    options: dict[str, Any] = field(default_factory=dict)
    script: str = ""
    """Runs in front of the SDK, and gives or takes away what it finds."""
    remote_config: dict[str, Any] | None = None


_LOCAL: dict[str, Any] = {"advanced_disable_flags": True}
_PLAIN = {**_LOCAL, "disable_compression": True}
WAYS = {
    "gzip": Way(("fetch", "text/plain"), _LOCAL),
    "gzip without streams": Way(("fetch", "text/plain"), _LOCAL, "delete window.CompressionStream"),
    "gzip by XHR": Way(("xhr", "text/plain"), {**_LOCAL, "api_transport": "XHR"}),
    "gzip by beacon": Way(("ping", "text/plain"), {**_LOCAL, "api_transport": "sendBeacon"}),
    "plain": Way(("fetch", "application/json"), _PLAIN),
    "plain by XHR": Way(("xhr", "application/json"), {**_PLAIN, "api_transport": "XHR"}),
    "base64 by beacon": Way(
        ("ping", "application/x-www-form-urlencoded"), {**_PLAIN, "api_transport": "sendBeacon"}
    ),
    "remote config": Way(("fetch", "text/plain"), remote_config=_REMOTE_CONFIG),
    "newest defaults": Way(("fetch", "text/plain"), {**_LOCAL, "defaults": "2026-01-30"}),
}


class _Shop(BaseHTTPRequestHandler):
    """A site that is not the appliance."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        kind, file = _PAGES.get(self.path.partition("?")[0], ("text/plain", None))
        body = file.read_bytes() if file else b""
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    assert _SDK.is_file(), "run `make sdks` first"
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


class Shopper:
    """Somebody who visits the shop, and what the SDK tells of it."""

    def __init__(self, page: Page, site: str, settings: dict[str, Any]) -> None:
        self.page = page
        self._site = site
        self.posts: list[Request] = []
        page.on("request", self._keep)
        page.goto(f"{site}/settings")
        page.evaluate("settings => sessionStorage.setItem('settings', JSON.stringify(settings))", settings)

    def _keep(self, request: Request) -> None:
        if request.method == "POST":
            self.posts.append(request)

    def goes_to(self, path: str) -> None:
        self.page.goto(self._site + path)

    def leaves(self) -> None:
        """To a page without the SDK."""
        self.goes_to("/settings")

    def calls(self, method: str, *arguments: Any) -> None:
        self.page.evaluate("([method, given]) => { posthog[method](...given) }", [method, list(arguments)])

    @property
    def distinct_id(self) -> str:
        found: str = self.page.evaluate("posthog.get_distinct_id()")
        return found

    @property
    def sent(self) -> list[dict[str, Any]]:
        """What the SDK sent so far, on any page of the site."""
        found: list[dict[str, Any]] = json.loads(self.page.evaluate("sessionStorage.getItem('sent') ?? '[]'"))
        return found

    def sent_named(self, name: str) -> dict[str, Any]:
        [found] = [event for event in self.sent if event["event"] == name]
        return found


Visit = Callable[..., Shopper]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Way:
    return WAYS[request.param]


@pytest.fixture
def shopper(way: Way, visit: Visit) -> Shopper:
    """Somebody at the shop's front page, in each way of sending."""
    return visit(way)


@pytest.fixture(params=["gzip", "newest defaults"])
def member(request: pytest.FixtureRequest, visit: Visit) -> Shopper:
    """The same where it matters what is sent and not how."""
    return visit(WAYS[request.param])


@pytest.fixture
def visit(visitor: BrowserContext, site: str, appliance: Appliance) -> Visit:
    def start(way: Way, **settings: Any) -> Shopper:
        script = way.script
        if way.remote_config is not None:
            preloaded = {appliance.token: {"config": way.remote_config, "siteApps": []}}
            script += f"; window._POSTHOG_REMOTE_CONFIG = {json.dumps(preloaded)}"
        if script:
            visitor.add_init_script(script)
        options = {
            "api_host": appliance.url,
            # A browser without a window tells that it is one, and the SDK would not count it.
            "opt_out_useragent_filter": True,
            "request_queue_config": {"flush_interval_ms": _FLUSH_MS},
            **way.options,
        }
        shopper = Shopper(
            visitor.new_page(), site, {"token": appliance.token, "options": options, **settings}
        )
        shopper.goes_to("/shop?utm_source=hedge&utm_campaign=autumn")
        if way.remote_config is not None:  # the SDK heeds it a moment after it started
            shopper.page.wait_for_function(
                "posthog.get_property('$autocapture_disabled_server_side') === false"
            )
        return shopper

    return start


def assert_same(event: Event, sent: dict[str, Any]) -> None:
    """The event is what was sent, with nothing lost, changed or added but what the server adds."""
    lost = {*_OF_ELEMENTS, *_KEPT_FROM_EVENTS}
    expected = {name: value for name, value in sent["properties"].items() if name not in lost}
    found = own_properties(event)
    for name in _OF_PERSON:
        given = {**expected.pop(name, {}), **(sent.get(name) or {})}
        kept = found.pop(name, {})
        assert given.items() <= kept.items()
    if expected.get("$process_person_profile") is True:
        del expected["$process_person_profile"]  # it is only kept where it says no
    assert without_found_out(found) == without_found_out(expected)
    assert event["event"] == sent["event"]
    assert event["distinct_id"] == sent["properties"]["distinct_id"]
    assert UUID(event["id"]) == UUID(sent["uuid"])
    assert_in_transit(event, datetime.fromisoformat(sent["timestamp"]))


def named(events: list[Event], name: str) -> Event:
    [found] = [event for event in events if event["event"] == name]
    return found


def test_a_page_view_comes_back_as_it_was_sent(way: Way, shopper: Shopper, read: Read) -> None:
    anonymous = shopper.distinct_id
    count = len(shopper.sent)
    events = read(anonymous, count)
    assert len({event["id"] for event in events}) == len(events)
    by_uuid = {one["uuid"]: one for one in shopper.sent}
    for event in events:
        assert_same(event, by_uuid[event["id"]])
    assert {(one.resource_type, one.headers["content-type"]) for one in shopper.posts} == {way.sends}
    for post in shopper.posts:
        answer = None if post.resource_type == "ping" else post.response()
        assert answer is None or answer.status == HTTPStatus.OK
    properties = named(events, "$pageview")["properties"]
    assert properties["$current_url"] == shopper.page.url
    assert properties["$pathname"] == "/shop"
    assert properties["title"] == "Hedgehog shop"
    assert properties["utm_source"] == "hedge"
    assert properties["$lib"] == "web"
    assert properties["$browser"] == "Chrome"


# What the contract says of the page's link: each element's tag and sorted classes, then its attributes by key.
_BUY = (
    'b:attr__href="#cart"href="#cart"nth-child="1"nth-of-type="1"text="now"'
    ';a.btn.primary:attr__class="primary btn"attr__data-say="the \\"best\\" one; really"attr__href="#cart"'
    'attr__id="buy"attr_id="buy"href="#cart"nth-child="1"nth-of-type="1"text="Buy"'
    ';li.item:attr__class="item"nth-child="2"nth-of-type="2"'
    ';ul:nth-child="2"nth-of-type="1"'
    ';main:attr__id="shop"attr_id="shop"nth-child="1"nth-of-type="1"'
    ';body:nth-child="2"nth-of-type="1"'
)


def test_a_click_comes_with_its_chain_of_elements(shopper: Shopper, read: Read) -> None:
    shopper.page.click("#buy b")
    sent = shopper.sent_named("$autocapture")
    event = named(read(shopper.distinct_id, len(shopper.sent)), "$autocapture")
    assert_same(event, sent)
    assert event["elements_chain"] == sent["properties"]["$elements_chain"] == _BUY
    assert event["properties"]["$event_type"] == "click"
    assert event["properties"]["$el_text"] == "now"


def test_a_chain_made_here_is_the_one_that_the_sdk_makes(visit: Visit, read: Read) -> None:
    shopper = visit(WAYS["gzip"], without_chain=True)
    shopper.page.click("#buy b")
    shopper.page.click("button")
    shopper.page.click("button")
    events = [one for one in read(shopper.distinct_id, len(shopper.sent)) if one["event"] == "$autocapture"]
    sent = {one["uuid"]: one["properties"] for one in shopper.sent}
    assert all("$elements_chain" not in one for one in sent.values())
    assert [event["elements_chain"] for event in events].count(_BUY) == 1
    chains = shopper.page.evaluate("sessionStorage.getItem('chains')")
    assert {event["id"]: event["elements_chain"] for event in events} == json.loads(chains)


def test_identify_joins_what_an_anonymous_visitor_did_to_the_person(
    member: Shopper, someone: str, read: Read, person: FindPerson
) -> None:
    anonymous = member.distinct_id
    before = len(member.sent)
    read(anonymous, before)
    member.calls("identify", someone, {"plan": "paid", "name": "Ada"}, {"first": "autumn"})
    member.calls("capture", "bought")
    found = person(someone, (someone, anonymous), plan="paid", name="Ada", first="autumn")
    assert found["is_identified"]
    assert found["properties"]["$initial_utm_source"] == "hedge"
    assert member.distinct_id == someone
    events = [*read(anonymous, before), *read(someone, len(member.sent) - before)]
    by_uuid = {one["uuid"]: one for one in member.sent}
    assert sorted(by_uuid) == sorted(event["id"] for event in events)
    for event in events:
        assert_same(event, by_uuid[event["id"]])
        assert event["person"]["id"] == found["id"]
    assert named(events, "$identify")["properties"]["$anon_distinct_id"] == anonymous


def test_person_properties_are_set_set_once_and_unset(
    member: Shopper, someone: str, person: FindPerson
) -> None:
    # The SDK sends each of these at once, on connections of their own: only one at a time keeps their order.
    member.calls("identify", someone, {"plan": "free", "age": 3})
    person(someone, plan="free")
    member.calls("setPersonProperties", {"plan": "paid"}, {"first": 1})
    person(someone, plan="paid")
    member.calls("setPersonProperties", {"late": True}, {"first": 2})
    person(someone, late=True)
    member.calls("unsetPersonProperties", ["age"])
    member.calls("capture", "left", {"$set": {"left": True}})
    found = person(someone, left=True)["properties"]
    assert {name: found.get(name) for name in ("plan", "first", "late")} == {
        "plan": "paid", "first": 1, "late": True,
    }  # fmt: skip
    assert "age" not in found


def test_an_alias_and_a_reset_give_one_person_and_another(
    member: Shopper, someone: str, person: FindPerson
) -> None:
    member.calls("identify", someone)
    member.calls("alias", f"other-{someone}")
    member.calls("reset")
    fresh = member.distinct_id
    assert fresh != someone
    member.calls("identify", f"third-{someone}")
    found = person(someone, (someone, f"other-{someone}"))
    third = person(f"third-{someone}", (fresh,))
    assert found["id"] != third["id"]


def test_a_group_keeps_its_properties(member: Shopper, someone: str, read: Read, group_of: GroupOf) -> None:
    key = f"company-{someone}"
    member.calls("identify", someone)
    member.calls("group", "company", key, {"name": "Hedgehogs", "staff": 11})
    member.calls("capture", "bought")
    events = read(someone, 3)
    assert_same(named(events, "$groupidentify"), member.sent_named("$groupidentify"))
    bought = named(events, "bought")
    assert_same(bought, member.sent_named("bought"))
    assert bought["properties"]["$groups"] == {"company": key}
    assert [one for name, one in bought["properties"].items() if name.startswith("$group_")] == [key]
    assert group_of(key) == {"name": "Hedgehogs", "staff": 11}


def test_an_exception_keeps_its_type_message_and_stack(member: Shopper, read: Read) -> None:
    member.page.evaluate(
        """() => {
            function sell() { throw new RangeError('out of hedgehogs') }
            try { sell() } catch (error) { posthog.captureException(error, { page: 'shop' }) }
        }"""
    )
    event = named(read(member.distinct_id, len(member.sent)), "$exception")
    assert_same(event, member.sent_named("$exception"))
    [exception] = event["properties"]["$exception_list"]
    assert (exception["type"], exception["value"]) == ("RangeError", "out of hedgehogs")
    assert exception["stacktrace"]["frames"][-1]["mangled_name"] == "sell"
    assert event["properties"]["page"] == "shop"


def test_what_is_left_to_send_leaves_with_the_page(way: Way, visit: Visit, read: Read) -> None:
    # What is on its way as the page goes may be lost, and not by us: the page view must be here, the rest not sent yet.
    shopper = visit(
        replace(way, options={**way.options, "request_queue_config": {"flush_interval_ms": _LATE_MS}})
    )
    anonymous = shopper.distinct_id
    read(anonymous, 1)
    shopper.calls("capture", "last words", {"text": "naïve café 🦔"})
    shopper.leaves()
    sent = shopper.sent
    events = read(anonymous, len(sent))
    for name in ("last words", "$pageleave"):
        assert_same(named(events, name), shopper.sent_named(name))
    assert named(events, "$pageleave")["properties"]["$prev_pageview_pathname"] == "/shop"


def test_events_larger_than_a_browser_keeps_alive_arrive(shopper: Shopper, read: Read) -> None:
    # Random text does not compress: the first is within what a beacon may carry, the second is not.
    texts = [[uuid4().hex for _ in range(count)] for count in (500, 5_000)]
    for text in texts:
        shopper.calls("capture", "much", {"text": text})
    events = [one for one in read(shopper.distinct_id, len(shopper.sent)) if one["event"] == "much"]
    assert sorted(len(event["properties"]["text"]) for event in events) == [500, 5_000]
    by_uuid = {one["uuid"]: one for one in shopper.sent}
    for event in events:
        assert_same(event, by_uuid[event["id"]])


def test_without_any_configuration_the_sdk_still_captures(visit: Visit, read: Read) -> None:
    shopper = visit(Way(("fetch", "text/plain")))
    shopper.calls("capture", "bought", {"price": 7})
    events = read(shopper.distinct_id, len(shopper.sent))
    for name in ("$pageview", "bought"):
        assert_same(named(events, name), shopper.sent_named(name))
