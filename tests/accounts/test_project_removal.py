"""Deleting projects: who may, where people are led, and what is told. The engine's part is in `tests/crash`."""

from pathlib import Path

from sqlalchemy import Engine, insert, select

from appliance import catalog
from appliance.accounts import create_personal_api_key, create_project
from appliance.accounts.roles import Role
from appliance.catalog import removals
from appliance.catalog.model import group_type, project, user_account
from appliance.catalog.resources import insight
from appliance.config import Config
from appliance.projects.remover import Remover, kept_folders
from appliance.store.client import Rows
from tests.accounts.desk import Browser, Desk
from tests.accounts.test_organizations import LOG, actions

DELETED = "/api/organizations/@current/deleted_projects/"


def second_project(owner: Browser, name: str = "Second") -> int:
    made = owner.post("/api/projects/", {"name": name})
    assert made.status_code == 201, made.text
    number: int = made.json()["id"]
    return number


def test_a_deleted_project_is_gone_with_what_people_made_in_it(desk: Desk) -> None:
    owner = desk.owner()
    number = second_project(owner)
    assert desk.keeper.refresh()
    token = desk.keeper.current.by_id[number].token
    assert owner.post(f"/api/projects/{number}/insights/", {"name": "x"}).status_code == 201
    assert owner.delete(f"/api/projects/{number}/").status_code == 204
    assert owner.get(f"/api/projects/{number}/").status_code == 404
    assert owner.get(f"/api/projects/{number}/insights/").status_code == 403
    assert owner.delete(f"/api/projects/{number}/").status_code == 404
    assert desk.keeper.refresh()
    assert token not in desk.keeper.current.by_token
    with catalog.reading(desk.engine) as connection:
        assert connection.execute(select(insight.c.id).where(insight.c.project_id == number)).all() == []
    assert second_project(owner, "Third") > number


def test_the_log_and_the_list_of_deleted_projects_tell_who_did_it(desk: Desk) -> None:
    desk.user("ada@example.org", Role.ADMIN)
    number = second_project(desk.owner())
    ada = desk.browser()
    ada.sign_in("ada@example.org")
    assert ada.delete(f"/api/organizations/@current/projects/{number}/").status_code == 204
    [noted] = ada.get(LOG, params={"action": "project_deleted"}).json()["results"]
    assert (noted["email"], noted["detail"]) == ("ada@example.org", {"project": number, "name": "Second"})
    [told] = ada.get(DELETED).json()["results"]
    assert (told["id"], told["name"], told["deleted_by"]) == (number, "Second", "ada@example.org")
    assert (told["state"], told["rows_left"], told["done_at"]) == ("waiting", None, None)


def test_whoever_had_chosen_it_is_led_to_another(desk: Desk) -> None:
    owner, ada = desk.owner(), desk.signed_in("ada@example.org")
    number = second_project(owner)
    assert ada.patch("/api/users/@me/", {"set_current_team": number}).status_code == 200
    assert ada.me()["team"]["id"] == number
    owner.delete(f"/api/projects/{number}/")
    assert ada.me()["team"]["id"] == desk.first.project_id
    with catalog.reading(desk.engine) as connection:
        chosen = select(user_account.c.current_project_id).where(user_account.c.email == "ada@example.org")
        assert connection.execute(chosen).scalar_one() is None


def test_the_last_project_may_go_and_another_be_made(desk: Desk) -> None:
    owner = desk.owner()
    assert owner.delete("/api/projects/@current/").status_code == 204
    me = owner.me()
    assert me["team"] is None
    assert me["organization"]["role"] == "owner"
    assert owner.get("/api/projects/@current/").status_code == 404
    made = owner.post("/api/organizations/@current/projects/", {"name": "A new one"})
    assert made.status_code == 201
    assert owner.me()["team"]["id"] == made.json()["id"]


