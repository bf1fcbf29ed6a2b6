"""Invites: a link that makes whoever has it a member, once, until it expires.

The link's word is kept as a hash and shown once; no mail is sent. An invite for an address makes an account of that
address only; one without makes an account of any address that nobody has yet.
"""

import secrets
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, func, select

from appliance.accounts import audit, members
from appliance.accounts.access import Member
from appliance.accounts.keys import hash_key, now_us
from appliance.accounts.passwords import check_password, hash_password
from appliance.accounts.principal import Principal
from appliance.accounts.roles import Role, level_field, role_field, role_of
from appliance.catalog.accounts import organization_invite
from appliance.catalog.model import membership, organization, user_account
from appliance.config import Config
from appliance.failures import Conflict, Invalid, NotFound, TooMany
from appliance.resources.fields import Field, email_address, read, text
from appliance.resources.people import people
from appliance.resources.times import iso

INVITES_MAX = 1_000
"""Open ones of an organisation."""
TOKEN_CHARACTERS_MAX = 100
_TOKEN_BYTES = 32
FIELDS = (
    Field("target_email", email_address, "email", is_nullable=True),
    Field("first_name", text(150)),
    Field("level", level_field),
    Field("role", role_field),
)
SIGN_UP_FIELDS = (
    Field("email", email_address),
    Field("first_name", text(150, is_blank_allowed=False)),
    Field("last_name", text(150)),
    Field("password", text(10_000)),
)


def query(organization_id: uuid.UUID) -> Select[Any]:
    """Newest first."""
    columns = organization_invite.c
    theirs = select(organization_invite).where(columns.organization_id == organization_id)
    return theirs.order_by(columns.created_at.desc(), columns.id)


def views(connection: Connection, rows: Sequence[RowMapping]) -> list[dict[str, Any]]:
    makers = people(connection, [row["created_by_id"] for row in rows])
    return [
        {
            "id": str(row["id"]),
            "target_email": row["email"],
            "first_name": row["first_name"],
            "level": role_of(row["role"]).value,
            "role": row["role"],
            "emailing_attempt_made": False,
            "is_expired": row["expires_at"] <= now_us(),
            "created_by": makers.get(row["created_by_id"]),
            "created_at": iso(row["created_at"]),
            "updated_at": iso(row["created_at"]),
            "expires_at": iso(row["expires_at"]),
        }
        for row in rows
    ]


def create(
    connection: Connection, member: Member, given: Mapping[str, Any], config: Config
) -> tuple[RowMapping, str]:
    """The invite and its word, shown only now."""
    values = read(FIELDS, given, is_partial=False)
    by_level = values.pop("level", Role.MEMBER)
    role = values.pop("role", by_level)
    members.require_power(member, role)
    now, token = now_us(), secrets.token_urlsafe(_TOKEN_BYTES)
    _make_room(connection, member.organization_id, now)
    _require_nobody(connection, member.organization_id, values.get("email"))
    row = (
        connection.execute(
            organization_invite.insert()
            .values(
                id=uuid.uuid4(),
                organization_id=member.organization_id,
                hash=hash_key(token),
                role=role.text,
                created_at=now,
                created_by_id=member.principal.user_id,
                expires_at=now + round(config.invite_s * 1_000_000),
                **values,
            )
            .returning(*organization_invite.c)
        )
        .mappings()
        .one()
    )
    audit.note(
        connection, member.organization_id, member.principal, "invite_created",
        invite=str(row["id"]), email=row["email"], role=row["role"],
    )  # fmt: skip
    return row, token


def take_back(connection: Connection, member: Member, invite_id: str) -> None:
    columns = organization_invite.c
    try:
        condition = (columns.organization_id == member.organization_id) & (columns.id == uuid.UUID(invite_id))
    except ValueError:
        raise NotFound("Not found.") from None
    if not connection.execute(delete(organization_invite).where(condition)).rowcount:
        raise NotFound("Not found.")
    audit.note(connection, member.organization_id, member.principal, "invite_deleted", invite=invite_id)


