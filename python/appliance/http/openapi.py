"""The OpenAPI document: what FastAPI knows of the routes, and what our routes read by themselves.

Bodies and parameters of the query part are read within the endpoints, so that what is wrong with them is told in
PostHog's words. Routes say what they read with `reads`; that a body is read at all is seen by its dependency.
"""

import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

Schema = Mapping[str, Any]
Document = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
BOOLEAN: Schema = {"type": "boolean"}
TIME: Schema = {"type": "string", "format": "date-time"}
OBJECT: Schema = {"type": "object"}
PAGE: Mapping[str, Schema] = {"limit": {"type": "integer", "minimum": 1}, "offset": NUMBER}

_PREFIX = "/api/"
_JSON = "application/json"
_SECURITY = "PersonalAPIKeyAuth"
_SESSION = "SessionCookie"
_CSRF = "CSRFToken"
_ERROR: Schema = {
    "type": "object",
    "required": ["type", "code", "detail", "attr"],
    "properties": {
        "type": {
            "enum": [
                "validation_error", "authentication_error", "invalid_request", "throttled_error", "server_error",
            ]
        },
        "code": TEXT,
        "detail": TEXT,
        "attr": {"type": ["string", "null"], "description": "The field that breaks a rule."},
    },
}  # fmt: skip
_ACTIONS = {"post": "create", "put": "update", "patch": "partial_update", "delete": "destroy"}


def named(**schemas: Schema) -> Mapping[str, Schema]:
    """Parameters by name."""
    return schemas


def page_schema(item: Schema) -> Schema:
    """Of a list whose items look like `item`."""
    address = {"type": ["string", "null"]}
    return {
        "type": "object",
        "required": ["count", "next", "previous", "results"],
        "properties": {
            "count": {"type": "integer"},
            "next": address,
            "previous": address,
            "results": {"type": "array", "items": item},
        },
    }


def reads(
    *,
    body: Schema | None = None,
    parameters: Mapping[str, Schema] | None = None,
    answer: Schema | None = None,
    is_public: bool = False,
) -> dict[str, Any]:
    """For a route's `openapi_extra`: the schemas of its JSON body and answer, and its parameters by name.

    `is_public`: nobody has to say who they are.
    """
    said: dict[str, Any] = {}
    if parameters:
        said["parameters"] = [
            {"name": name, "in": "query", "required": False, "schema": dict(schema)}
            for name, schema in parameters.items()
        ]
    if body is not None:
        said["requestBody"] = {"content": {_JSON: {"schema": dict(body)}}}
    if answer is not None:
        said["responses"] = {"200": {"content": {_JSON: {"schema": dict(answer)}}}}
    if is_public:
        said["security"] = []
    return said


def document(api: FastAPI, *, body_readers: Collection[Callable[..., Any]], description: str) -> Document:
    """The routes of `api` under `/api/`; `body_readers` are the dependencies that read a body."""
    with warnings.catch_warnings():
        # Of operation ids for several methods of one endpoint; they get others below.
        warnings.simplefilter("ignore", UserWarning)
        found = get_openapi(title=api.title, version=api.version, description=description, routes=api.routes)
    with_body = set(_with_body(api, body_readers))
    paths: dict[str, Any] = {}
    tags: set[str] = set()
    names: set[str] = set()
    for path, operations in found["paths"].items():
        if not path.startswith(_PREFIX):
            continue
        shown = path.replace("{id_}", "{id}")
        for method, operation in operations.items():
            _complete(operation, method, path, has_body=(method, path) in with_body)
            operation["operationId"] = _unique(operation["operationId"], names)
            tags.update(operation["tags"])
        paths[shown] = operations
    return {
        **found,
        "tags": [{"name": tag} for tag in sorted(tags)],
        "paths": paths,
        "security": [{_SECURITY: []}, {_SESSION: [], _CSRF: []}],
        "components": {
            "schemas": {"Error": _ERROR},
            "securitySchemes": {
                _SECURITY: {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A personal API key, `phx_…`, with the scope that the room asks for.",
                },
                _SESSION: {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "hoglet_session",
                    "description": "Set by signing in; over TLS its name begins with `__Host-`.",
                },
                _CSRF: {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-CSRFToken",
                    "description": "`csrf_token` of signing in, with a session and any method but GET.",
                },
            },
        },
    }


def _with_body(api: FastAPI, readers: Collection[Callable[..., Any]]) -> Iterator[tuple[str, str]]:
    for route in iter_route_contexts(api.routes):
        dependant = getattr(route, "dependant", None)
        if dependant is not None and any(one.call in readers for one in dependant.dependencies):
            for method in route.methods or ():
                yield method.lower(), str(route.path_format)


def _complete(operation: dict[str, Any], method: str, path: str, *, has_body: bool) -> None:
    operation["tags"] = [_room(path)]
    operation["operationId"] = _operation_id(method, path)
    description = operation.get("description", "")
    if description:
        operation["summary"] = description.split("\n")[0].removesuffix(".")
    else:
        operation["summary"] = operation["operationId"].replace("_", " ").capitalize()
    for parameter in operation.get("parameters", ()):
        parameter["name"] = parameter["name"].removesuffix("_")
        if parameter["name"] == "project_id":
            parameter["description"] = "The project's number, or `@current`."
            parameter["schema"] = {"type": "string", "default": "@current"}
    if has_body and "requestBody" not in operation:
        operation["requestBody"] = {"content": {_JSON: {"schema": dict(OBJECT)}}}
    operation["responses"] = _responses(operation.get("responses", {}))


def _responses(known: Mapping[str, Any]) -> dict[str, Any]:
    """Success of any number, since endpoints choose it, and failures in their one shape."""
    content: Any = next(
        (one["content"] for one in known.values() if "content" in one), {_JSON: {"schema": {}}}
    )
    error = {_JSON: {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {
        "2XX": {"description": "Done.", "content": content},
        "4XX": {"description": "Refused.", "content": error},
        "503": {"description": "A part does not answer now, or the query is too large.", "content": error},
    }


def _words(path: str) -> list[str]:
    words = [word for word in path.strip("/").split("/") if word and word != "api"]
    within = words[2:] if words[0] == "projects" else []
    return within or words


def _room(path: str) -> str:
    return _words(path)[0]


def _operation_id(method: str, path: str) -> str:
    """As PostHog's clients know it: `insights_list`, `insights_activity_retrieve`, `cohorts_partial_update`."""
    words = _words(path)
    names = [word.strip("@_") for word in words if not word.startswith("{")]
    is_one = words[-1].startswith("{")
    action = _ACTIONS.get(method, "retrieve" if is_one or len(words) > 1 else "list")
    return "_".join([*names, action])


def _unique(name: str, taken: set[str]) -> str:
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    taken.add(found)
    return found
