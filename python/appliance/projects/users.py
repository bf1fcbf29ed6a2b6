"""Who asks, with their organisations."""

from typing import Any

from sqlalchemy import Connection, RowMapping, select

from appliance.catalog.model import membership, organization, user_account
from appliance.projects.projects import LEVELS, brief, full, of_user
from appliance.resources.people import basic
from appliance.resources.times import iso


def me(connection: Connection, user_id: int) -> dict[str, Any]:
    row = connection.execute(select(user_account).where(user_account.c.id == user_id)).mappings().one()
    organizations = organizations_of(connection, user_id)
    first = connection.execute(of_user(user_id).limit(1)).mappings().one_or_none()
    return {
        **basic(row),
        "date_joined": iso(row["created_at"]),
        "has_password": row["password_hash"] is not None,
        "is_active": row["is_active"],
        "is_email_verified": True,
        "is_staff": False,
        "is_impersonated": False,
        "is_2fa_enabled": False,
        "pending_email": None,
        "notification_settings": {},
        "anonymize_data": False,
        "toolbar_mode": "toolbar",
        "theme_mode": None,
        "role_at_organization": None,
        "team": None if first is None else full(connection, first),
        "organization": organizations[0] if organizations else None,
        "organizations": [
            {name: one[name] for name in ("id", "name", "slug", "membership_level")} for one in organizations
        ],
        "scene_personalisation": [],
    }


def organizations_of(connection: Connection, user_id: int) -> list[dict[str, Any]]:
    """Oldest first, each with its projects."""
    query = (
        select(organization, membership.c.role)
        .join(membership, membership.c.organization_id == organization.c.id)
        .where(membership.c.user_id == user_id)
        .order_by(organization.c.created_at, organization.c.id)
    )
    projects = connection.execute(of_user(user_id)).mappings().all()
    return [
        _organization(row, [brief(one) for one in projects if one["organization_id"] == row["id"]])
        for row in connection.execute(query).mappings()
    ]


def _organization(row: RowMapping, projects: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "name": row["name"],
        "slug": f"{'-'.join(row['name'].lower().split())}-{str(row['id'])[:8]}",
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["created_at"]),
        "membership_level": LEVELS[row["role"]],
        "teams": projects,
        "projects": [
            {"id": one["id"], "organization_id": str(row["id"]), "name": one["name"]} for one in projects
        ],
        "available_product_features": [],
        "is_member_join_email_enabled": False,
        "metadata": {},
    }
