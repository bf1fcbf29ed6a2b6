"""docs/api.md against the routes there are."""

import re
from pathlib import Path

from tests.resources.test_every_route import routes_of
from tests.rest import Rest

PAGE = (Path(__file__).parents[2] / "docs/api.md").read_text()


def test_every_address_is_in_the_documentation(rest: Rest) -> None:
    missing = []
    for _, path in routes_of(rest):
        words = re.sub(r"\{\w+\}", "{id}", path)
        is_told = words in PAGE or (words.split("/")[-2] + "/" in PAGE and words.split("/")[0] + "/" in PAGE)
        if not is_told and not words.startswith(("query/", "{id}")):
            missing.append(words)
    assert missing == []


def test_every_scope_is_in_the_documentation(rest: Rest) -> None:
    without = rest.with_key("nothing:read")
    for method, path in routes_of(rest):
        told = without.ask(method, re.sub(r"\{\w+\}", "1", path), json={}).json()["detail"]
        scope = told.split("'")[1].split(":")[0]
        assert f"`{scope}`" in PAGE, (path, scope)
