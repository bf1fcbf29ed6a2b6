"""Which account an identity of the provider opens.

Promises:
- An identity is the provider's subject, not its address: who gets another's old address gets no account by it.
- At first it is the account of an address that the provider has verified, and that was verified here too: by an
  invite for it, or by the operator. Anybody else links the two while signed in.
- A new account is made only if `oidc_new_role` says so.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from appliance.accounts import audit, members
from appliance.accounts.keys import now_us
from appliance.accounts.oidc.refused import Refused
from appliance.accounts.principal import Principal
from appliance.accounts.roles import role_of
from appliance.catalog.accounts import external_identity
from appliance.catalog.connect import insert
from appliance.catalog.model import organization, user_account
from appliance.config import Config
from appliance.failures import Invalid
from appliance.resources.fields import email_address

_SUBJECT_CHARACTERS_MAX = 255
_NAME_CHARACTERS_MAX = 300


def account(connection: Connection, config: Config, claims: Mapping[str, Any], address: str) -> RowMapping:
    """Who signs in."""
    _require_domain(config, claims)
    issuer, subject = _identity(claims)
    joined = external_identity.join(user_account, user_account.c.id == external_identity.c.user_id)
    known = select(user_account).select_from(joined)
    mine = (external_identity.c.issuer == issuer) & (external_identity.c.subject == subject)
    user = connection.execute(known.where(mine)).mappings().one_or_none()
    if user is None:
        user = _by_email(connection, config, claims, address)
        _keep(connection, issuer, subject, user["id"])
        _note_link(connection, user, address, issuer)
    if not user["is_active"]:
        raise Refused("no_account", f"the account {user['email']} is not active")
    return user


def link(connection: Connection, claims: Mapping[str, Any], principal: Principal) -> RowMapping:
    """Gives the identity to somebody who is signed in; theirs from now on."""
    issuer, subject = _identity(claims)
    columns = external_identity.c
    owner = connection.execute(
        select(columns.user_id).where(columns.issuer == issuer, columns.subject == subject)
    ).scalar_one_or_none()
    if owner not in (None, principal.user_id):
        raise Refused("linked_to_another", f"{subject!r} belongs to the account {owner}")
    mine = user_account.c.id == principal.user_id
    user = connection.execute(select(user_account).where(mine)).mappings().one()
    if owner is None:
        _keep(connection, issuer, subject, principal.user_id)
        _note_link(connection, user, principal.address, issuer)
    return user


def _by_email(connection: Connection, config: Config, claims: Mapping[str, Any], address: str) -> RowMapping:
    email = _verified_email(claims)
    found = connection.execute(select(user_account).where(user_account.c.email == email)).mappings()
    user = found.one_or_none()
    if user is not None:
        if not user["is_email_verified"]:
            raise Refused("link_first", f"nobody has verified that {email} is whose account it is here")
        return user
    if not config.oidc_new_role:
        raise Refused("no_account", f"there is no account {email}")
    home = select(organization.c.id).order_by(organization.c.created_at, organization.c.id).limit(1)
    organization_id: uuid.UUID = connection.execute(home).scalar_one()
    name = claims.get("name")
    values = {
        "uuid": uuid.uuid4(),
        "email": email,
        "name": name.replace("\0", "")[:_NAME_CHARACTERS_MAX] if isinstance(name, str) else "",
        "created_at": now_us(),
    }
    made = (
        connection.execute(user_account.insert().values(values).returning(*user_account.c)).mappings().one()
    )
    members.join(connection, organization_id, made["id"], role_of(config.oidc_new_role), now_us())
    principal = Principal(made["id"], email, frozenset(), address=address)
    audit.note(connection, organization_id, principal, "member_joined", role=config.oidc_new_role)
    return made


def _identity(claims: Mapping[str, Any]) -> tuple[str, str]:
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= _SUBJECT_CHARACTERS_MAX or "\0" in subject:
        raise Refused("token_invalid", "the ID token has no usable subject")
    return str(claims["iss"]), subject


def _verified_email(claims: Mapping[str, Any]) -> str:
    if claims.get("email_verified") not in (True, "true"):
        raise Refused("email_not_verified", "the provider has not verified the address")
    try:
        return str(email_address(claims.get("email")))
    except Invalid as error:
        raise Refused("email_not_verified", "the provider tells no address") from error


def _require_domain(config: Config, claims: Mapping[str, Any]) -> None:
    if not config.oidc_domains:
        return
    domain = _verified_email(claims).rpartition("@")[2]
    if domain not in {one.lower().removeprefix("@") for one in config.oidc_domains}:
        raise Refused("domain_not_allowed", f"{domain} is not one of oidc_domains")


def _keep(connection: Connection, issuer: str, subject: str, user_id: int) -> None:
    row = {"issuer": issuer, "subject": subject, "user_id": user_id, "created_at": now_us()}
    connection.execute(insert(connection, external_identity).values(row).on_conflict_do_nothing())


def _note_link(connection: Connection, user: RowMapping, address: str, issuer: str) -> None:
    audit.note_account(connection, user["id"], user["email"], address, "identity_linked", issuer=issuer)
