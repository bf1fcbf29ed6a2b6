"""Personal API keys: `/api/personal_api_keys/`. Made and changed by whoever is signed in, never by a key."""

import uuid
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Connection, RowMapping, delete, func, select

from appliance.accounts import scopes
from appliance.accounts.audit import note_account
from appliance.accounts.keys import create_personal_api_key, generate_key, hash_key, mask_key, now_us
from appliance.accounts.principal import Principal
from appliance.accounts.reception import Reception
from appliance.catalog import reading, writing
from appliance.catalog.model import personal_api_key
from appliance.failures import Invalid, NotFound, TooMany
from appliance.http.openapi import TEXT, TIME, reads
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import Field, body_schema, integer, list_of, read, text
from appliance.resources.fields import uuid as uuid_field
from appliance.resources.times import iso, iso_or_none

KEYS_MAX = 100
"""Of one user."""
_LIMITED_TO_MAX = 1_000
_NEW = (
    Field("label", text(40, is_blank_allowed=False), is_required=True),
    Field("scopes", scopes.scopes_field, is_required=True),
    Field("scoped_teams", list_of(integer(1), _LIMITED_TO_MAX), "scoped_project_ids", is_nullable=True),
    Field(
        "scoped_organizations",
        list_of(uuid_field, _LIMITED_TO_MAX),
        "scoped_organization_ids",
        is_nullable=True,
    ),
)
_TIME_OR_NULL = {"anyOf": [TIME, {"type": "null"}]}
_TEXTS = {"type": "array", "items": TEXT}
KEY = {
    "type": "object",
    "required": [
        "id",
        "label",
        "value",
        "mask_value",
        "scopes",
        "created_at",
        "last_used_at",
        "last_rolled_at",
    ],
    "properties": {
        "id": {**TEXT, "format": "uuid"},
        "label": TEXT,
        "value": {
            "type": ["string", "null"],
            "description": "The key, shown only when it is made or rolled.",
        },
        "mask_value": TEXT,
        "scopes": _TEXTS,
        "scoped_teams": {"type": "array", "items": {"type": "integer"}},
        "scoped_organizations": _TEXTS,
        "created_at": TIME,
        "last_used_at": _TIME_OR_NULL,
        "last_rolled_at": _TIME_OR_NULL,
        "user_id": {"type": "integer"},
    },
}
_SCOPE = {
    "type": "object",
    "required": ["name", "actions"],
    "properties": {"name": TEXT, "actions": {"type": "array", "items": {"enum": list(scopes.ACTIONS)}}},
}


def routes(reception: Reception) -> APIRouter:
    router = APIRouter(prefix="/api/personal_api_keys")
    router.include_router(_of_all(reception))
    router.include_router(_of_one(reception))
    return router


def _of_all(reception: Reception) -> APIRouter:
    router = APIRouter()

    @router.get("/", openapi_extra=reads(answer={"type": "array", "items": KEY}))
    def listed(request: Request) -> JSONResponse:
        """One's own keys, the newest first."""
        principal = reception.access.person(request)
        columns = personal_api_key.c
        query = select(personal_api_key).where(columns.user_id == principal.user_id)
        with reading(reception.catalog) as connection:
            rows = connection.execute(query.order_by(columns.created_at.desc(), columns.id)).mappings()
            return JSONResponse([_view(row) for row in rows])

    @router.post("/", openapi_extra=reads(body=body_schema(_NEW), answer=KEY))
    def create(request: Request, body: Raw) -> JSONResponse:
        """Makes a key. `value` is shown now and never again."""
        principal = reception.access.person(request)
        values = _read(principal, json_object(body), is_partial=False)
        with writing(reception.catalog) as connection:
            mine = select(func.count()).where(personal_api_key.c.user_id == principal.user_id)
            if connection.execute(mine).scalar_one() >= KEYS_MAX:
                raise TooMany(f"You have {KEYS_MAX} keys already.")
            label, scopes_ = values.pop("label"), values.pop("scopes")
            key = create_personal_api_key(connection, principal.user_id, label, scopes_, **values)
            of_key = select(personal_api_key).where(personal_api_key.c.hash == hash_key(key))
            row = connection.execute(of_key).mappings().one()
            _note(connection, principal, "key_created", row)
            return JSONResponse(_view(row, key), 201)

    @router.get("/scopes/", openapi_extra=reads(answer={"type": "array", "items": _SCOPE}))
    def known_scopes(request: Request) -> JSONResponse:
        """What a key may be limited to, beside `*` for everything."""
        reception.access.person(request)
        return JSONResponse([{"name": name, "actions": list(scopes.ACTIONS)} for name in scopes.NAMES])

    return router


