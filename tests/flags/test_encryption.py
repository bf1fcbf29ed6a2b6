"""Payloads that nobody reads in the catalog."""

import base64
import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from appliance.catalog import reading
from appliance.catalog.feature_flags import feature_flag, feature_flag_version
from appliance.catalog.resources import activity
from appliance.config import Config
from appliance.failures import ConfigurationError, Unavailable
from appliance.flags.encryption import REDACTED, Payloads
from tests.rest import Rest

SECRET = '{"password": "hunter2"}'


def made(rest: Rest, **more: Any) -> dict[str, Any]:
    return rest.made(
        "feature_flags/",
        key="a",
        is_remote_configuration=True,
        has_encrypted_payloads=True,
        filters={"payloads": {"true": SECRET}},
        **more,
    )


def kept(rest: Rest, flag_id: int) -> str:
    with reading(rest.engine) as connection:
        query = select(feature_flag.c.filters).where(feature_flag.c.id == flag_id)
        payload: str = connection.execute(query).scalar_one()["payloads"]["true"]
        return payload


def test_a_payload_is_shown_to_nobody_and_kept_in_no_plain_text(rest: Rest) -> None:
    flag = made(rest)
    path = f"feature_flags/{flag['id']}/"
    assert flag["filters"]["payloads"] == {"true": REDACTED}
    rest.patch(path, {"filters": {"payloads": {"true": SECRET + " "}}})
    assert rest.get(path).json()["filters"]["payloads"] == {"true": REDACTED}
    assert rest.results("feature_flags/")[0]["filters"]["payloads"] == {"true": REDACTED}
    assert rest.results(f"{path}versions/")[0]["filters"]["payloads"] == {"true": REDACTED}
    told = rest.get(f"{path}activity/").text
    assert "hunter2" not in told
    assert kept(rest, flag["id"]) not in told
    with reading(rest.engine) as connection:
        everything = [
            connection.execute(select(table)).all()
            for table in (feature_flag, feature_flag_version, activity)
        ]
    assert "hunter2" not in str(everything)


def test_what_is_kept_is_the_payload(rest: Rest) -> None:
    payloads = Payloads(Config(data_dir=rest.keeper._path.parent))
    assert payloads.decrypted(kept(rest, made(rest)["id"])) == SECRET


def test_sending_back_what_is_shown_changes_nothing(rest: Rest) -> None:
    flag = made(rest)
    before = kept(rest, flag["id"])
    changed = rest.patch(f"feature_flags/{flag['id']}/", {"filters": flag["filters"], "name": "x"}).json()
    assert (changed["version"], changed["name"]) == (2, "x")
    assert kept(rest, flag["id"]) == before


def test_encryption_can_begin_and_ends_only_with_a_payload(rest: Rest) -> None:
    filters = {"payloads": {"true": SECRET}}
    flag = rest.made("feature_flags/", key="a", is_remote_configuration=True, filters=filters)
    path = f"feature_flags/{flag['id']}/"
    assert flag["filters"]["payloads"]["true"] == SECRET
    begun = rest.patch(path, {"has_encrypted_payloads": True}).json()
    assert begun["filters"]["payloads"]["true"] == REDACTED
    assert "hunter2" not in kept(rest, flag["id"])
    refused = rest.patch(path, {"has_encrypted_payloads": False})
    assert (refused.status_code, refused.json()["attr"]) == (400, "filters__payloads__true")
    ended = rest.patch(path, {"has_encrypted_payloads": False, "filters": {"payloads": {"true": "1"}}})
    assert ended.json()["filters"]["payloads"]["true"] == "1"


def test_what_was_plain_before_it_was_encrypted_is_shown_of_no_version(rest: Rest) -> None:
    flag = rest.made(
        "feature_flags/", key="a", is_remote_configuration=True, filters={"payloads": {"true": SECRET}}
    )
    path = f"feature_flags/{flag['id']}/"
    rest.patch(path, {"name": "still plain"})
    assert "hunter2" in rest.get(f"{path}versions/").text
    assert rest.patch(path, {"has_encrypted_payloads": True}).status_code == 200
    assert "hunter2" not in rest.get(f"{path}versions/").text
    for number in (1, 2, 3):
        found = rest.get(f"{path}versions/{number}/").json()
        assert found["filters"]["payloads"] == {"true": REDACTED}
        assert found["has_encrypted_payloads"] is (number == 3)
    assert "hunter2" not in rest.get(f"{path}activity/").text
    ended = {"has_encrypted_payloads": False, "filters": {"payloads": {"true": '"public"'}}}
    assert rest.patch(path, ended).status_code == 200
    told = rest.get(f"{path}versions/").text
    assert "public" in told
    assert "hunter2" not in told


def test_the_marker_itself_is_no_payload(rest: Rest) -> None:
    body = {
        "key": "a",
        "is_remote_configuration": True,
        "has_encrypted_payloads": True,
        "filters": {"payloads": {"true": REDACTED}},
    }
    assert rest.post("feature_flags/", body).json()["attr"] == "filters__payloads__true"


def test_only_remote_configuration_is_encrypted(rest: Rest) -> None:
    answer = rest.post("feature_flags/", {"key": "a", "has_encrypted_payloads": True})
    assert (answer.status_code, answer.json()["attr"]) == (400, "has_encrypted_payloads")


def test_the_key_is_made_once_in_a_file_that_only_we_read(tmp_path: Path) -> None:
    config = Config(data_dir=tmp_path)
    first = Payloads(config).encrypted(SECRET)
    [path] = config.secrets_dir.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert Payloads(config).decrypted(first) == SECRET
    assert SECRET not in first


def test_the_key_may_be_in_a_file_of_the_operator(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(base64.urlsafe_b64encode(os.urandom(32)) + b"\n")
    config = Config(data_dir=tmp_path / "data", secret_key_file=str(path))
    assert Payloads(config).decrypted(Payloads(config).encrypted(SECRET)) == SECRET
    assert not config.secrets_dir.exists()


@pytest.mark.parametrize("content", [None, "", "short", "é" * 43])
def test_a_file_without_a_key_is_named(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "key"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ConfigurationError, match="secret_key_file"):
        Payloads(Config(data_dir=tmp_path, secret_key_file=str(path))).encrypted("1")


def test_another_key_reads_nothing(tmp_path: Path) -> None:
    there = Payloads(Config(data_dir=tmp_path / "there")).encrypted("1")
    with pytest.raises(Unavailable):
        Payloads(Config(data_dir=tmp_path / "here")).decrypted(there)
