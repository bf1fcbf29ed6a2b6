"""Every route of a project, walked: keys without the scope, projects of others, things of other projects."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute

from appliance.accounts import create_personal_api_key
from appliance.catalog import writing
from appliance.catalog.model import event_definition, organization, project, property_definition, user_account
from appliance.definitions.ids import event_definition_id, property_definition_id
from tests.rest import Rest

PREFIX = "/api/projects/{project_id}/"
_PARAMETER = re.compile(r"\{(\w+)\}")
# Enough of a body and of parameters that what stops the request is not what they lack.
BODY: dict[str, Any] = {
    "key": "a",
    "value": 1,
    "$unset": "a",
    "tile_id": 1,
    "body": "x",
    "name": "n",
    "type": "String",
}


# What is asked by POST because the question is too long for an address.
READING = (
    "query/",
    "error_tracking/query/",
    "error_tracking/stack_frames/batch_get/",
    "feature_flags/bulk_keys/",
    "feature_flags/user_blast_radius/",
    "insights/viewed/",
    "insights/{id_}/viewed/",
)


def routes_of(rest: Rest) -> Iterator[tuple[str, str]]:
    seen = set()
    for route in _all(rest.client.app.routes):
        for method in sorted(route.methods - {"HEAD"}):
            if route.path.startswith(PREFIX) and (method, route.path) not in seen:
                seen.add((method, route.path))
                yield method, route.path.removeprefix(PREFIX)


def _all(routes: Any) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "effective_route_contexts"):
            yield from route.effective_route_contexts()
        elif hasattr(route, "routes"):
            yield from _all(route.routes)


def test_every_route_asks_for_a_scope_and_names_it(rest: Rest) -> None:
    walked = list(routes_of(rest))
    assert len(walked) > 90
    without = rest.with_key("nothing:read")
    for method, path in walked:
        answer = without.ask(method, _PARAMETER.sub("1", path), json=BODY)
        assert answer.status_code == 403, (method, path, answer.text)
        told = answer.json()
        assert (told["type"], told["code"]) == ("authentication_error", "permission_denied"), (method, path)
        assert re.fullmatch(r"API key missing required scope '\w+:(read|write)'", told["detail"]), (
            method,
            path,
        )


def test_a_key_that_may_read_may_not_change(rest: Rest) -> None:
    without, readers = rest.with_key("nothing:read"), dict[str, Rest]()
    for method, path in routes_of(rest):
        if method == "GET" or path.startswith(READING):
            continue
        address = _PARAMETER.sub("1", path)
        scope = without.ask(method, address, json=BODY).json()["detail"].split("'")[1].split(":")[0]
        if scope not in readers:
            readers[scope] = rest.with_key(f"{scope}:read")
        answer = readers[scope].ask(method, address, json=BODY)
        assert answer.status_code == 403, (method, path)
        assert answer.json()["detail"] == f"API key missing required scope '{scope}:write'", (method, path)


def test_nobody_reaches_a_project_of_another_organisation(rest: Rest) -> None:
    with writing(rest.engine) as connection:
        home, user = uuid4(), uuid4()
        connection.execute(organization.insert().values(id=home, name="theirs", created_at=2**60))
        row = {
            "organization_id": home,
            "token": f"phc_{user.hex}",
            "name": "theirs",
            "created_at": 0,
            "options": {},
        }
        theirs = connection.execute(project.insert().values(row).returning(project.c.id)).scalar_one()
        alone = connection.execute(
            user_account.insert()
            .values(uuid=user, email=f"{user.hex}@them.example", created_at=0)
            .returning(user_account.c.id)
        ).scalar_one()
        key = create_personal_api_key(connection, alone, "homeless")
    assert rest.keeper.refresh()
    for method, path in routes_of(rest):
        address = f"/api/projects/{theirs}/{_PARAMETER.sub('1', path)}"
        answer = rest.ask(method, address, json=BODY)
        assert answer.status_code in (403, 404), (method, path, answer.text)
        homeless = rest.client.request(method, address, json=BODY, headers={"authorization": f"Bearer {key}"})
        assert homeless.status_code in (403, 404), (method, path, homeless.text)


@pytest.fixture
def things(rest: Rest) -> dict[str, str]:
    """One of each kind, by the first word of its address."""
    event, owned = (
        event_definition_id(rest.project_id, "e"),
        property_definition_id(rest.project_id, 1, -1, "p"),
    )
    with writing(rest.engine) as connection:
        connection.execute(
            event_definition.insert().values(
                project_id=rest.project_id, name="e", created_at=0, last_seen_at=0, id=event
            )
        )
        connection.execute(
            property_definition.insert().values(
                project_id=rest.project_id,
                name="p",
                type=1,
                group_type_index=-1,
                is_numerical=False,
                id=owned,
            )
        )
    return {
        "insights": rest.made("insights/", name="i")["id"],
        "dashboards": rest.made("dashboards/", name="d")["id"],
        "annotations": rest.made("annotations/", content="a", scope="project")["id"],
        "actions": rest.made("actions/", name="a")["id"],
        "cohorts": rest.made("cohorts/", name="c", is_static=True)["id"],
        "feature_flags": rest.made("feature_flags/", key="f")["id"],
        "project_secret_api_keys": rest.made("project_secret_api_keys/", label="k")["id"],
        "insight_variables": rest.made("insight_variables/", name="v", type="String")["id"],
        "event_definitions": str(event),
        "property_definitions": str(owned),
        "persons": str(rest.person("somebody")),
    }


def test_what_belongs_to_another_project_does_not_exist(rest: Rest, things: dict[str, str]) -> None:
    other, walked = rest.other_project(), set()
    for method, path in routes_of(rest):
        kind = path.split("/")[0]
        if kind not in things or not _PARAMETER.search(path):
            continue
        address = _PARAMETER.sub(str(things[kind]), path)
        answer = other.ask(method, address, json=BODY)
        assert answer.status_code == 404, (method, path, answer.text)
        assert answer.json()["code"] == "not_found", (method, path)
        walked.add(kind)
    assert walked == things.keys()
    for kind, id_ in things.items():
        assert rest.get(f"{kind}/{id_}/").status_code == 200, kind


def test_an_id_that_can_be_nobody_s_is_not_found(rest: Rest, things: dict[str, str]) -> None:
    for kind in things:
        for id_ in ("0", "-1", "x'--", "9" * 30, "1.5", "%00"):
            assert rest.get(f"{kind}/{id_}/").status_code == 404, (kind, id_)
