"""Every route of the API, and what each takes; both tables are written by hand, as a second opinion."""

import re
from collections.abc import Iterator
from typing import Any

from fastapi.routing import APIRoute

from appliance.accounts.roles import Role
from tests.accounts.desk import Browser

# Nobody has to say who they are. Those of flags look at keys of their own.
PUBLIC = re.compile(
    r"/|/page/\{name\}|/_liveness|/_readiness|/_health|/metrics|/api/schema/"
    r"|/shared/\{token\}\.json|/embedded/\{token\}\.json"
    r"|/api/session/|/api/setup/|/api/login/|/api/login/token/|/api/signup/\{token\}/|/api/reset/\{user_uuid\}/"
    r"|/login/oidc/?|/complete/oidc/?"
    r"|/(array|static)/.*|/api/(surveys|product_tours|early_access_features|web_experiments)/?"
    r"|/flags/definitions/?|/api/feature_flag/local_evaluation/?"
    r"|/api/(projects|environments)/\{project_id\}/feature_flags/\{key\}/remote_config/"
    # Their address has a ticket in it.
    r"|/api/symbol_set_(up|down)load/"
)
# The first that matches counts; else reading takes a viewer and changing a member.
MINIMUM: tuple[tuple[str, Role], ...] = (
    (r"POST /logout", Role.VIEWER),
    (r"\w+ /api/logout/", Role.VIEWER),
    (r"\w+ /api/users/@me/.*", Role.VIEWER),
    (r"\w+ /api/personal_api_keys/.*", Role.VIEWER),
    (r"DELETE /api/organizations/\{organization_id\}/members/@me/", Role.VIEWER),
    (r"DELETE /api/organizations/\{organization_id\}/", Role.OWNER),
    (r"GET /api/organizations/\{organization_id\}/(invites|audit_log|deleted_projects)/", Role.ADMIN),
    (r"POST /api/organizations/\{organization_id\}/feature_flags/.*", Role.MEMBER),
    (r"(POST|PUT|PATCH|DELETE) /api/organizations/.*", Role.ADMIN),
    (r"(POST|PATCH) /api/(projects|environments)/(\{project_id\}/(reset_token/)?)?", Role.ADMIN),
    (r"DELETE /api/projects/\{project_id\}/", Role.ADMIN),
    (r"GET .*/activity/", Role.VIEWER),
    (r"\w+ /api/(projects|environments)/\{project_id\}/project_secret_api_keys/.*", Role.ADMIN),
    (r"\w+ /api/(projects|environments)/\{project_id\}/\w+_secret_\w+/", Role.ADMIN),
    # Questions change nothing, and exports are answers.
    (r"(POST|DELETE) /api/(projects|environments)/\{project_id\}/query/.*", Role.VIEWER),
    (r"POST /api/(projects|environments)/\{project_id\}/exports/", Role.VIEWER),
    (r"POST /api/(projects|environments)/\{project_id\}/error_tracking/stack_frames/batch_get/", Role.VIEWER),
    (r"POST /api/(projects|environments)/\{project_id\}/error_tracking/query/\w+/", Role.VIEWER),
    # That somebody looked.
    (r"POST /api/(projects|environments)/\{project_id\}/insights/(\{id_\}/)?viewed/", Role.VIEWER),
    (
        r"POST /api/(projects|environments)/\{project_id\}/feature_flags/(user_blast_radius|bulk_keys)/",
        Role.VIEWER,
    ),
)
# After these there is nothing left to walk with.
ENDING = frozenset(
    {
        "POST /logout",
        "POST /api/logout/",
        "DELETE /api/organizations/{organization_id}/members/@me/",
        "DELETE /api/organizations/{organization_id}/",
        "DELETE /api/organizations/{organization_id}/projects/{project_id}/",
        "DELETE /api/projects/{project_id}/",
    }
)
_PARAMETER = re.compile(r"\{(\w+)(:\w+)?\}")


def walk(browser: Browser) -> Iterator[tuple[str, str]]:
    """Method and path of all routes."""
    seen = set()
    for route in _all(browser.client.app.routes):
        for method in sorted(route.methods - {"HEAD", "OPTIONS"}):
            if (method, route.path) not in seen:
                seen.add((method, route.path))
                yield method, route.path


def closed(browser: Browser) -> list[tuple[str, str]]:
    """Those that take somebody."""
    return [(method, path) for method, path in walk(browser) if not PUBLIC.fullmatch(path)]


def minimum(method: str, path: str) -> Role:
    for pattern, role in MINIMUM:
        if re.fullmatch(pattern, f"{method} {path}"):
            return role
    return Role.VIEWER if method == "GET" else Role.MEMBER


def address(path: str, other: str = "1", **known: Any) -> str:
    """Parameters filled in: those that are known, and `other` for the rest."""
    return _PARAMETER.sub(lambda found: str(known.get(found[1], other)), path)


def _all(routes: Any) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "effective_route_contexts"):
            yield from route.effective_route_contexts()
        elif hasattr(route, "routes"):
            yield from _all(route.routes)
