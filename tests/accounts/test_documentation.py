"""docs/accounts.md against the routes and actions there are."""

import re
from pathlib import Path

from tests.accounts.desk import Desk
from tests.accounts.routes import walk

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/accounts.md").read_text()
ROOMS = (
    "session",
    "setup",
    "login",
    "logout",
    "signup",
    "reset",
    "users",
    "personal_api_keys",
    "organizations",
)


def test_every_route_of_accounts_is_in_the_documentation(desk: Desk) -> None:
    words = set()
    for _, path in walk(desk.browser()):
        parts = [part for part in path.split("/") if part and part != "api"]
        if parts and parts[0] in ROOMS and "feature_flags" not in parts:
            words.update(part for part in parts if "{" not in part)
    assert len(words) > 20
    assert [word for word in sorted(words) if word not in PAGE] == []


def test_every_action_of_the_log_is_in_the_documentation() -> None:
    rooms = [ROOT / "python/appliance" / room for room in ("accounts", "projects")]
    code = "".join(path.read_text() for room in rooms for path in room.rglob("*.py"))
    noted = set(
        re.findall(r'note(?:_account)?\([^)]*?"([a-z_]+_?(?:ed|up|in|out|made|taken|reset|left))"', code)
    )
    assert len(noted) > 15
    assert [action for action in sorted(noted) if f"`{action}`" not in PAGE] == []
