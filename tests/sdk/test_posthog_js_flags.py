"""Flags in the unmodified posthog-js in a real browser: what it gets, what it makes of changes, and what it tells.

What the server says to a plain request for the same id is the oracle beside the values a test chose itself.
"""

import gzip
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.conftest import Appliance
from tests.flags import model
from tests.flags.conformance import HALVES, condition, flag, person
from tests.flags.conformance_project import FlagProject, Json
from tests.sdk.test_posthog_js import Shopper, site

__all__ = ["site"]

_SETTLED_S = 20
_POLL_S = 0.1
_PAYLOADS = {"true": '{"cta": "x", "n": [1, 2]}', "control": '"c"', "test": "[1]"}
_KEPT_SHARE = 50
_FLAGS = [
    flag("everybody", condition(), payloads=_PAYLOADS),
    flag("nobody"),
    flag("halves", condition(), multivariate=HALVES, payloads=_PAYLOADS),
    flag("only servers", condition(), columns={"evaluation_runtime": "server"}),
    flag("only clients", condition(), columns={"evaluation_runtime": "client"}),
    flag("changes", condition(r=0)),
    flag("paid", condition(person("plan", "exact", "paid"))),
    flag("kept", condition(r=_KEPT_SHARE), columns={"ensure_experience_continuity": True}),
    flag("enrolling", condition(r=0), feature_enrollment=True),
]
_SILENT = "{ send_event: false }"


@pytest.fixture(scope="module")
def flags(appliance: Appliance) -> FlagProject:
    made = FlagProject.made(appliance, "flags of posthog-js")
    made.add(_FLAGS)
    return made


class Visitor(Shopper):
    """Somebody in the shop for whom flags are asked."""

    def loads_flags(self) -> None:
        self.page.wait_for_function("posthog.featureFlags.hasLoadedFlags")

    def flag(self, key: str) -> Any:
        return self.page.evaluate(f"key => posthog.getFeatureFlag(key, {_SILENT})", key)

    def waits_for(self, key: str, value: Any) -> None:
        self.page.wait_for_function(
            f"([key, value]) => posthog.getFeatureFlag(key, {_SILENT}) === value", arg=[key, value]
        )

    def flag_bodies(self) -> list[Json]:
        """What was sent to `/flags`."""
        return [_json(one.post_data_buffer or b"") for one in self.posts if "/flags/" in one.url]


def _json(body: bytes) -> Json:
    found: Json = json.loads(gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body)
    return found


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, site: str, flags: FlagProject) -> Iterator[Visit]:
    contexts: list[BrowserContext] = []

    def start(**options: Any) -> Visitor:
        contexts.append(browser.new_context())
        contexts[-1].set_default_timeout(_SETTLED_S * 1000)
        given = {
            "api_host": flags.appliance.url,
            "opt_out_useragent_filter": True,
            "request_queue_config": {"flush_interval_ms": 250},
            "person_profiles": "always",
            **options,
        }
        visitor = Visitor(contexts[-1].new_page(), site, {"token": flags.token, "options": given})
        visitor.goes_to("/shop")
        visitor.loads_flags()
        return visitor

    yield start
    for context in contexts:
        context.close()


def wait_for_person(flags: FlagProject, distinct_id: str, *others: str, **properties: Any) -> Json:
    deadline = time.monotonic() + _SETTLED_S
    while True:
        page = flags.get(f"/api/projects/{flags.id}/persons/?distinct_id={distinct_id}").json["results"]
        if (
            page
            and set(others) <= set(page[0]["distinct_ids"])
            and properties.items() <= page[0]["properties"].items()
        ):
            found: Json = page[0]
            return found
        assert time.monotonic() < deadline, page
        time.sleep(_POLL_S)


def test_flags_variants_and_payloads(visit: Visit, flags: FlagProject) -> None:
    visitor = visit()
    answer = flags.ask(visitor.distinct_id, evaluation_runtime="client").flags
    assert visitor.flag("everybody") is True
    assert visitor.flag("nobody") is False
    assert visitor.flag("halves") == answer["halves"]["variant"]
    assert visitor.flag("only clients") is True
    assert visitor.flag("only servers") is None
    assert visitor.page.evaluate("posthog.isFeatureEnabled('everybody')") is True
    payloads = visitor.page.evaluate(
        "['everybody', 'halves', 'nobody'].map(key => posthog.getFeatureFlagPayload(key) ?? null)"
    )
    expected = {"control": "c", "test": [1]}[answer["halves"]["variant"]]
    assert payloads == [{"cta": "x", "n": [1, 2]}, expected, None]
    told = visitor.page.evaluate(
        "new Promise(resolve => posthog.onFeatureFlags((flags, variants) => resolve([flags, variants])))"
    )
    enabled = {key: found["variant"] or True for key, found in answer.items() if found["enabled"]}
    own = {"every-worker-knows"}
    assert set(told[0]) - own == set(enabled)
    assert {key: value for key, value in told[1].items() if key not in own} == enabled


def test_a_change_is_seen_at_the_next_reload(visit: Visit, flags: FlagProject) -> None:
    visitor = visit()
    assert visitor.flag("changes") is False
    visitor.page.evaluate("() => { told = []; posthog.onFeatureFlags(keys => { told.push(keys) }) }")
    flags.change("changes", filters=flag("changes", condition())["filters"])
    visitor.calls("reloadFeatureFlags")
    visitor.waits_for("changes", True)
    visitor.page.wait_for_function("told.at(-1).includes('changes')")
    flags.change("changes", is_active=False)
    visitor.calls("reloadFeatureFlags")
    visitor.page.wait_for_function(f"posthog.getFeatureFlag('changes', {_SILENT}) === undefined")
    flags.change("changes", is_active=True, filters=flag("changes", condition(r=0))["filters"])


