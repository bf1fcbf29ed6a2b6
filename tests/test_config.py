import re
import stat
import threading
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.config import SECTIONS, Config, load, unknown_variables, variable
from appliance.failures import ConfigurationError
from appliance.private_files import load_or_create_secret, write_private
from appliance.setting import GIB, MIB
from appliance.settings_text import example, in_force, page

ROOT = Path(__file__).parent.parent


def _file(folder: Path, text: str, name: str = "config/hoglet.toml") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return folder


def test_without_any_setting_it_listens_to_this_machine_only(tmp_path: Path) -> None:
    config = load({}, tmp_path)
    assert (config.host, config.port, config.url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert config.store_url == config.catalog_url == ""


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    folder = _file(tmp_path, '[http]\nport = 9000\nhost = "0.0.0.0"\n')
    config = load({"HOGLET_PORT": "9001"}, folder)
    assert (config.port, config.host, config.log_level) == (9001, "0.0.0.0", "info")


def test_a_named_file_is_read_in_place_of_the_usual_one(tmp_path: Path) -> None:
    _file(tmp_path, "[http]\nport = 9000\n")
    _file(tmp_path, "[http]\nport = 9100\n", "other.toml")
    assert load({"HOGLET_CONFIG": "other.toml"}, tmp_path).port == 9100


@pytest.mark.parametrize(
    ("written", "bytes_meant"),
    [
        ("67108864", 64 * MIB),
        ("64MiB", 64 * MIB),
        ("64 mib", 64 * MIB),
        ("100MB", 100_000_000),
        ("1_048_576", MIB),
    ],
)
def test_a_size_may_have_a_unit(tmp_path: Path, written: str, bytes_meant: int) -> None:
    assert load({"HOGLET_JOURNAL_SEGMENT_BYTES": written}, tmp_path).journal_segment_bytes == bytes_meant


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "eight"), ("port", "0"), ("port", "65536"), ("port", "8000.5"), ("port", "10MiB"),
        ("port", ""),
        ("journal_segment_bytes", "64 parsecs"), ("journal_segment_bytes", "1KiB"),
        ("workers", "-1"), ("workers", "65"),
        ("body_read_timeout_s", "nan"), ("body_read_timeout_s", "inf"), ("body_read_timeout_s", "soon"),
        ("log_level", "loud"), ("trusted_proxies", "10.0.0.0/8, somewhere"),
        ("trusted_proxies", "10.0.0.1/8"),
        ("public_url", "example.com"), ("store_url", "file:///etc/passwd"), ("catalog_url", "mysql://h/d"),
        ("data_dir", "  "), ("bootstrap_email", "ada"), ("bootstrap_project_token", "phx_abcdefghij"),
    ],
)  # fmt: skip
def test_a_bad_value_names_the_setting_and_where_it_came_from(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load({variable(name): value}, tmp_path)
    assert caught.value.setting == name
    assert f"setting {name} (from {variable(name)}): " in str(caught.value)


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("[http]\nport = true", "port"), ("[http]\nport = 8.5", "port"), ("[http]\nport = []", "port"),
        ("[http]\ntrusted_proxies = [1]", "trusted_proxies"), ("[http]\nhost = 1", "host"),
        ("[http]\nprot = 1", "http.prot"), ("[journal]\nport = 1", "journal.port"), ("port = 1", "port"),
        ("[hppt]\nport = 1", "hppt"), ("[http", "config"), ("[appliance]\ndata_dir = 1", "data_dir"),
    ],
)  # fmt: skip
def test_a_bad_file_names_the_setting_and_the_file(tmp_path: Path, text: str, setting: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load({}, _file(tmp_path, text))
    assert caught.value.setting == setting
    assert str(tmp_path / "config/hoglet.toml") in str(caught.value)


def test_a_misspelt_setting_gets_a_suggestion(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="did you mean journal_segment_bytes"):
        load({}, _file(tmp_path, "[journal]\njournal_segments_bytes = 1"))


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"gone\.toml"):
        load({"HOGLET_CONFIG": "gone.toml"}, tmp_path)


def test_limits_hold_for_settings_made_in_code_too() -> None:
    with pytest.raises(ConfigurationError, match="port"):
        Config(port=0)


