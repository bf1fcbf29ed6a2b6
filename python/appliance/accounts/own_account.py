"""What people change of their own account."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, RowMapping, select
from sqlalchemy.exc import IntegrityError

from appliance.accounts import sessions
from appliance.accounts.audit import note_account
from appliance.accounts.passwords import check_password, hash_password, verify_password
from appliance.accounts.principal import Principal
from appliance.accounts.reception import Reception
from appliance.catalog import writing
from appliance.catalog.model import user_account
from appliance.failures import Invalid
from appliance.resources.fields import Field, choice, email_address, integer, text
from appliance.resources.fields import uuid as uuid_field

FIELDS = (
    Field("first_name", text(150)),
    Field("last_name", text(150)),
    Field("theme_mode", choice("light", "dark", "system"), is_nullable=True),
    Field("set_current_team", integer(1)),
    Field("set_current_organization", uuid_field),
    Field("email", email_address),
    Field("token", text(100), is_nullable=True),
    Field("current_password", text(10_000), is_nullable=True),
    Field("password", text(10_000)),
)


def change(connection: Connection, principal: Principal, given: Mapping[str, Any]) -> Principal:
    """Fields as they were read; who asks, as they are afterwards. That it is them has been checked before."""
    mine = user_account.c.id == principal.user_id
    row = connection.execute(select(user_account).where(mine)).mappings().one()
    values: dict[str, Any] = {}
    if "first_name" in given or "last_name" in given:
        first_name, _, last_name = row["name"].partition(" ")
        name = f"{given.get('first_name', first_name)} {given.get('last_name', last_name)}"
        values["name"] = name.strip()
    if "theme_mode" in given:
        values["options"] = {**row["options"], "theme_mode": given["theme_mode"]}
    project_id = _chosen_project(principal, given)
    if project_id is not None:
        values["current_project_id"] = project_id
        principal = replace(principal, chosen_project_id=project_id)
    if is_new_email(principal, given):
        _change_email(connection, principal, row, given["email"])
        principal = replace(principal, email=given["email"])
    if "password" in given:
        values["password_hash"] = hash_password(check_password(given["password"], principal.email))
        sessions.end_all(connection, principal.user_id, but=principal.session_id)
        note_account(connection, principal.user_id, principal.email, principal.address, "password_changed")
    if values:
        connection.execute(user_account.update().where(mine).values(values))
    return principal


def is_new_email(principal: Principal, given: Mapping[str, Any]) -> bool:
    return "email" in given and given["email"] != principal.email


def _change_email(connection: Connection, principal: Principal, before: RowMapping, email: str) -> None:
    """They sign in with it from now on. Nobody has verified it, so no identity of elsewhere is led to it."""
    mine = user_account.c.id == principal.user_id
    try:
        with connection.begin_nested():
            connection.execute(user_account.update().where(mine).values(email=email, is_email_verified=False))
    except IntegrityError:
        problem = "There is already an account with this email address."
        raise Invalid(problem, "email", "account_exists") from None
    sessions.end_all(connection, principal.user_id, but=principal.session_id)
    note_account(
        connection,
        principal.user_id,
        before["email"],
        principal.address,
        "email_changed",
        before=before["email"],
        after=email,
    )


def require_password(
    reception: Reception, principal: Principal, password_hash: str | None, password: str | None
) -> None:
    """Counts as a try to sign in. An account without a password has none to ask for."""
    if password_hash is None:
        return
    attempts = reception.attempts
    with writing(reception.catalog) as connection:
        attempts.take(connection, attempts.account, principal.email)
    if password is None or not verify_password(password_hash, password):
        raise Invalid("Your current password is incorrect.", "current_password", "incorrect_password")
    with writing(reception.catalog) as connection:
        attempts.forget(connection, attempts.account, principal.email)


def _chosen_project(principal: Principal, given: Mapping[str, Any]) -> int | None:
    if "set_current_team" in given:
        number: int = given["set_current_team"]
        if number not in principal.project_ids:
            raise Invalid("You have no access to this project.", "set_current_team", "does_not_exist")
        return number
    if "set_current_organization" in given:
        wanted: uuid.UUID = given["set_current_organization"]
        theirs = [number for number, owner in principal.reach.projects.items() if owner == wanted]
        if not theirs:
            problem = "You have no project in this organization."
            raise Invalid(problem, "set_current_organization", "does_not_exist")
        return min(theirs)
    return None
