"""Signing in with an OpenID Connect provider, as a browser goes about it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.accounts.provider import CLIENT, SECRET, LocalProvider, Person, local_provider
from tests.conftest import running
from tests.web.conftest import watched
from tests.web.people import joined
from tests.web.screen import Screen


@pytest.fixture
def provider() -> Iterator[LocalProvider]:
    with local_provider() as found:
        yield found


@pytest.fixture
def fresh(tmp_path: Path, visitor: BrowserContext, provider: LocalProvider) -> Iterator[Screen]:
    """An appliance that lets everybody in whom the provider vouches for."""
    settings = {
        "oidc_issuer": provider.url, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET, "oidc_name": "Home",
        "oidc_new_role": "member",
    }  # fmt: skip
    with running(tmp_path / "data", **settings) as appliance, watched(appliance, visitor) as found:
        provider.redirect = f"{appliance.url}/complete/oidc"
        yield found


def through_the_provider(screen: Screen, provider: LocalProvider) -> None:
    page = screen.page
    screen.open("/sign-in?next=%2Fproject%2F1%2Fevents%3Fdate_from%3D-7d")
    page.get_by_role("link", name="Continue with Home").click()
    page.get_by_role("link", name=f"I am {provider.person.name}").click()


def test_whom_the_provider_vouches_for_is_let_in_and_others_are_told_why_not(
    fresh: Screen, provider: LocalProvider
) -> None:
    page = fresh.page
    through_the_provider(fresh, provider)
    expect(page.get_by_role("button", name="Date range: Last 7 days")).to_be_visible()
    signed_in = page.get_by_role("button", name=re.compile("^Signed in as"))
    expect(signed_in).to_contain_text("Ada Lovelace")
    fresh.in_project("settings/account")
    expect(page.get_by_role("table", name="Sessions")).to_contain_text("Single sign-on")
    fresh.settle()

    fresh.may_be_refused("401 .*")
    signed_in.click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

    provider.person = Person("user-2", "mallory@example.org", is_verified=False, name="Mallory")
    through_the_provider(fresh, provider)
    expect(page.get_by_role("alert")).to_have_text("The provider has not verified your address.")
    expect(page.get_by_role("link", name="Continue with Home")).to_be_visible()
    assert not page.context.request.get(f"{fresh.appliance.url}/api/session/").json()["is_signed_in"]


def test_who_has_a_password_links_the_provider_from_within(
    fresh: Screen, provider: LocalProvider, browser: Browser
) -> None:
    page = fresh.page
    vera = joined(browser, fresh.appliance, "member", by_name=False)
    provider.person = Person("user-3", vera.email, name="Vera")
    through_the_provider(fresh, provider)
    expect(page.get_by_role("alert")).to_contain_text("link the provider")
    fresh.sign_in(vera)
    fresh.in_project("settings/account")
    section = page.get_by_role("region", name="Single sign-on")
    section.get_by_role("link", name="Link Home").click()
    page.get_by_role("link", name="I am Vera").click()
    expect(section).to_contain_text("Linked")