def test_misspelt_variables_are_found() -> None:
    assert unknown_variables({"HOGLET_PROT": "1", "HOGLET_PORT": "1", "HOGLET_CONFIG": "x", "PATH": ""}) == [
        "HOGLET_PROT"
    ]


_SOME_SETTINGS = st.fixed_dictionaries(
    {
        "port": st.integers(1, 65_535),
        "journal_segment_bytes": st.integers(MIB, GIB),
        "body_read_timeout_s": st.floats(1, 600),
        "trusted_proxies": st.lists(st.ip_addresses().map(str), max_size=3).map(tuple),
        "geoip_path": st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"])),
    }
)


@given(_SOME_SETTINGS)
def test_a_child_process_gets_equal_settings_by_its_environment(some: dict[str, Any]) -> None:
    config = Config(data_dir=Path("elsewhere"), **some)
    assert load(config.environment(), Path("/nowhere")) == config


def test_the_data_folder_stays_the_same_when_a_process_changes_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = load({"HOGLET_DATA_DIR": "here"})
    monkeypatch.chdir("/")
    assert config.data_dir == tmp_path / "here"
    for folder in (config.journal_dir, config.store_dir, config.secrets_dir, config.catalog_path):
        assert folder.parent == config.data_dir


def test_every_setting_has_a_section_a_reason_and_numbers_a_least_value() -> None:
    for one in fields(Config):
        assert one.metadata["section"] in SECTIONS, one.name
        assert one.metadata["why"].endswith("."), one.name
        if one.type in (int, float):
            assert one.metadata["minimum"] is not None, one.name


def test_the_page_about_settings_is_what_the_code_says() -> None:
    written = (ROOT / "docs/settings.md").read_text()
    assert written == page(), "run: hoglet settings --page > docs/settings.md"
    assert all(f"`{variable(one.name)}`" in written for one in fields(Config))


def test_the_example_file_is_what_the_code_says() -> None:
    written = (ROOT / "config/hoglet.toml.example").read_text()
    assert written == example(), "run: hoglet settings --example > config/hoglet.toml.example"


def test_the_example_uncommented_is_a_valid_file_of_the_defaults(tmp_path: Path) -> None:
    text = re.sub(r"^# (\w+ = )", r"\1", example(), flags=re.MULTILINE)
    names = {name for body in tomllib.loads(text).values() for name in body}
    assert names == {one.name for one in fields(Config)}
    loaded, default = load({}, _file(tmp_path, text)), load({}, tmp_path / "nowhere")
    for one in fields(Config):
        if not one.metadata["shown"]:
            assert getattr(loaded, one.name) == getattr(default, one.name), one.name


def test_the_settings_in_force_are_a_valid_file_that_shows_no_password(tmp_path: Path) -> None:
    config = Config(data_dir=tmp_path, store_url="http://u:hunter2@h:8123/d", bootstrap_password="hunter2")
    text = in_force(config)
    assert "hunter2" not in text
    assert tomllib.loads(text)["appliance"]["data_dir"] == str(tmp_path)


def test_a_secret_is_made_once_and_is_ours_alone(tmp_path: Path) -> None:
    config = Config(data_dir=tmp_path / "data")
    secret = config.secret("session")
    assert len(secret) == 43
    assert config.secret("session") == secret
    assert config.secret("store") != secret
    assert stat.S_IMODE((config.secrets_dir / "session").stat().st_mode) == 0o600
    assert stat.S_IMODE(config.secrets_dir.stat().st_mode) == 0o700
    assert {path.name for path in config.secrets_dir.iterdir()} == {"session", "store"}


def test_all_who_ask_for_a_new_secret_at_once_get_the_same(tmp_path: Path) -> None:
    barrier, answers = threading.Barrier(8), []

    def ask() -> None:
        barrier.wait()
        answers.append(load_or_create_secret(tmp_path / "secrets", "session"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert len(set(answers)) == 1


def test_a_private_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "words"
    write_private(path, "one")
    write_private(path, "two")
    assert path.read_text() == "two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    write_private(path, "three", replace=False)
    assert path.read_text() == "two"
    assert list(tmp_path.iterdir()) == [path]
