"""Opens a request: who asks, about which project, and a transaction to answer from."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import Request
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from appliance.accounts.access import Access, Caller
from appliance.catalog import reading, writing
from appliance.config import Config
from appliance.failures import Conflict


class Door:
    """Blocking, like all that asks the catalog."""

    def __init__(self, config: Config, catalog: Engine, access: Access) -> None:
        self.config = config
        self.catalog = catalog
        self.access = access

    @contextmanager
    def reading(self, request: Request, project_id: str, scope: str) -> Iterator[tuple[Caller, Connection]]:
        """`scope` without its action: reading asks for `…:read`."""
        caller = self.access.caller(request, project_id, f"{scope}:read")
        with reading(self.catalog) as connection:
            yield caller, connection

    @contextmanager
    def writing(self, request: Request, project_id: str, scope: str) -> Iterator[tuple[Caller, Connection]]:
        """Asks for `…:write`. Committed at the end, or not at all."""
        with self.writing_as(self.access.caller(request, project_id, f"{scope}:write")) as opened:
            yield opened

    @contextmanager
    def noting(self, request: Request, project_id: str, scope: str) -> Iterator[tuple[Caller, Connection]]:
        """What readers leave behind, such as that they looked: asks for `…:read`, and may write."""
        with self.writing_as(self.access.caller(request, project_id, f"{scope}:read")) as opened:
            yield opened

    @contextmanager
    def writing_as(self, caller: Caller) -> Iterator[tuple[Caller, Connection]]:
        """For whoever was let in already, where what takes long comes before or between."""
        try:
            with writing(self.catalog) as connection:
                yield caller, connection
        except IntegrityError as error:
            # What was looked at before is there or gone now: two callers at once.
            raise Conflict("Somebody else changed this at the same moment. Try again.") from error
