"""A page of a list: `limit` and `offset` in, `{count, next, previous, results}` out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlalchemy import Connection, RowMapping, Select, func, select

from appliance.http.parameters import same_page, whole_number

LIMIT = 100
LIMIT_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    limit: int
    offset: int


def page_of(given: Mapping[str, str], limit: int = LIMIT) -> Page:
    return Page(
        min(whole_number(given, "limit", limit, minimum=1), LIMIT_MAX), whole_number(given, "offset", 0)
    )


def fetch(connection: Connection, query: Select[Any], page: Page) -> tuple[int, Sequence[RowMapping]]:
    """How many rows there are in all, and those of the page."""
    count = connection.execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()
    rows = connection.execute(query.limit(page.limit).offset(page.offset)).mappings().all()
    return count, rows


def paged(
    request: Request, public_url: str, page: Page, count: int, results: Sequence[Any]
) -> dict[str, Any]:
    def address(offset: int) -> str:
        return same_page(request, public_url, limit=str(page.limit), offset=str(offset))

    following = page.offset + page.limit
    return {
        "count": count,
        "next": address(following) if following < count else None,
        "previous": address(max(0, page.offset - page.limit)) if page.offset else None,
        "results": list(results),
    }


def slice_paged(request: Request, public_url: str, items: Sequence[Any], page: Page) -> dict[str, Any]:
    """A page of what is in memory already."""
    shown = items[page.offset : page.offset + page.limit]
    return paged(request, public_url, page, len(items), shown)