def _of_one(reception: Reception) -> APIRouter:
    router = APIRouter()

    @router.get("/{id_}/", openapi_extra=reads(answer=KEY))
    def retrieve(request: Request, id_: str) -> JSONResponse:
        """One of them."""
        principal = reception.access.person(request)
        with reading(reception.catalog) as connection:
            return JSONResponse(_view(_find(connection, principal, id_)))

    @router.patch("/{id_}/", openapi_extra=reads(body=body_schema(_NEW, is_partial=True), answer=KEY))
    def change(request: Request, id_: str, body: Raw) -> JSONResponse:
        """Changes its label or what it may do."""
        principal = reception.access.person(request)
        values = _read(principal, json_object(body), is_partial=True)
        with writing(reception.catalog) as connection:
            row = _find(connection, principal, id_)
            if values:
                row = _save(connection, row, values)
                _note(connection, principal, "key_changed", row)
            return JSONResponse(_view(row))

    @router.post("/{id_}/roll/", openapi_extra=reads(answer=KEY))
    def roll(request: Request, id_: str) -> JSONResponse:
        """A new value; the old one opens nothing from now on."""
        principal = reception.access.person(request)
        with writing(reception.catalog) as connection:
            row, key = _find(connection, principal, id_), generate_key()
            values = {"hash": hash_key(key), "mask": mask_key(key), "last_rolled_at": now_us()}
            row = _save(connection, row, values)
            _note(connection, principal, "key_rolled", row)
            return JSONResponse(_view(row, key))

    @router.delete("/{id_}/")
    def remove(request: Request, id_: str) -> Response:
        """Deletes it; it opens nothing from now on."""
        principal = reception.access.person(request)
        with writing(reception.catalog) as connection:
            row = _find(connection, principal, id_)
            connection.execute(delete(personal_api_key).where(personal_api_key.c.id == row["id"]))
            _note(connection, principal, "key_deleted", row)
        return Response(status_code=204)

    return router


def _read(principal: Principal, given: Mapping[str, Any], *, is_partial: bool) -> dict[str, Any]:
    values = read(_NEW, given, is_partial=is_partial)
    for name, field, reach in (
        ("scoped_project_ids", "scoped_teams", principal.project_ids),
        ("scoped_organization_ids", "scoped_organizations", principal.organization_ids),
    ):
        if name in values:
            chosen = set(values[name] or [])
            if not chosen <= reach:
                raise Invalid("You have no access to one of them.", field, "does_not_exist")
            values[name] = sorted(one if isinstance(one, int) else str(one) for one in chosen)
    return values


def _find(connection: Connection, principal: Principal, id_: str) -> RowMapping:
    columns = personal_api_key.c
    try:
        condition = (columns.id == uuid.UUID(id_)) & (columns.user_id == principal.user_id)
    except ValueError:
        raise NotFound("Not found.") from None
    row = connection.execute(select(personal_api_key).where(condition)).mappings().one_or_none()
    if row is None:
        raise NotFound("Not found.")
    return row


def _save(connection: Connection, row: RowMapping, values: Mapping[str, Any]) -> RowMapping:
    statement = personal_api_key.update().where(personal_api_key.c.id == row["id"]).values(dict(values))
    return connection.execute(statement.returning(*personal_api_key.c)).mappings().one()


def _note(connection: Connection, principal: Principal, action: str, row: RowMapping) -> None:
    note_account(
        connection, principal.user_id, principal.email, principal.address, action,
        label=row["label"], mask=row["mask"], scopes=row["scopes"],
    )  # fmt: skip


def _view(row: RowMapping, key: str | None = None) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "label": row["label"],
        "value": key,
        "mask_value": row["mask"],
        "scopes": row["scopes"],
        "scoped_teams": row["scoped_project_ids"],
        "scoped_organizations": row["scoped_organization_ids"],
        "created_at": iso(row["created_at"]),
        "last_used_at": iso_or_none(row["last_used_at"]),
        "last_rolled_at": iso_or_none(row["last_rolled_at"]),
        "user_id": row["user_id"],
    }
