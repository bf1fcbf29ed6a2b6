"""The machine that the appliance runs on, for whoever is signed in: room on the disk, memory, version."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from appliance import __version__
from appliance.accounts.access import Access
from appliance.config import Config
from appliance.http.openapi import NUMBER, TEXT, reads

_MEMORY = Path("/proc/meminfo")
_KIB = 1024
_ROOM: dict[str, Any] = {
    "type": "object",
    "required": ["total_bytes", "free_bytes"],
    "properties": {"total_bytes": NUMBER, "free_bytes": NUMBER},
}
_ANSWER = {
    "type": "object",
    "required": ["version", "disk", "memory"],
    "properties": {
        "version": TEXT,
        "disk": {**_ROOM, "description": "Where the data lies."},
        "memory": {"anyOf": [_ROOM, {"type": "null"}]},
    },
}


def routes(config: Config, access: Access) -> APIRouter:
    router = APIRouter(prefix="/api")

    @router.get("/instance_status/", openapi_extra=reads(answer=_ANSWER))
    def instance_status(request: Request) -> JSONResponse:
        """Room on the disk of the data, memory, and the version."""
        access.principal(request, "user:read")
        return JSONResponse(
            {"version": __version__, "disk": disk(config.data_dir), "memory": memory(_MEMORY)}
        )

    return router


def disk(folder: Path) -> dict[str, int]:
    found = os.statvfs(folder)
    return {"total_bytes": found.f_blocks * found.f_frsize, "free_bytes": found.f_bavail * found.f_frsize}


def memory(told: Path) -> dict[str, int] | None:
    """What Linux tells; nothing elsewhere."""
    try:
        lines = told.read_text().splitlines()
    except OSError:
        return None
    values = {name: words.split() for name, _, words in (line.partition(":") for line in lines)}
    try:
        total, free = (int(values[name][0]) * _KIB for name in ("MemTotal", "MemAvailable"))
    except (KeyError, IndexError, ValueError):
        return None
    return {"total_bytes": total, "free_bytes": free}
