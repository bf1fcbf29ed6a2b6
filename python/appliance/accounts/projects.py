"""Organisations, their projects, and what a project may take in a month."""

import re
import uuid
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from appliance.accounts.keys import generate_project_token, now_us
from appliance.catalog import changes
from appliance.catalog.connect import insert
from appliance.catalog.model import SCOPES, organization, project, project_quota, usage
from appliance.failures import Conflict, Invalid, NotFound

# What every SDK's token passes: see "Token shape" of the capture protocol. Ours are phc_ and 43 characters.
_TOKEN = re.compile(r"[!-~]{1,64}")


def create_organization(connection: Connection, name: str) -> uuid.UUID:
    organization_id = uuid.uuid4()
    connection.execute(organization.insert().values(id=organization_id, name=name, created_at=now_us()))
    return organization_id


def create_project(
    connection: Connection,
    name: str,
    token: str | None = None,
    organization_id: uuid.UUID | None = None,
    **settings: Any,
) -> int:
    """The new project's id. Without an organisation it joins the oldest; `settings` are columns of `project`.

    Raises `Conflict` if another project has the token.
    """
    token = token or generate_project_token()
    if not _TOKEN.fullmatch(token) or token.startswith("phx_"):
        raise Invalid("a project token is 1 to 64 visible ASCII characters and not a personal API key")
    row = {
        "organization_id": organization_id or _oldest_organization(connection),
        "token": token, "name": name, "created_at": now_us(), "options": {}, **settings,
    }  # fmt: skip
    try:
        with connection.begin_nested():
            project_id: int = connection.execute(
                project.insert().values(row).returning(project.c.id)
            ).scalar_one()
    except IntegrityError as error:
        raise Conflict(f"a project has the token {token} already") from error
    changes.bump(connection)
    return project_id


def set_quota(connection: Connection, project_id: int, scope: str, limit_per_month: int | None) -> None:
    """Limit a project's month; None lifts the limit. Scopes are the names in `SCOPES`."""
    if scope not in SCOPES:
        raise Invalid(f"{scope!r} is not one of {', '.join(SCOPES)}")
    if limit_per_month is None:
        connection.execute(
            project_quota.delete().where(
                project_quota.c.project_id == project_id, project_quota.c.scope == scope
            )
        )
    elif limit_per_month < 0:
        raise Invalid("a limit is not below zero")
    else:
        statement = insert(connection, project_quota).values(
            project_id=project_id, scope=scope, limit_per_month=limit_per_month
        )
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["project_id", "scope"], set_={"limit_per_month": limit_per_month}
            )
        )
    changes.bump(connection)


def count_usage(connection: Connection, project_id: int, scope: str, month: str, count: int) -> None:
    """Add to the month's count, and tell the workers when this is what reaches the limit."""
    statement = insert(connection, usage).values(project_id=project_id, scope=scope, month=month, count=count)
    total = connection.execute(
        statement.on_conflict_do_update(
            index_elements=["project_id", "scope", "month"], set_={"count": usage.c.count + count}
        ).returning(usage.c.count)
    ).scalar_one()
    limit = connection.execute(
        select(project_quota.c.limit_per_month).where(
            project_quota.c.project_id == project_id, project_quota.c.scope == scope
        )
    ).scalar_one_or_none()
    if limit is not None and total - count < limit <= total:
        changes.bump(connection)


def _oldest_organization(connection: Connection) -> uuid.UUID:
    found = connection.execute(
        select(organization.c.id).order_by(organization.c.created_at, organization.c.id).limit(1)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("there is no organisation yet; run hoglet bootstrap")
    return uuid.UUID(str(found))
