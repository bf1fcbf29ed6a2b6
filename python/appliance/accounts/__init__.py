"""Who may do what: organisations, users, their roles, their keys, and the first of each.

A personal API key is shown once and kept as a hash; `authenticate` turns one back into a `Principal`. The
exception is the first user, made by `bootstrap`: what a newcomer needs to begin is also kept in a file that
only the appliance's own user can read.
"""

from appliance.accounts.bootstrapping import Bootstrap, bootstrap
from appliance.accounts.keys import authenticate, create_personal_api_key, generate_project_token
from appliance.accounts.passwords import hash_password, verify_password
from appliance.accounts.principal import Principal
from appliance.accounts.projects import create_organization, create_project, set_quota

__all__ = [
    "Bootstrap",
    "Principal",
    "authenticate",
    "bootstrap",
    "create_organization",
    "create_personal_api_key",
    "create_project",
    "generate_project_token",
    "hash_password",
    "set_quota",
    "verify_password",
]
