"""Who asks, and what they may: the scopes of what they show, bounded by their role where they ask.

A session shows every scope, so its role alone decides; a personal API key may do what both allow.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, select

from appliance.accounts.roles import Role, minimum_role, require_role, role_of
from appliance.catalog.model import membership, project
from appliance.failures import NotAuthorized, NotFound

ALL_SCOPES = "*"
CURRENT = "@current"


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody has a role: in organisations, and so in their projects."""

    organizations: Mapping[uuid.UUID, Role] = field(default_factory=dict)
    projects: Mapping[int, uuid.UUID] = field(default_factory=dict)
    """Each with its organisation."""
    is_organizations_own: bool = True
    """Whether it reaches what belongs to an organisation and to none of its projects."""


@dataclass(frozen=True, slots=True)
class Principal:
    user_id: int
    email: str
    scopes: frozenset[str]
    reach: Reach = field(default_factory=Reach)
    key_id: uuid.UUID | None = None
    session_id: uuid.UUID | None = None
    """One of the two says how they came in."""
    chosen_project_id: int | None = None
    address: str = ""

    @property
    def project_ids(self) -> frozenset[int]:
        return frozenset(self.reach.projects)

    @property
    def organization_ids(self) -> frozenset[uuid.UUID]:
        return frozenset(self.reach.organizations) if self.reach.is_organizations_own else frozenset()

    @property
    def current_project_id(self) -> int | None:
        """The one they chose last, while they may see it; else their oldest."""
        if self.chosen_project_id in self.reach.projects:
            return self.chosen_project_id
        return min(self.reach.projects, default=None)

    @property
    def current_organization_id(self) -> uuid.UUID | None:
        if self.current_project_id is not None:
            return self.reach.projects[self.current_project_id]
        return next(iter(self.reach.organizations), None)

    def allows(self, scope: str) -> bool:
        """Whether the key does. `insight:write` includes `insight:read`, and `*` everything."""
        name, _, action = scope.partition(":")
        wider = f"{name}:write" if action == "read" else scope
        return not self.scopes.isdisjoint((ALL_SCOPES, scope, wider))

    def require(self, scope: str, project_id: int | None = None) -> None:
        """Raises `NotAuthorized` unless the key has the scope, and its owner a role for it in the project."""
        if not self.allows(scope):
            raise NotAuthorized(f"API key missing required scope '{scope}'")
        if project_id is not None:
            if project_id not in self.reach.projects:
                raise NotAuthorized(f"you have no access to project {project_id}")
            require_role(self.role_in(project_id), minimum_role(scope))

    def with_project(self, project_id: int, organization_id: uuid.UUID) -> "Principal":
        """With a project that they have made just now."""
        projects = {**self.reach.projects, project_id: organization_id}
        return replace(self, reach=replace(self.reach, projects=projects))

    def with_organization(self, organization_id: uuid.UUID, role: Role) -> "Principal":
        """The same, for an organisation."""
        organizations = {**self.reach.organizations, organization_id: role}
        return replace(self, reach=replace(self.reach, organizations=organizations))

    def role_in(self, project_id: int) -> Role:
        return self.reach.organizations[self.reach.projects[project_id]]

    def require_in(self, organization: str, scope: str, minimum: Role | None = None) -> uuid.UUID:
        """The same for an organisation, by its id or `@current`, which need not have a project.

        `minimum` stands for the role that the scope asks for by itself.
        """
        if not self.allows(scope):
            raise NotAuthorized(f"API key missing required scope '{scope}'")
        found = self.current_organization_id if organization == CURRENT else _uuid(organization)
        if found is None or found not in self.organization_ids:
            raise NotFound("Not found.")
        require_role(self.reach.organizations[found], minimum_role(scope) if minimum is None else minimum)
        return found


def reach_of(connection: Connection, user_id: int) -> Reach:
    """Oldest membership first."""
    rows = connection.execute(
        select(membership.c.organization_id, membership.c.role, project.c.id)
        .select_from(membership.outerjoin(project, project.c.organization_id == membership.c.organization_id))
        .where(membership.c.user_id == user_id)
        .order_by(membership.c.created_at, membership.c.organization_id, project.c.id)
    ).all()
    return Reach(
        organizations={one.organization_id: role_of(one.role) for one in rows},
        projects={one.id: one.organization_id for one in rows if one.id is not None},
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
