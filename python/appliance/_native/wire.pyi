"""Bytes from SDKs to an answer and records.

``accept`` judges one request and touches neither clock nor disk: append ``Answer.records`` to the lane's
journal, wait until they are durable, then send the answer. CORS headers and wrong methods are the caller's.
"""

from collections.abc import Mapping, Sequence
from typing import final

# Path (without its trailing slash) to the number of its route.
ROUTES: Mapping[str, int]
# Every name that ``Answer.dropped`` may hold.
DROP_REASONS: tuple[str, ...]

@final
class Projects:
    """An immutable table of projects by token; threads share it without a lock.

    Rows are token, project id and the mask of used-up quotas: 1 ordinary events, 2 exceptions, 4 surveys,
    8 AI events, 16 recordings, 32 the project as a whole.
    """

    def __new__(cls, rows: Sequence[tuple[str, int, int]]) -> Projects: ...
    def __len__(self) -> int: ...

@final
class Records:
    """Encoded records on their way to a journal; the length is their number."""

    def __len__(self) -> int: ...
    def __bytes__(self) -> bytes: ...

@final
class Answer:
    """What to say, and what to keep before saying it."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> bytes: ...
    @property
    def content_type(self) -> str | None:
        """``None`` where there is no body."""
    @property
    def headers(self) -> list[tuple[str, str]]:
        """Further headers; names are lower case."""
    @property
    def lane(self) -> int:
        """0 events, 1 replay, 2 telemetry."""
    @property
    def records(self) -> Records | None:
        """``None`` where there is nothing to keep."""
    @property
    def dropped(self) -> tuple[tuple[str, int], ...]:
        """Refused requests and dropped events: names from ``DROP_REASONS``, and how many."""

def accept(
    projects: Projects,
    route: int,
    is_get: bool,
    query: str,
    content_type: str | None,
    content_encoding: str | None,
    user_agent: str | None,
    authorization: str | None,
    sdk_info: str | None,
    attempt: str | None,
    request_id: str | None,
    request_timestamp: str | None,
    body: bytes,
    client_address: str,
    received_at_us: int,
) -> Answer:
    """Judges one request without holding the interpreter's lock.

    ``query`` is raw, without the question mark; the headers are as sent; ``received_at_us`` is now in
    microseconds since 1970. Only an unknown route raises (``ValueError``).
    """

def body_bytes_max(route: int) -> int:
    """How large a body of this route may be on the wire."""
