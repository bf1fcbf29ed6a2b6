"""PostHog knows a project by two names: all that is under one is under the other."""

import re

import pytest

from tests.resources.test_every_route import BODY, routes_of
from tests.rest import Rest

PARAMETER = re.compile(r"\{\w+\}")


def both(rest: Rest, path: str) -> tuple[str, str]:
    return f"/api/projects/{rest.project_id}/{path}", f"/api/environments/{rest.project_id}/{path}"


def test_every_route_refuses_under_either_name_in_the_same_words(rest: Rest) -> None:
    walked, without = 0, rest.with_key("nothing:read")
    for method, path in routes_of(rest):
        one, twin = (
            without.ask(method, address, json=BODY) for address in both(rest, PARAMETER.sub("1", path))
        )
        assert (one.status_code, one.json()) == (403, twin.json()), (method, path)
        assert twin.status_code == 403, (method, path)
        for address in both(rest, PARAMETER.sub("1", path)):
            assert rest.client.request(method, address).status_code == 401, (method, address)
        walked += 1
    assert walked > 90


def test_every_route_is_read_under_either_name(rest: Rest) -> None:
    for method, path in routes_of(rest):
        if method == "GET":
            one, twin = (rest.get(address) for address in both(rest, PARAMETER.sub("1", path)))
            assert one.status_code == twin.status_code, path
            assert twin.status_code != 405, path
            if twin.status_code == 404:
                assert twin.json() == one.json(), path


@pytest.mark.parametrize("slash", ["", "/"])
def test_what_is_made_under_one_name_is_found_under_the_other(rest: Rest, slash: str) -> None:
    made = rest.post(
        f"/api/environments/{rest.project_id}/annotations{slash}", {"content": "a", "scope": "project"}
    )
    assert made.status_code == 201, made.text
    for address in both(rest, f"annotations/{made.json()['id']}{slash}"):
        assert rest.get(address).json()["content"] == "a"
    listed = (rest.get(f"/api/{name}{slash}").json() for name in ("projects", "environments"))
    assert len({str(one["results"]) for one in listed}) == 1


def test_pages_go_on_under_the_name_that_was_asked_for(rest: Rest) -> None:
    for content in "ab":
        rest.made("annotations/", content=content, scope="project")
    for address in both(rest, "annotations/"):
        assert address in rest.get(address, limit=1).json()["next"]
        assert address in rest.get(address, limit=1, offset=1).json()["previous"]


def test_no_other_address_changes_its_name(rest: Rest) -> None:
    for address in ("/api/environments_/1/insights/", "/environments/1/", "/api/projects/environments/1/"):
        assert rest.get(address).status_code == 404
