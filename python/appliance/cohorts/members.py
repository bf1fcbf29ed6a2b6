"""Who is in a static cohort: the catalog's list, which the engine mirrors to the store."""

import csv
import io
import uuid
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, Select, delete, func, select

from appliance.catalog.connect import insert
from appliance.catalog.model import person, person_distinct_id
from appliance.catalog.requests import append
from appliance.catalog.resources import cohort, cohort_member
from appliance.cohorts.mirror import MIRROR_COHORT
from appliance.failures import Invalid
from appliance.persons.distinct_ids import chunks
from appliance.persons.properties import property_text

LISTED_MAX = 1_000_000
_DISTINCT_ID_COLUMNS = ("distinct_id", "distinct-id", "distinctid")
_PERSON_ID_COLUMNS = ("person_id", "person-id", "uuid", "person_uuid")
_EMAIL_COLUMNS = ("email", "e-mail")
_members = cohort_member.c


def add(connection: Connection, project_id: int, cohort_id: int, person_ids: Iterable[uuid.UUID]) -> int:
    """Those who are persons of the project, each once; how many came in that were not in before."""
    before = _count(connection, cohort_id)
    for chunk in chunks(list(dict.fromkeys(person_ids))):
        known = connection.execute(
            select(person.c.id).where(person.c.project_id == project_id, person.c.id.in_(chunk))
        ).scalars()
        rows = [{"cohort_id": cohort_id, "person_id": id_, "version": 0} for id_ in known]
        if rows:
            connection.execute(insert(connection, cohort_member).on_conflict_do_nothing(), rows)
    return settle(connection, project_id, cohort_id) - before


def remove(connection: Connection, project_id: int, cohort_id: int, person_id: uuid.UUID) -> bool:
    """Whether they were in."""
    gone = connection.execute(
        delete(cohort_member).where(_members.cohort_id == cohort_id, _members.person_id == person_id)
    )
    settle(connection, project_id, cohort_id)
    return gone.rowcount > 0


def settle(connection: Connection, project_id: int, cohort_id: int) -> int:
    """The cohort's count, and a request that the store be told."""
    count = _count(connection, cohort_id)
    connection.execute(cohort.update().where(cohort.c.id == cohort_id).values(count=count))
    append(connection, project_id, MIRROR_COHORT, {"cohort_id": cohort_id})
    return count


def follow_merges(connection: Connection, merges: Sequence[tuple[int, bytes, bytes]]) -> None:
    """Where one person became part of another, the other is in the first one's static cohorts."""
    became = {uuid.UUID(bytes=gone): uuid.UUID(bytes=now) for _, gone, now in merges}
    touched: dict[int, int] = {}
    for chunk in chunks(list(became)):
        query = (
            select(_members.cohort_id, _members.person_id, cohort.c.project_id)
            .join(cohort, cohort.c.id == _members.cohort_id)
            .where(_members.person_id.in_(chunk))
        )
        for row in connection.execute(query).all():
            moved = {"cohort_id": row.cohort_id, "person_id": _last(became, row.person_id), "version": 0}
            connection.execute(insert(connection, cohort_member).values(moved).on_conflict_do_nothing())
            touched[row.cohort_id] = row.project_id
        if touched:
            connection.execute(delete(cohort_member).where(_members.person_id.in_(chunk)))
    for cohort_id, project_id in touched.items():
        settle(connection, project_id, cohort_id)


def persons_of_distinct_ids(
    connection: Connection, project_id: int, distinct_ids: Sequence[str]
) -> Iterator[uuid.UUID]:
    columns = person_distinct_id.c
    for chunk in chunks(distinct_ids):
        query = select(columns.person_id).where(
            columns.project_id == project_id, columns.distinct_id.in_(chunk)
        )
        yield from connection.execute(query).scalars()


def persons_of_emails(connection: Connection, project_id: int, emails: Sequence[str]) -> Iterator[uuid.UUID]:
    email = property_text(connection, "email")
    for chunk in chunks(emails):
        query = select(person.c.id).where(person.c.project_id == project_id, email.in_(chunk))
        yield from connection.execute(query).scalars()


def persons_of_csv(connection: Connection, project_id: int, content: bytes) -> Iterator[uuid.UUID]:
    """One column of distinct ids, or a column called `distinct_id`, `person_id` or `email`."""
    rows = _csv_rows(content)
    kind, column = _csv_column(rows[0])
    is_headed = kind is not None
    found = [row[column].strip() for row in rows[int(is_headed) :] if len(row) > column]
    values = [value for value in dict.fromkeys(found) if value and "\0" not in value]
    if not values:
        raise Invalid("The CSV file holds no ids.", "csv")
    if len(values) > LISTED_MAX:
        raise Invalid(f"A CSV file may hold {LISTED_MAX} ids.", "csv", "max_length")
    if kind == "person_id":
        yield from (one for one in map(_uuid, values) if one is not None)
    elif kind == "email":
        yield from persons_of_emails(connection, project_id, values)
    else:
        yield from persons_of_distinct_ids(connection, project_id, values)


def members_query(cohort_id: int, version: int) -> Select[tuple[uuid.UUID]]:
    """Ids of those who are in by this version; that of a static cohort is 0."""
    return select(_members.person_id).where(_members.cohort_id == cohort_id, _members.version == version)


def _last(became: dict[uuid.UUID, uuid.UUID], person_id: uuid.UUID) -> uuid.UUID:
    """A block may merge the same person on and on."""
    for _ in range(len(became)):
        if person_id not in became:
            break
        person_id = became[person_id]
    return person_id


def _count(connection: Connection, cohort_id: int) -> int:
    query = select(func.count()).where(_members.cohort_id == cohort_id)
    return int(connection.execute(query).scalar_one())


def _csv_rows(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if any(row)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise Invalid(f"This is no CSV file in UTF-8: {error}", "csv") from None
    if not rows:
        raise Invalid("The CSV file is empty.", "csv")
    return rows


def _csv_column(header: Sequence[str]) -> tuple[str | None, int]:
    names = [name.strip().lower() for name in header]
    for kind, known in (
        ("person_id", _PERSON_ID_COLUMNS),
        ("distinct_id", _DISTINCT_ID_COLUMNS),
        ("email", _EMAIL_COLUMNS),
    ):
        for column, name in enumerate(names):
            if name in known:
                return kind, column
    if len(header) > 1:
        raise Invalid("The CSV file needs a column distinct_id, person_id or email.", "csv")
    return None, 0


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