def find(connection: Connection, token: str) -> RowMapping:
    """With the organisation's name. Raises `NotFound` for what opens nothing, or no more."""
    columns = organization_invite.c
    if len(token) <= TOKEN_CHARACTERS_MAX and token.isascii():
        joined = organization_invite.join(organization, organization.c.id == columns.organization_id)
        row = connection.execute(
            select(organization_invite, organization.c.name.label("organization_name"))
            .select_from(joined)
            .where(columns.hash == hash_key(token), columns.expires_at > now_us())
        ).mappings()
        found = row.one_or_none()
        if found is not None:
            return found
    raise NotFound("This invite was used, taken back, or has expired. Ask for a new one.")


def join(connection: Connection, token: str, principal: Principal) -> RowMapping:
    """Somebody who is signed in takes the invite; the invite as it was."""
    invite = find(connection, token)
    if invite["email"] is not None and invite["email"] != principal.email:
        raise Invalid("This invite is for another address. Sign out first.", code="invalid_recipient")
    if invite["organization_id"] in principal.reach.organizations:
        raise Conflict("You are a member of this organization already.")
    _use_up(connection, invite)
    role = role_of(invite["role"])
    members.join(connection, invite["organization_id"], principal.user_id, role, now_us())
    audit.note(connection, invite["organization_id"], principal, "member_joined", role=invite["role"])
    return invite


def sign_up(connection: Connection, token: str, given: Mapping[str, Any], address: str) -> RowMapping:
    """A new account takes the invite; the account."""
    invite = find(connection, token)
    values = read(SIGN_UP_FIELDS, given, is_partial=True)
    if invite["email"] is not None:
        values["email"] = invite["email"]
    for name in ("email", "first_name", "password"):
        if name not in values:
            raise Invalid("This field is required.", name, "required")
    email: str = values["email"]
    taken = select(user_account.c.id).where(user_account.c.email == email)
    if connection.execute(taken).one_or_none() is not None:
        problem = "There is an account with this address already. Sign in, then open the link again."
        raise Invalid(problem, "email", "account_exists")
    password_hash = hash_password(check_password(values["password"], email))
    _use_up(connection, invite)
    now = now_us()
    user = (
        connection.execute(
            user_account.insert()
            .values(
                uuid=uuid.uuid4(),
                email=email,
                name=f"{values['first_name']} {values.get('last_name', '')}".strip(),
                password_hash=password_hash,
                # Whoever invited an address vouches for it.
                is_email_verified=invite["email"] is not None,
                created_at=now,
            )
            .returning(*user_account.c)
        )
        .mappings()
        .one()
    )
    members.join(connection, invite["organization_id"], user["id"], role_of(invite["role"]), now)
    principal = Principal(user["id"], email, frozenset(), address=address)
    audit.note(connection, invite["organization_id"], principal, "member_joined", role=invite["role"])
    return user


def _use_up(connection: Connection, invite: RowMapping) -> None:
    """Before anything else is written: of two who come with it at once, one finds it gone."""
    gone = delete(organization_invite).where(organization_invite.c.id == invite["id"])
    if not connection.execute(gone).rowcount:
        raise NotFound("This invite was used, taken back, or has expired. Ask for a new one.")


def _make_room(connection: Connection, organization_id: uuid.UUID, now: int) -> None:
    columns = organization_invite.c
    theirs = columns.organization_id == organization_id
    connection.execute(delete(organization_invite).where(theirs, columns.expires_at <= now))
    if connection.execute(select(func.count()).where(theirs)).scalar_one() >= INVITES_MAX:
        raise TooMany(f"There are {INVITES_MAX} open invites already.")


def _require_nobody(connection: Connection, organization_id: uuid.UUID, email: str | None) -> None:
    if email is None:
        return
    theirs = membership.join(user_account, user_account.c.id == membership.c.user_id)
    found = connection.execute(
        select(user_account.c.id)
        .select_from(theirs)
        .where(membership.c.organization_id == organization_id, user_account.c.email == email)
    ).one_or_none()
    if found is not None:
        raise Invalid(
            "A user with this email address already belongs to the organization.",
            "target_email",
            "invalid_input",
        )
