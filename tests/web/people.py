"""People with accounts of their own, for what would spoil the first user's."""

from dataclasses import dataclass
from uuid import uuid4

from playwright.sync_api import Browser, StorageState

from tests.conftest import Appliance


@dataclass(frozen=True, slots=True)
class Somebody:
    name: str
    email: str
    password: str


def joined(browser: Browser, appliance: Appliance, role: str, *, by_name: bool = True) -> Somebody:
    """Somebody whom the first user invited, and who took it. Who is not invited by name has an unverified address."""
    found = Somebody(f"Vera {uuid4().hex[:8]}", f"{uuid4().hex}@example.org", "looks but never touches")
    token = invite(browser, appliance, role, found.email if by_name else None)
    context = browser.new_context()
    made = context.request.post(
        f"{appliance.url}/api/signup/{token}/",
        data={"email": found.email, "first_name": found.name, "password": found.password},
    )
    assert made.status == 201, made.text()
    context.close()
    return found


def invite(browser: Browser, appliance: Appliance, role: str, email: str | None = None) -> str:
    """The token of the first user's invite."""
    context = browser.new_context()
    owner = {"email": appliance.email, "password": appliance.password}
    signed_in = context.request.post(f"{appliance.url}/api/login/", data=owner)
    assert signed_in.ok, signed_in.text()
    invited = context.request.post(
        f"{appliance.url}/api/organizations/@current/invites/",
        data={"target_email": email, "role": role},
        headers={"X-CSRFToken": signed_in.json()["csrf_token"]},
    )
    assert invited.status == 201, invited.text()
    token: str = invited.json()["token"]
    context.close()
    return token


def session_of(browser: Browser, appliance: Appliance, email: str, password: str) -> StorageState:
    """The cookies of somebody who signed in."""
    context = browser.new_context()
    answer = context.request.post(f"{appliance.url}/api/login/", data={"email": email, "password": password})
    assert answer.ok, answer.text()
    state = context.storage_state()
    context.close()
    return state
