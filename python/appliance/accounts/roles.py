"""What each role of an organisation may do: the one table that `Access` asks.

A scope says what is asked for; the role says from whom it is taken. Reading takes a viewer, changing a member,
but for the exceptions here. A route that is stricter or milder than its scope says so where it asks `Access`.
"""

from enum import IntEnum
from typing import Any

from appliance.failures import Invalid, NotAuthorized


class Role(IntEnum):
    """The numbers are PostHog's membership levels; viewers, which it does not have, come before them."""

    VIEWER = 0
    MEMBER = 1
    ADMIN = 8
    OWNER = 15

    @property
    def text(self) -> str:
        """As the catalog keeps it."""
        return self.name.lower()


_MINIMUM = {
    "audit_log:read": Role.ADMIN,
    "export:write": Role.VIEWER,  # it changes nothing, and tells what viewers may read anyway
    "organization:write": Role.ADMIN,
    "organization_member:write": Role.ADMIN,
    "project:write": Role.ADMIN,
    "project_secret_key:read": Role.ADMIN,
    "project_secret_key:write": Role.ADMIN,
}


def minimum_role(scope: str) -> Role:
    default = Role.VIEWER if scope.endswith(":read") else Role.MEMBER
    return _MINIMUM.get(scope, default)


def require_role(role: Role, minimum: Role) -> None:
    if role < minimum:
        raise NotAuthorized(f"You are {_article(role)} here; this takes {_article(minimum)}.")


def role_of(text: str) -> Role:
    return Role[text.upper()]


def role_field(value: Any) -> Role:
    """A role by name, for the fields of a body."""
    if isinstance(value, str) and value.islower() and value.upper() in Role.__members__:
        return role_of(value)
    raise Invalid(f'"{str(value)[:100]}" is not a valid choice.', code="invalid_choice")


def level_field(value: Any) -> Role:
    """A role by PostHog's number."""
    if isinstance(value, int) and not isinstance(value, bool) and value in tuple(Role):
        return Role(value)
    raise Invalid(f'"{str(value)[:100]}" is not a valid choice.', code="invalid_choice")


def _article(role: Role) -> str:
    return f"an {role.text}" if role in (Role.ADMIN, Role.OWNER) else f"a {role.text}"
