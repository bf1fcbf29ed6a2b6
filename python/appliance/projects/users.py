"""Who asks, with their organisations."""

from typing import Any

from sqlalchemy import Connection, RowMapping, select

from appliance.accounts.principal import Principal
from appliance.accounts.roles import role_of
from appliance.accounts.second_factor import is_enabled
from appliance.catalog.accounts import external_identity
from appliance.catalog.model import membership, organization, project, user_account
from appliance.projects.projects import brief, full, of_principal
from appliance.resources.people import basic
from appliance.resources.times import iso


def me(connection: Connection, principal: Principal) -> dict[str, Any]:
    mine = user_account.c.id == principal.user_id
    row = connection.execute(select(user_account).where(mine)).mappings().one()
    organizations = organizations_of(connection, principal)
    current = of_principal(principal).where(project.c.id == principal.current_project_id)
    team = connection.execute(current).mappings().one_or_none()
    identities = select(external_identity.c.subject).where(external_identity.c.user_id == principal.user_id)
    return {
        **basic(row),
        "date_joined": iso(row["created_at"]),
        "has_password": row["password_hash"] is not None,
        "has_social_auth": connection.execute(identities.limit(1)).one_or_none() is not None,
        "is_active": row["is_active"],
        "is_email_verified": row["is_email_verified"],
        "is_staff": False,
        "is_impersonated": False,
        "is_2fa_enabled": is_enabled(connection, principal.user_id),
        "pending_email": None,
        "notification_settings": {},
        "anonymize_data": False,
        "toolbar_mode": "toolbar",
        "theme_mode": row["options"].get("theme_mode"),
        "role_at_organization": None,
        "team": None if team is None else full(connection, team),
        "organization": _current(organizations, principal),
        "organizations": [
            {name: one[name] for name in ("id", "name", "slug", "membership_level", "role")}
            for one in organizations
        ],
        "scene_personalisation": [],
    }


def organizations_of(connection: Connection, principal: Principal) -> list[dict[str, Any]]:
    """Oldest first, each with its projects."""
    query = (
        select(organization, membership.c.role)
        .join(membership, membership.c.organization_id == organization.c.id)
        .where(membership.c.user_id == principal.user_id, organization.c.id.in_(principal.organization_ids))
        .order_by(organization.c.created_at, organization.c.id)
    )
    projects = connection.execute(of_principal(principal)).mappings().all()
    return [
        _organization(row, [brief(one) for one in projects if one["organization_id"] == row["id"]])
        for row in connection.execute(query).mappings()
    ]


def _current(organizations: list[dict[str, Any]], principal: Principal) -> dict[str, Any] | None:
    current = str(principal.current_organization_id)
    return next((one for one in organizations if one["id"] == current), None)


def _organization(row: RowMapping, projects: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "name": row["name"],
        "slug": f"{'-'.join(row['name'].lower().split())}-{str(row['id'])[:8]}",
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["created_at"]),
        "membership_level": role_of(row["role"]).value,
        "role": row["role"],
        "teams": projects,
        "projects": [
            {"id": one["id"], "organization_id": str(row["id"]), "name": one["name"]} for one in projects
        ],
        "available_product_features": [],
        "is_member_join_email_enabled": False,
        "metadata": {},
    }
