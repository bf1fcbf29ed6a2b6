"""A query that cannot be answered as it was asked, and where in the user's text that shows."""

from appliance.failures import Invalid


class QueryError(Invalid):
    """`start` and `end` are character offsets into the query's text, None where there is no such place."""

    def __init__(self, message: str, start: int | None = None, end: int | None = None) -> None:
        self.message = message
        self.start = start
        self.end = end
        super().__init__(message)


class NotResolved(QueryError):
    """A name that means nothing where it stands."""