def test_members_and_strangers_delete_nothing(desk: Desk) -> None:
    owner = desk.owner()
    other = owner.post("/api/organizations/", {"name": "Other"}).json()["id"]
    theirs = owner.post(f"/api/organizations/{other}/projects/", {"name": "Theirs"}).json()["id"]
    here = desk.first.project_id
    member = desk.signed_in("ada@example.org")
    admin = desk.signed_in("bob@example.org", Role.ADMIN)
    for path in (f"/api/projects/{here}/", f"/api/organizations/@current/projects/{here}/"):
        assert member.delete(path).status_code == 403, path
    assert member.get(DELETED).status_code == 403
    for path in (f"/api/projects/{theirs}/", f"/api/organizations/{other}/projects/{theirs}/"):
        assert admin.delete(path).status_code == 404, path
    # Its own organisation has to be named, also by who is in both.
    assert owner.delete(f"/api/organizations/@current/projects/{theirs}/").status_code == 404
    with catalog.reading(desk.engine) as connection:
        assert set(connection.execute(select(project.c.id)).scalars()) == {here, theirs}


def test_a_key_for_a_deleted_project_does_not_become_one_for_all(desk: Desk) -> None:
    owner = desk.owner()
    number = second_project(owner)
    with catalog.writing(desk.engine) as connection:
        few = create_personal_api_key(connection, 1, "few", ["insight:read", "project:read"])
    key = owner.post(
        "/api/personal_api_keys/", {"label": "k", "scopes": ["project:read"], "scoped_teams": [number]}
    ).json()["value"]
    owner.delete(f"/api/projects/{number}/")
    browser = desk.browser()
    browser.headers["authorization"] = f"Bearer {key}"
    assert browser.get("/api/projects/").json()["results"] == []
    browser.headers["authorization"] = f"Bearer {few}"
    assert browser.delete(f"/api/projects/{desk.first.project_id}/").status_code == 403


def test_projects_of_a_deleted_organisation_are_removed_too(desk: Desk) -> None:
    owner = desk.owner()
    other = owner.post("/api/organizations/", {"name": "Other"}).json()["id"]
    theirs = owner.post(f"/api/organizations/{other}/projects/", {"name": "Theirs"}).json()["id"]
    owner.delete(f"/api/organizations/{other}/")
    assert actions(owner)[-1] == "organization_deleted"
    removals.fence(desk.engine)
    assert [one.project_id for one in removals.to_do(desk.engine, with_done=False)] == [theirs]


class EmptyStore:
    """A store in which nothing of any project is."""

    database = "hoglet"

    def query(self, _sql: str, *_: object) -> Rows:
        return Rows((), (), [], 0, 0)


def _remover(config: Config, engine: Engine) -> Remover:
    return Remover(config, engine, EmptyStore())  # type: ignore[arg-type]


def _group_types(engine: Engine, project_id: int) -> int:
    with catalog.reading(engine) as connection:
        query = select(group_type.c.name).where(group_type.c.project_id == project_id)
        return len(connection.execute(query).all())


def test_nothing_is_taken_away_before_ingest_knows(desk: Desk) -> None:
    owner = desk.owner()
    number = second_project(owner)
    with catalog.writing(desk.engine) as connection:
        rows = [{"project_id": one, "name": "company", "type_index": 0} for one in (number, number + 1)]
        connection.execute(insert(group_type), rows)
        create_project(connection, "Third")
    folders = kept_folders(desk.config, number)
    for folder in folders:
        Path(folder).mkdir(parents=True)
    owner.delete(f"/api/projects/{number}/")
    remover = _remover(desk.config, desk.engine)
    remover.look()
    assert _group_types(desk.engine, number) == 1
    removals.fence(desk.engine)
    remover.look()
    assert _group_types(desk.engine, number) == 0
    assert _group_types(desk.engine, number + 1) == 1
    assert not any(folder.exists() for folder in folders)
    [told] = owner.get(DELETED).json()["results"]
    assert (told["state"], told["rows_left"]) == ("done", 0)
