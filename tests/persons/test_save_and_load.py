"""Rows that Rust hands out come back as it wants them."""

from uuid import UUID

import pytest
from sqlalchemy import Engine, event, select

from appliance import catalog, persons
from appliance.catalog.model import personless_distinct_id
from appliance.persons.distinct_ids import PARAMETERS_MAX

A, B = bytes([1] * 16), bytes([2] * 16)
PROPERTIES = '{"$os":"Mac\\ufffd","é":[1, 2]}'


def save(engine: Engine, **rows: list[tuple]) -> None:
    with catalog.writing(engine) as connection:
        persons.save(connection, **rows)


def load(engine: Engine, *wanted: tuple[int, str], **options: int):
    with catalog.reading(engine) as connection:
        return persons.load(connection, wanted, **options)


def test_a_person_comes_back_with_all_its_distinct_ids(engine: Engine) -> None:
    save(
        engine,
        persons=[(1, A, -5, PROPERTIES, True, 7, False)],
        distinct_ids=[(1, "a", A, 0, False), (1, "b'\"%", A, 3, False)],
    )
    [row], absent = load(engine, (1, "a"), (1, "nobody"), (2, "a"))
    assert row[:6] == (1, A, -5, PROPERTIES, True, 7)
    assert sorted(row[6]) == [("a", 0), ("b'\"%", 3)]
    assert row[7] is True
    assert sorted(absent) == [(1, "nobody", False), (2, "a", False)]


def test_two_ids_of_one_person_load_it_once(engine: Engine) -> None:
    save(
        engine,
        persons=[(1, A, 0, "{}", False, 0, False)],
        distinct_ids=[(1, "a", A, 0, False), (1, "b", A, 0, False)],
    )
    rows, absent = load(engine, (1, "a"), (1, "b"), (1, "a"))
    assert (len(rows), absent) == (1, [])


def test_the_same_ids_in_another_project_are_another_person(engine: Engine) -> None:
    save(
        engine,
        persons=[(1, A, 0, '{"p":1}', False, 0, False), (2, A, 0, '{"p":2}', False, 0, False)],
        distinct_ids=[(1, "a", A, 0, False), (2, "a", A, 0, False), (2, "b", A, 0, False)],
    )
    rows, _ = load(engine, (1, "a"), (2, "a"))
    assert [(row[0], row[3], len(row[6])) for row in sorted(rows)] == [(1, '{"p":1}', 1), (2, '{"p":2}', 2)]


def test_a_later_row_replaces_an_earlier_one(engine: Engine) -> None:
    save(engine, persons=[(1, A, 9, "{}", False, 0, False)], distinct_ids=[(1, "a", A, 0, False)])
    save(engine, persons=[(1, A, 8, '{"x":1}', True, 1, False)], distinct_ids=[(1, "a", A, 1, False)])
    [row], _ = load(engine, (1, "a"))
    assert row == (1, A, 8, '{"x":1}', True, 1, [("a", 1)], True)


def test_a_merge_deletes_one_person_and_moves_its_ids(engine: Engine) -> None:
    save(
        engine,
        persons=[(1, A, 0, "{}", False, 0, False), (1, B, 0, "{}", False, 0, False)],
        distinct_ids=[(1, "a", A, 0, False), (1, "b", B, 0, False)],
    )
    save(
        engine,
        persons=[(1, B, 0, "{}", True, 1, False), (1, A, 0, "{}", False, 100, True)],
        distinct_ids=[(1, "a", B, 1, False)],
    )
    [row], absent = load(engine, (1, "a"))
    assert (row[1], sorted(row[6]), absent) == (B, [("a", 1), ("b", 0)], [])
    save(engine, distinct_ids=[(1, "a", B, 2, True)])
    assert load(engine, (1, "a")) == ([], [(1, "a", False)])


def test_a_distinct_id_without_its_person_row_counts_as_absent(engine: Engine) -> None:
    save(engine, distinct_ids=[(1, "a", A, 0, False)])
    assert load(engine, (1, "a")) == ([], [(1, "a", False)])


def test_use_without_a_person_is_remembered_once_and_marked_when_overridden(engine: Engine) -> None:
    save(engine, personless=[(1, "a"), (1, "b")])
    save(engine, personless=[(1, "a")])
    assert load(engine, (1, "a"), (1, "c"))[1] == [(1, "a", True), (1, "c", False)]
    save(
        engine,
        persons=[(1, B, 0, "{}", True, 0, False)],
        distinct_ids=[(1, "a", B, 1, False), (1, "b", B, 0, False)],
    )
    columns = personless_distinct_id.c
    with catalog.reading(engine) as connection:
        rows = connection.execute(
            select(columns.distinct_id, columns.is_merged).order_by(columns.distinct_id)
        )
        assert list(rows) == [("a", True), ("b", False)]


def test_an_id_that_no_catalog_can_hold_is_absent(engine: Engine) -> None:
    assert load(engine, (1, "a\0b")) == ([], [(1, "a\0b", False)])


@pytest.mark.parametrize("many", [11, 500])
def test_only_a_person_with_too_many_ids_comes_incomplete(engine: Engine, many: int) -> None:
    others = [UUID(int=number).bytes for number in range(1_000, 1_050)]
    save(
        engine,
        persons=[(1, id_, 0, "{}", False, 0, False) for id_ in [A, *others]],
        distinct_ids=[(1, f"a{number}", A, number, False) for number in range(many)]
        + [(1, f"{at}-{number}", id_, 0, False) for at, id_ in enumerate(others) for number in range(10)],
    )
    wanted = [(1, "a3"), (1, "a7"), *((1, f"{at}-0") for at in range(50))]
    rows, absent = load(engine, *wanted, distinct_ids_max=10)
    by_id = {row[1]: row for row in rows}
    assert (len(rows), absent) == (51, [])
    assert (sorted(by_id[A][6]), by_id[A][7]) == ([("a3", 3), ("a7", 7)], False)
    assert all(len(by_id[id_][6]) == 10 and by_id[id_][7] for id_ in others)


def test_more_than_one_statement_can_carry_is_asked_for_in_parts(engine: Engine) -> None:
    count = PARAMETERS_MAX + 5
    save(
        engine,
        persons=[(1, UUID(int=number).bytes, 0, "{}", False, 0, False) for number in range(count)],
        distinct_ids=[(1, str(number), UUID(int=number).bytes, 0, False) for number in range(count)],
    )
    statements = 0

    def count_statement(*_: object) -> None:
        nonlocal statements
        statements += 1

    event.listen(engine, "after_cursor_execute", count_statement)
    rows, absent = load(engine, *((1, str(number)) for number in range(-3, count)))
    assert (len(rows), len(absent)) == (count, 3)
    assert statements < 12
