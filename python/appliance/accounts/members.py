"""Members of an organisation and their roles.

Promises:
- Nobody touches who has a higher role than they, nor gives one; the last owner stays.
- A password or second factor is taken away only by somebody whose role is as high in every organisation of that
  user, since it opens all of them.
"""

import uuid
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, func, select

from appliance.accounts import audit
from appliance.accounts.access import Member
from appliance.accounts.roles import Role, role_of
from appliance.catalog.accounts import external_identity, organization_invite, second_factor
from appliance.catalog.model import membership, organization, user_account
from appliance.failures import Conflict, NotAuthorized, NotFound
from appliance.resources.people import basic
from appliance.resources.times import iso, iso_or_none


def query(organization_id: uuid.UUID) -> Select[Any]:
    """Oldest first."""
    theirs = membership.join(user_account, user_account.c.id == membership.c.user_id)
    return (
        select(
            user_account,
            membership.c.role,
            membership.c.created_at.label("joined_at"),
            select(second_factor.c.user_id)
            .where(second_factor.c.user_id == user_account.c.id, second_factor.c.is_confirmed)
            .exists()
            .label("is_2fa_enabled"),
            select(external_identity.c.user_id)
            .where(external_identity.c.user_id == user_account.c.id)
            .exists()
            .label("has_social_auth"),
        )
        .select_from(theirs)
        .where(membership.c.organization_id == organization_id)
        .order_by(membership.c.created_at, user_account.c.id)
    )


def view(organization_id: uuid.UUID, row: RowMapping) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid5(organization_id, str(row["uuid"]))),
        "user": basic(row),
        "level": role_of(row["role"]).value,
        "role": row["role"],
        "joined_at": iso(row["joined_at"]),
        "updated_at": iso(row["joined_at"]),
        "last_login": iso_or_none(row["last_login_at"]),
        "is_2fa_enabled": row["is_2fa_enabled"],
        "has_social_auth": row["has_social_auth"],
    }


def find(connection: Connection, organization_id: uuid.UUID, user_uuid: str) -> RowMapping:
    try:
        wanted = query(organization_id).where(user_account.c.uuid == uuid.UUID(user_uuid))
    except ValueError:
        raise NotFound("Not found.") from None
    row = connection.execute(wanted).mappings().one_or_none()
    if row is None:
        raise NotFound("Not found.")
    return row


def find_self(connection: Connection, member: Member) -> RowMapping:
    mine = query(member.organization_id).where(user_account.c.id == member.principal.user_id)
    row = connection.execute(mine).mappings().one_or_none()
    if row is None:
        raise NotFound("Not found.")
    return row


def join(
    connection: Connection, organization_id: uuid.UUID, user_id: int, role: Role, created_at: int
) -> None:
    connection.execute(
        membership.insert().values(
            organization_id=organization_id, user_id=user_id, role=role.text, created_at=created_at
        )
    )


def change_role(connection: Connection, member: Member, row: RowMapping, role: Role) -> None:
    require_power(member, max(role_of(row["role"]), role))
    if role is role_of(row["role"]):
        return
    _lock(connection, member.organization_id)
    if row["role"] == Role.OWNER.text:
        _require_another_owner(connection, member.organization_id, row["id"])
    connection.execute(
        membership.update().where(_theirs(member.organization_id, row["id"])).values(role=role.text)
    )
    if role < Role.ADMIN:
        _drop_invites(connection, member.organization_id, row["id"])
    audit.note(
        connection, member.organization_id, member.principal, "role_changed",
        email=row["email"], before=row["role"], after=role.text,
    )  # fmt: skip


def remove(connection: Connection, member: Member, row: RowMapping) -> None:
    """Keys and sessions of theirs open this organisation no more; the account stays."""
    is_leaving = row["id"] == member.principal.user_id
    if not is_leaving:
        require_power(member, role_of(row["role"]))
    _lock(connection, member.organization_id)
    if row["role"] == Role.OWNER.text:
        _require_another_owner(connection, member.organization_id, row["id"])
    connection.execute(delete(membership).where(_theirs(member.organization_id, row["id"])))
    _drop_invites(connection, member.organization_id, row["id"])
    happened = "member_left" if is_leaving else "member_removed"
    audit.note(
        connection, member.organization_id, member.principal, happened, email=row["email"], role=row["role"]
    )


def require_power(member: Member, role: Role) -> None:
    if member.role < role:
        raise NotAuthorized(f"Only an {role.text} may do this to an {role.text}.")


def require_power_everywhere(connection: Connection, member: Member, user_id: int) -> None:
    """Never over oneself: that would be a way around one's own password and second factor."""
    if user_id == member.principal.user_id:
        raise NotAuthorized("Nobody does this to themselves. Your own account has its own settings for it.")
    mine = member.principal.reach.organizations
    rows = connection.execute(
        select(membership.c.organization_id, membership.c.role).where(membership.c.user_id == user_id)
    )
    for organization_id, role in rows:
        if mine.get(organization_id, Role.VIEWER) < max(role_of(role), Role.ADMIN):
            raise NotAuthorized(
                "This takes an admin of every organization that they are in, of no lower role."
            )


def _require_another_owner(connection: Connection, organization_id: uuid.UUID, user_id: int) -> None:
    others = select(func.count()).where(
        membership.c.organization_id == organization_id,
        membership.c.role == Role.OWNER.text,
        membership.c.user_id != user_id,
    )
    if not connection.execute(others).scalar_one():
        raise Conflict("An organization keeps at least one owner. Make somebody else an owner first.")


def _lock(connection: Connection, organization_id: uuid.UUID) -> None:
    """Two owners who remove each other at the same moment would leave none."""
    connection.execute(
        select(organization.c.id).where(organization.c.id == organization_id).with_for_update()
    )


def _drop_invites(connection: Connection, organization_id: uuid.UUID, user_id: int) -> None:
    """Whoever may invite no more has no links out either."""
    columns = organization_invite.c
    connection.execute(
        delete(organization_invite).where(
            columns.organization_id == organization_id, columns.created_by_id == user_id
        )
    )


def _theirs(organization_id: uuid.UUID, user_id: int) -> Any:
    return (membership.c.organization_id == organization_id) & (membership.c.user_id == user_id)
