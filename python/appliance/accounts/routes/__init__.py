"""The routes of accounts, put together."""

from fastapi import APIRouter
from sqlalchemy import Engine

from appliance.accounts.access import Access
from appliance.accounts.reception import Reception
from appliance.accounts.routes import session, setup
from appliance.config import Config


def account_routes(config: Config, catalog: Engine, access: Access) -> APIRouter:
    reception = Reception.of(config, catalog, access)
    router = APIRouter()
    for room in (session, setup):
        router.include_router(room.routes(reception))
    return router
