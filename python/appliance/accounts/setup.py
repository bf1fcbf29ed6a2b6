"""The first run: whoever installed the appliance says who they are, which no stranger may do in their place.

`bootstrap` makes the first user with a password that nobody chose. Until somebody signs in, that user can be made
theirs here, with the setup code that `hoglet serve --welcome` and `hoglet bootstrap` show. No code is asked of a
browser on the very machine, while the appliance listens to nothing else and no proxy is in front of it.
"""

import hmac
import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from sqlalchemy import Connection, RowMapping, select

from appliance.accounts.keys import hash_key
from appliance.accounts.passwords import check_password, hash_password
from appliance.accounts.reception import Reception
from appliance.catalog import changes
from appliance.catalog.accounts import first_run
from appliance.catalog.model import membership, organization, project, user_account
from appliance.config import Config
from appliance.failures import Invalid, NotFound
from appliance.resources.fields import Field, email_address, read, text

FIELDS = (
    Field("email", email_address, is_required=True),
    Field("password", text(10_000), is_required=True),
    Field("first_name", text(150, is_blank_allowed=False), is_required=True),
    Field("last_name", text(150)),
    Field("organization_name", text(200, is_blank_allowed=False)),
    Field("project_name", text(200, is_blank_allowed=False)),
    Field("code", text(200)),
)
# Proxies add at least one of these.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")


def is_open(connection: Connection) -> bool:
    return connection.execute(select(first_run.c.id)).one_or_none() is not None


def needs_code(request: Request, config: Config) -> bool:
    if not _is_loopback(config.host) or (config.public_url and not _is_loopback(_host(config.public_url))):
        return True
    if any(name in request.headers for name in _FORWARDED):
        return True
    peer = request.client.host if request.client is not None else ""
    # The name by which it was asked, too: other sites may have their name lead to this machine.
    return not (_is_loopback(peer) and _is_loopback(_host(f"//{request.headers.get('host', '')}")))


def finish(
    connection: Connection, request: Request, reception: Reception, given: Mapping[str, Any]
) -> RowMapping:
    """Makes the first user theirs. Raises `NotFound` once somebody has signed in."""
    row = connection.execute(select(first_run).with_for_update()).mappings().one_or_none()
    if row is None:
        raise NotFound("This appliance is set up already. Sign in.")
    values = read(FIELDS, given, is_partial=False)
    code = values.get("code", "")
    if needs_code(request, reception.config) and not hmac.compare_digest(hash_key(code), row["code_hash"]):
        raise Invalid("This is not the setup code. `hoglet bootstrap` shows it.", "code", "invalid_code")
    password = check_password(given["password"], values["email"])
    name = f"{values['first_name']} {values.get('last_name', '')}".strip()
    connection.execute(
        user_account.update()
        .where(user_account.c.id == row["user_id"])
        .values(email=values["email"], name=name, password_hash=hash_password(password))
    )
    _rename(connection, row["user_id"], values)
    return (
        connection.execute(select(user_account).where(user_account.c.id == row["user_id"])).mappings().one()
    )


def _rename(connection: Connection, user_id: int, values: Mapping[str, Any]) -> None:
    theirs = select(membership.c.organization_id).where(membership.c.user_id == user_id).limit(1)
    if "organization_name" in values:
        connection.execute(
            organization.update()
            .where(organization.c.id == theirs.scalar_subquery())
            .values(name=values["organization_name"])
        )
    if "project_name" in values:
        first = select(project.c.id).order_by(project.c.id).limit(1).scalar_subquery()
        connection.execute(project.update().where(project.c.id == first).values(name=values["project_name"]))
        changes.bump(connection)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
