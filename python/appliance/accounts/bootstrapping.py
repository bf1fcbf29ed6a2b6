"""The first organisation, user, project and key, so that a fresh install can be used at once.

Promises:
- They are made once, where the catalog has no organisation yet. Running again, or in several processes at
  once, changes nothing and answers the same.
- The catalog gets only hashes of the password and the key. The words themselves are kept in
  `secrets/bootstrap.json` (mode 0600), to be shown again. Whoever has noted them may delete that file.
- What is no longer true is not shown: a key that was revoked, a password that was changed, and either of them
  once the file is gone. Nothing that somebody took away comes back.
- The file is written before the catalog commits, and an empty catalog is filled from the file: a crash in
  between changes no secret.
"""

import json
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select, text

from appliance.accounts.keys import (
    generate_key,
    generate_project_token,
    hash_key,
    now_us,
    store_key,
)
from appliance.accounts.passwords import generate_password, hash_password, verify_password
from appliance.accounts.principal import ALL_SCOPES
from appliance.accounts.projects import create_organization, create_project
from appliance.catalog import upgrade, writing
from appliance.catalog.accounts import first_run
from appliance.catalog.model import membership, organization, personal_api_key, project, user_account
from appliance.config import Config
from appliance.failures import ConfigurationError
from appliance.private_files import write_private

FILE = "bootstrap.json"
NAME = "My organisation"
PROJECT_NAME = "Default project"
KEY_LABEL = "bootstrap"
_LOCK = 0x686F676C6575  # beside the migrations' lock


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """How to begin. None stands for what is gone, changed, or not ours to know."""

    project_id: int | None
    project_token: str | None
    personal_api_key: str | None
    email: str
    password: str | None
    setup_code: str | None = None
    """There while nobody has signed in: whoever knows it may say who the first user is."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What the file keeps."""

    project_token: str
    personal_api_key: str
    email: str
    password: str
    setup_code: str = ""


def bootstrap(engine: Engine, config: Config) -> Bootstrap:
    """Bring the catalog up to date, make the first of everything if there is none, and tell how to begin."""
    upgrade(engine)
    path = config.secrets_dir / FILE
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":  # SQLite's write lock is ours already
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        words = _read(path)
        if not connection.execute(select(func.count()).select_from(organization)).scalar_one():
            words = words or _new_words(config)
            write_private(path, json.dumps(asdict(words), indent=2) + "\n")
            _create(connection, words)
        return _tell(connection, words, config)


def _new_words(config: Config) -> _Words:
    return _Words(
        project_token=config.bootstrap_project_token or generate_project_token(),
        personal_api_key=generate_key(),
        email=config.bootstrap_email.lower(),
        password=config.bootstrap_password or generate_password(),
        # Whoever chose the password signs in with it.
        setup_code="" if config.bootstrap_password else generate_password(),
    )


def _read(path: Path) -> _Words | None:
    try:
        return _Words(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise ConfigurationError("bootstrap", f"cannot read the file: {error}", str(path)) from error


def _create(connection: Connection, words: _Words) -> None:
    now = now_us()
    organization_id = create_organization(connection, NAME)
    user = {"uuid": uuid.uuid4(), "email": words.email, "password_hash": hash_password(words.password)}
    user_id: int = connection.execute(
        user_account.insert().values(**user, created_at=now).returning(user_account.c.id)
    ).scalar_one()
    connection.execute(
        membership.insert().values(
            organization_id=organization_id, user_id=user_id, role="owner", created_at=now
        )
    )
    create_project(connection, PROJECT_NAME, words.project_token, organization_id)
    store_key(connection, user_id, KEY_LABEL, words.personal_api_key, (ALL_SCOPES,))
    if words.setup_code:
        code = {"code_hash": hash_key(words.setup_code), "user_id": user_id}
        connection.execute(first_run.insert().values(id=1, **code))


def _tell(connection: Connection, words: _Words | None, config: Config) -> Bootstrap:
    first = _first_project(connection, words)
    return Bootstrap(
        project_id=first.id if first else None,
        project_token=first.token if first else None,
        personal_api_key=words.personal_api_key if words and _has_key(connection, words) else None,
        email=_first_email(connection, words) or (words.email if words else config.bootstrap_email.lower()),
        password=words.password if words and _has_password(connection, words) else None,
        setup_code=words.setup_code if words and _has_setup(connection, words) else None,
    )


def _first_project(connection: Connection, words: _Words | None) -> Row[Any, Any] | None:
    """The project of the file's token, else the oldest."""
    preferred = project.c.token == (words.project_token if words else "")
    return connection.execute(
        select(project.c.id, project.c.token).order_by(preferred.desc(), project.c.id).limit(1)
    ).one_or_none()


def _first_email(connection: Connection, words: _Words | None) -> str | None:
    """As it is now: the first user may have said who they are."""
    if words is None:
        return None
    owned = personal_api_key.join(user_account, user_account.c.id == personal_api_key.c.user_id)
    return connection.execute(
        select(user_account.c.email)
        .select_from(owned)
        .where(personal_api_key.c.hash == hash_key(words.personal_api_key))
    ).scalar_one_or_none()


def _has_setup(connection: Connection, words: _Words) -> bool:
    kept = select(first_run.c.id).where(first_run.c.code_hash == hash_key(words.setup_code))
    return connection.execute(kept).one_or_none() is not None


def _has_key(connection: Connection, words: _Words) -> bool:
    kept = select(personal_api_key.c.id).where(personal_api_key.c.hash == hash_key(words.personal_api_key))
    return connection.execute(kept).one_or_none() is not None


def _has_password(connection: Connection, words: _Words) -> bool:
    kept = connection.execute(
        select(user_account.c.password_hash).where(user_account.c.email == words.email)
    ).scalar_one_or_none()
    return verify_password(kept, words.password)