def test_properties_of_the_person_count_at_once(visit: Visit) -> None:
    visitor = visit()
    assert visitor.flag("paid") is False
    visitor.calls("setPersonPropertiesForFlags", {"plan": "paid"})
    visitor.waits_for("paid", True)


def test_what_is_stored_of_a_person_counts_after_identify(visit: Visit, flags: FlagProject) -> None:
    known = f"known-{uuid4()}"
    first = visit()
    first.calls("identify", known, {"plan": "paid"})
    wait_for_person(flags, known, plan="paid")
    second = visit()
    assert second.flag("paid") is False
    second.calls("identify", known)
    second.waits_for("paid", True)


def test_an_experience_is_kept_after_identify_and_remembered(visit: Visit, flags: FlagProject) -> None:
    first = visit()
    anonymous = first.distinct_id
    value = first.flag("kept")
    assert value == (model.bucket("kept.", anonymous, "") <= _KEPT_SHARE / 100)
    wait_for_person(flags, anonymous)
    known = _whose_bucket_is(not value)
    asked = len(first.flag_bodies())
    with first.page.expect_response(lambda answer: "/flags/" in answer.url):
        first.calls("identify", known)
    first.page.wait_for_function("!posthog.featureFlags._requestInFlight")
    assert first.flag_bodies()[asked]["$anon_distinct_id"] == anonymous
    assert first.flag("kept") == value
    wait_for_person(flags, known, anonymous)
    assert flags.ask(known).flags["kept"]["enabled"] == value, "remembered, although nobody says the old id"
    second = visit()
    with second.page.expect_response(lambda answer: "/flags/" in answer.url):
        second.calls("identify", known)
    second.waits_for("kept", value)
    second.page.wait_for_function("!posthog.featureFlags._requestInFlight")
    assert second.flag("kept") == value


def _whose_bucket_is(value: bool) -> str:
    for _ in range(100):
        known = f"known-{uuid4()}"
        if (model.bucket("kept.", known, "") <= _KEPT_SHARE / 100) == value:
            return known
    raise AssertionError("a hundred ids in the same half")


def test_enrolling_in_an_early_access_feature(visit: Visit, flags: FlagProject) -> None:
    visitor = visit()
    assert visitor.flag("enrolling") is False
    visitor.calls("updateEarlyAccessFeatureEnrollment", "enrolling", True)
    visitor.waits_for("enrolling", True)
    visitor.calls("reloadFeatureFlags")
    event = flags.appliance.wait_for_event(visitor.distinct_id, event="$feature_enrollment_update")[0]
    assert event["properties"]["$feature_flag"] == "enrolling"
    assert event["properties"]["$feature_enrollment"] is True
    wait_for_person(flags, visitor.distinct_id, **{"$feature_enrollment/enrolling": True})
    answer = flags.ask(visitor.distinct_id).flags["enrolling"]
    assert (answer["enabled"], answer["reason"]["code"]) == (True, "super_condition_value")
    listed = visitor.page.evaluate(
        "new Promise(resolve => posthog.getEarlyAccessFeatures(found => resolve(found), true))"
    )
    assert listed == []


def test_that_a_flag_was_called_is_found_by_a_query(visit: Visit, flags: FlagProject) -> None:
    visitor = visit()
    answer = flags.ask(visitor.distinct_id).flags["halves"]
    visitor.page.evaluate("[1, 2].map(() => posthog.getFeatureFlag('halves'))")
    [event] = flags.appliance.wait_for_event(visitor.distinct_id, event="$feature_flag_called")
    told = event["properties"]
    assert told["$feature_flag"] == "halves"
    assert told["$feature_flag_response"] == answer["variant"]
    assert told["$feature_flag_id"] == answer["metadata"]["id"]
    assert told["$feature_flag_version"] == answer["metadata"]["version"]
    assert told["$feature_flag_reason"] == "Matched condition set 1"
    assert told["$feature_flag_payload"] == answer["metadata"]["payload"] == _PAYLOADS[answer["variant"]]
    assert "$feature_flag_error" not in told
    visitor.calls("capture", "bought")
    [bought] = flags.appliance.wait_for_event(visitor.distinct_id, event="bought")
    assert bought["properties"]["$feature/halves"] == answer["variant"]
    assert bought["properties"]["$feature/nobody"] is False
    assert {"everybody", "halves"} <= set(bought["properties"]["$active_feature_flags"])
    counted = flags.send(
        "POST",
        f"/api/projects/{flags.id}/query/",
        b'{"query": {"kind": "HogQLQuery", "query": "SELECT count() FROM events WHERE event = \'$feature_flag_called\''
        b" AND properties.$feature_flag = 'halves' AND distinct_id = '%s'\"}}" % visitor.distinct_id.encode(),
        {"Authorization": f"Bearer {flags.appliance.key}", "Content-Type": "application/json"},
    )
    assert counted.status == 200, counted.body
    assert counted.json["results"] == [[1]]


def test_a_project_without_flags_is_not_asked_for_them(
    browser: Browser, site: str, appliance: Appliance
) -> None:
    fresh = appliance.with_project("no flags for posthog-js")
    context = browser.new_context()
    options = {"api_host": fresh.url, "opt_out_useragent_filter": True}
    visitor = Visitor(context.new_page(), site, {"token": fresh.token, "options": options})
    with visitor.page.expect_response(lambda answer: "/array/" in answer.url and answer.status == 200):
        visitor.goes_to("/shop")
    visitor.calls("capture", "looked")
    fresh.wait_for_event(visitor.distinct_id, event="looked")
    assert visitor.flag_bodies() == []
    context.close()
