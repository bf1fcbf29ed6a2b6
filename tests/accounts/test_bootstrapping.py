import json
import multiprocessing
import stat
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, Table, func, select

from appliance import catalog
from appliance.accounts import Bootstrap, authenticate, bootstrap, verify_password
from appliance.catalog.model import (
    membership,
    metadata,
    organization,
    personal_api_key,
    project,
    user_account,
)
from appliance.config import Config
from appliance.failures import ConfigurationError


def _count(engine: Engine, table: Table) -> int:
    with catalog.reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_fresh_install_has_one_of_everything_and_its_key_works(engine: Engine, config: Config) -> None:
    first = bootstrap(engine, config)
    tables = (organization, user_account, membership, project, personal_api_key)
    assert [_count(engine, table) for table in tables] == [1] * 5
    assert first.personal_api_key is not None
    with catalog.reading(engine) as connection:
        principal = authenticate(connection, first.personal_api_key)
        hashed = connection.execute(select(user_account.c.password_hash)).scalar_one()
    assert principal.email == first.email
    assert principal.project_ids == {first.project_id}
    assert principal.allows("anything:write")
    assert first.password is not None
    assert verify_password(hashed, first.password)


def test_tokens_and_keys_are_long_and_have_their_prefix(engine: Engine, config: Config) -> None:
    first = bootstrap(engine, config)
    assert first.project_token is not None
    assert first.personal_api_key is not None
    for word, prefix in ((first.project_token, "phc_"), (first.personal_api_key, "phx_")):
        assert word.startswith(prefix)
        assert len(word) == len(prefix) + 43


def test_bootstrapping_again_changes_nothing_and_answers_the_same(engine: Engine, config: Config) -> None:
    assert bootstrap(engine, config) == bootstrap(engine, config)
    assert _count(engine, project) == 1


def test_the_catalog_holds_no_secret_word(engine: Engine, config: Config) -> None:
    first = bootstrap(engine, config)
    with catalog.reading(engine) as connection:
        everything = repr([connection.execute(select(table)).all() for table in metadata.sorted_tables])
    assert first.password is not None
    assert first.personal_api_key is not None
    assert first.password not in everything
    assert first.personal_api_key not in everything


def test_the_words_are_kept_in_a_file_only_we_can_read(engine: Engine, config: Config) -> None:
    first = bootstrap(engine, config)
    path = config.secrets_dir / "bootstrap.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(config.secrets_dir.stat().st_mode) == 0o700
    assert json.loads(path.read_text())["personal_api_key"] == first.personal_api_key


def test_an_operator_may_choose_the_words(engine: Engine, config: Config) -> None:
    chosen = replace(
        config,
        bootstrap_email="Ada@example.com",
        bootstrap_password="correct horse",
        bootstrap_project_token="phc_kept_from_before",
    )
    first = bootstrap(engine, chosen)
    assert (first.email, first.password) == ("ada@example.com", "correct horse")
    assert first.project_token == "phc_kept_from_before"


def test_an_empty_catalog_is_filled_from_the_file_of_a_run_that_was_cut_short(
    engine: Engine, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("appliance.accounts.bootstrapping.create_project", crash)
    with pytest.raises(KeyboardInterrupt):
        bootstrap(engine, config)
    monkeypatch.undo()
    written = json.loads((config.secrets_dir / "bootstrap.json").read_text())
    assert _count(engine, organization) == 0
    assert bootstrap(engine, config).personal_api_key == written["personal_api_key"]


def test_a_revoked_key_does_not_come_back(engine: Engine, config: Config) -> None:
    bootstrap(engine, config)
    with catalog.writing(engine) as connection:
        connection.execute(personal_api_key.delete())
    assert bootstrap(engine, config).personal_api_key is None
    assert _count(engine, personal_api_key) == 0


def test_a_changed_password_is_no_longer_shown(engine: Engine, config: Config) -> None:
    bootstrap(engine, config)
    with catalog.writing(engine) as connection:
        connection.execute(user_account.update().values(password_hash=None))
    assert bootstrap(engine, config).password is None


def test_without_the_file_only_the_public_words_are_shown(engine: Engine, config: Config) -> None:
    first = bootstrap(engine, config)
    (config.secrets_dir / "bootstrap.json").unlink()
    assert bootstrap(engine, config) == Bootstrap(
        first.project_id, first.project_token, None, first.email, None
    )
    assert not (config.secrets_dir / "bootstrap.json").exists()


def test_a_broken_file_is_named(engine: Engine, config: Config) -> None:
    bootstrap(engine, config)
    (config.secrets_dir / "bootstrap.json").write_text("{")
    with pytest.raises(ConfigurationError, match=r"bootstrap\.json"):
        bootstrap(engine, config)


def _bootstrap(config: Config) -> Bootstrap:
    engine = catalog.connect(config)
    try:
        return bootstrap(engine, config)
    finally:
        engine.dispose()


def test_processes_that_bootstrap_at_once_agree(config: Config, engine: Engine) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(3, mp_context=context) as pool:
        answers = set(pool.map(_bootstrap, [config] * 6))
    assert len(answers) == 1
    assert _count(engine, project) == 1
