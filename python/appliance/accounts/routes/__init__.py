"""The routes of accounts, put together."""

from fastapi import APIRouter
from sqlalchemy import Engine

from appliance.accounts.access import Access
from appliance.accounts.reception import Reception
from appliance.accounts.routes import (
    audit,
    invites,
    keys,
    me,
    members,
    oidc,
    organizations,
    password_reset,
    session,
    setup,
)
from appliance.config import Config


def account_routes(config: Config, catalog: Engine, access: Access) -> APIRouter:
    reception = Reception.of(config, catalog, access)
    router = APIRouter()
    for room in (session, setup, me, keys, organizations, audit, members, invites, password_reset, oidc):
        router.include_router(room.routes(reception))
    return router
