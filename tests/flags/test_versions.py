"""The history of a flag, and two people at once."""

from concurrent.futures import ThreadPoolExecutor

from tests.rest import Rest


def test_every_change_is_a_version(rest: Rest) -> None:
    flag = rest.made("feature_flags/", key="a", name="first")
    path = f"feature_flags/{flag['id']}/"
    assert rest.patch(path, {"name": "second"}).json()["version"] == 2
    assert rest.patch(path, {"active": False}).json()["version"] == 3
    assert rest.patch(path, {"active": False, "name": "second"}).json()["version"] == 3, "nothing changed"
    assert rest.patch(path, {"tags": ["a"]}).json()["version"] == 3, "labels decide nothing"
    history = rest.results(f"{path}versions/")
    assert [(one["version"], one["name"], one["active"]) for one in history] == [
        (3, "second", False),
        (2, "second", True),
        (1, "first", True),
    ]
    assert history[0]["created_by"]["email"] == rest.first.email
    assert rest.get(f"{path}versions/1/").json() == history[2]
    for wrong in ("0", "4", "x", "9" * 30):
        assert rest.get(f"{path}versions/{wrong}/").status_code == 404


def test_what_somebody_else_changed_is_not_overwritten(rest: Rest) -> None:
    flag = rest.made("feature_flags/", key="a", name="first")
    path = f"feature_flags/{flag['id']}/"
    rest.patch(path, {"name": "theirs"})
    refused = rest.patch(path, {"name": "mine", "version": 1})
    assert refused.status_code == 409
    assert refused.json()["code"] == "conflict"
    assert "name" in refused.json()["detail"]
    assert rest.get(path).json()["name"] == "theirs"


def test_what_nobody_else_touched_is_merged(rest: Rest) -> None:
    flag = rest.made("feature_flags/", key="a", name="first")
    path = f"feature_flags/{flag['id']}/"
    rest.patch(path, {"name": "theirs"})
    merged = rest.patch(path, {"active": False, "version": 1}).json()
    assert (merged["name"], merged["active"], merged["version"]) == ("theirs", False, 3)


def test_who_does_not_say_what_they_saw_overwrites(rest: Rest) -> None:
    flag = rest.made("feature_flags/", key="a", name="first")
    path = f"feature_flags/{flag['id']}/"
    rest.patch(path, {"name": "theirs"})
    assert rest.patch(path, {"name": "mine"}).json()["name"] == "mine"
    assert rest.patch(path, {"name": "again", "version": -1}).json()["name"] == "again"
    assert rest.patch(path, {"name": "once more", "version": 4}).json()["name"] == "once more"
    for odd in ("4", True, 1.5, -2, -(2**70)):
        refused = rest.patch(path, {"name": "x", "version": odd})
        assert (refused.status_code, refused.json()["attr"]) == (400, "version")


def test_many_at_once_make_one_version_each(rest: Rest) -> None:
    flag = rest.made("feature_flags/", key="a")
    path = f"feature_flags/{flag['id']}/"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda number: rest.patch(path, {"name": f"name {number}"}), range(16)))
    assert {one.status_code for one in answers} <= {200, 409}
    made = sorted(one.json()["version"] for one in answers if one.status_code == 200)
    assert made
    assert made == list(range(2, 2 + len(made)))
    history = rest.results(f"{path}versions/")
    assert [one["version"] for one in history] == list(range(1 + len(made), 0, -1))
    assert history[0]["name"] == rest.get(path).json()["name"]


def test_two_new_flags_of_one_key_are_one(rest: Rest) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: rest.post("feature_flags/", {"key": "a"}), range(8)))
    assert [one.status_code for one in answers].count(201) == 1
    assert {one.status_code for one in answers} <= {201, 400, 409}
