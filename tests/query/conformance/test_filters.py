"""Property filters, actions and cohorts on a real store: the contract's rows Q15 to Q17 and section 4."""

import itertools

import pytest

from appliance.failures import Invalid
from appliance.query.filters import Scope, action_to_expr, cohort_members, property_to_expr
from appliance.query.filters.terms import field
from appliance.query.hogql import ast
from appliance.query.project import Action, Cohort
from tests.query.conformance.asking import Person, cohort

CHAIN = 'a.btn:attr_id="go"href="/buy?x=1"nth-child="1"text="Buy now";div.row:nth-child="2"'
CHAIN_TWO = 'button.btn.big:nth-child="1"text="Cancel"'
ROWS = {
    "b": {"a": "b"},
    "c": {"a": "c"},
    "none": {},
    "ten": {"n": 10},
    "two": {"n": 2},
    "word": {"n": "many"},
    "empty": {"a": ""},
    "null": {"a": None},
    "flag": {"flag": True},
    "unflag": {"flag": False},
    "when": {"when": "2020-01-10T15:00:00Z"},
    "later": {"when": "2020-01-12"},
    "v1": {"version": "1.2.3"},
    "v2": {"version": "1.10.0"},
    "percent": {"a": "50%_Off"},
    "path": {"path": "/user/77/edit"},
}
TYPES = {
    ("event", "typed", None): "Numeric",
    ("event", "flag", None): "Boolean",
    ("event", "when", None): "DateTime",
}


@pytest.fixture(scope="module")
def rows(warehouse):
    def make(warehouse):
        people = [
            Person("ada", properties={"email": "ada@example.com", "age": 36}, distinct_ids=["ada's phone"]),
            Person("bob", properties={"email": "bob@hoglet.test"}),
        ]
        events = [
            {
                "event": name,
                "at": "2020-01-10T12:00",
                "person": "bob",
                "properties": properties | _typed(properties),
            }
            for name, properties in ROWS.items()
        ]
        events.append({"event": "$autocapture", "at": "2020-01-11T12:00", "person": "ada", "elements_chain": CHAIN,
                       "properties": {"$current_url": "https://a.b/shop/1"}, "$group_0": "org:5"})  # fmt: skip
        events.append(
            {"event": "$autocapture", "at": "2020-01-12T12:00", "person": "ada", "elements_chain": CHAIN_TWO}
        )
        return warehouse.dataset(people, events, "2020-01-25T12:00", property_types=TYPES)

    return warehouse.kept("filters", make)


def _typed(properties):
    return {"typed": properties["n"]} if "n" in properties else {}


def found(rows, given, scope=None):
    asked = rows.asked()
    condition = property_to_expr(given, asked.context) if scope is None else given
    select = ast.SelectQuery(
        [field("event")],
        select_from=ast.JoinExpr(field("events")),
        where=condition,
        order_by=[ast.OrderExpr(field("timestamp")), ast.OrderExpr(field("event"))],
    )
    return [row[0] for row in asked.run(select).rows]


def filtered(rows, key, operator, value=None, kind="event"):
    return set(found(rows, [{"type": kind, "key": key, "operator": operator, "value": value}]))


EVERYTHING = {*ROWS, "$autocapture"}
WITHOUT_A = EVERYTHING - {"b", "c", "empty", "percent"}


def test_q15_is_not_passes_what_is_missing(rows):
    assert filtered(rows, "a", "is_not", "b") == EVERYTHING - {"b"}


def test_q16_no_values_restrict_nothing(rows):
    assert filtered(rows, "a", "exact", []) == EVERYTHING
    assert filtered(rows, "a", "exact", None) == EVERYTHING
    for given in ([], {}, None, {"type": "AND", "values": []}, {"type": "OR", "values": []}):
        assert set(found(rows, given)) == EVERYTHING


def test_q17_numbers_are_compared_as_numbers(rows):
    assert filtered(rows, "typed", "gt", "3") == {"ten"}
    assert filtered(rows, "n", "gt", "3") == {"ten"}
    assert filtered(rows, "n", "gt", 3) == {"ten"}


@pytest.mark.parametrize(
    ("key", "operator", "value", "expected"),
    [
        ("a", "exact", "b", {"b"}),
        ("a", "exact", ["b", "c"], {"b", "c"}),
        ("a", "in", ["b", "c"], {"b", "c"}),
        ("a", "is_not", ["b", "c"], EVERYTHING - {"b", "c"}),
        ("a", "not_in", ["b"], EVERYTHING - {"b"}),
        ("n", "exact", 10, {"ten"}),
        ("n", "exact", "10", {"ten"}),
        ("typed", "exact", ["10", 2], {"ten", "two"}),
        ("typed", "exact", "many", set()),
        ("a", "icontains", "OFF", {"percent"}),
        ("a", "icontains", "0%_", {"percent"}),
        ("a", "icontains", "5_%", set()),
        ("a", "icontains", ["B", "C"], {"b", "c"}),
        ("a", "not_icontains", "off", EVERYTHING - {"percent"}),
        ("a", "not_icontains_multi", ["B", "C"], EVERYTHING - {"b", "c"}),
        ("a", "starts_with", "50", {"percent"}),
        ("a", "ends_with", "off", {"percent"}),
        ("a", "not_ends_with", "off", EVERYTHING - {"percent"}),
        ("a", "regex", "^[bc]$", {"b", "c"}),
        ("a", "not_regex", "^[bc]$", EVERYTHING - {"b", "c"}),
        ("a", "regex", "(", set()),
        ("a", "regex", "(?=b)b", set()),
        ("n", "gte", 10, {"ten"}),
        ("n", "lt", 10, {"two"}),
        ("n", "lte", 10, {"ten", "two"}),
        ("n", "min", 10, {"ten"}),
        ("n", "max", 2, {"two"}),
        ("n", "between", [2, 9], {"two"}),
        ("n", "not_between", ["2", "9"], EVERYTHING - {"two"}),
        ("a", "gt", "b", {"c"}),
        ("n", "is_set", None, {"ten", "two", "word"}),
        ("n", "is_not_set", None, EVERYTHING - {"ten", "two", "word"}),
        ("flag", "exact", "true", {"flag"}),
        ("flag", "exact", True, {"flag"}),
        ("flag", "exact", ["false"], {"unflag"}),
        ("flag", "is_not", "true", EVERYTHING - {"flag"}),
        ("when", "is_date_exact", "2020-01-10", {"when"}),
        ("when", "is_date_before", "2020-01-11", {"when"}),
        ("when", "is_date_after", "2020-01-11", {"later"}),
        ("when", "is_date_after", "-14d", {"later"}),
        ("version", "semver_eq", "1.2.3", {"v1"}),
        ("version", "semver_neq", "1.2.3", EVERYTHING - {"v1"}),
        ("version", "semver_gt", "1.2.3", {"v2"}),
        ("version", "semver_gte", "1.2.3", {"v1", "v2"}),
        ("version", "semver_lt", "1.10.0", {"v1"}),
        ("version", "semver_tilde", "1.2.0", {"v1"}),
        ("version", "semver_caret", "1.2.0", {"v1", "v2"}),
        ("version", "semver_wildcard", "1.10.*", {"v2"}),
        ("version", "semver_wildcard", "*", {"v1", "v2"}),
    ],
)
def test_operators(rows, key, operator, value, expected):
    assert filtered(rows, key, operator, value) == expected


@pytest.mark.parametrize(
    ("kind", "key", "operator", "value", "expected"),
    [
        ("person", "email", "icontains", "example", {"$autocapture"}),
        ("person", "distinct_id", "exact", "ada's phone", {"$autocapture"}),
        ("person", "age", "is_not_set", None, set(ROWS)),
        ("event_metadata", "event", "exact", ["b", "c"], {"b", "c"}),
        ("event_metadata", "timestamp", "is_date_after", "2020-01-11", {"$autocapture"}),
        ("event_metadata", "$group_0", "exact", "org:5", {"$autocapture"}),
        ("feature", "a", "exact", "b", {"b"}),
        ("flag", "a", "flag_evaluates_to", True, EVERYTHING),
        ("element", "tag_name", "exact", "a", {"$autocapture"}),
        ("element", "tag_name", "is_not", ["a", "button"], set(ROWS)),
        ("element", "selector", "exact", "div > a.btn", {"$autocapture"}),
        ("element", "text", "icontains", "buy", {"$autocapture"}),
        ("element", "text", "is_set", None, {"$autocapture"}),
        ("element", "text", "not_icontains", "u", EVERYTHING),
        ("element", "href", "exact", "/buy?x=1", {"$autocapture"}),
        ("element", "href", "is_not_set", None, EVERYTHING),
    ],
)
def test_types_of_filters(*, rows, kind, key, operator, value, expected):
    assert filtered(rows, key, operator, value, kind) == expected


def test_paths_are_cleaned_before_they_are_compared(rows):
    seen = rows.given(path_cleaning_filters=[{"regex": "/user/\\d+", "alias": "/user/<id>"}])
    assert filtered(seen, "path", "is_cleaned_path_exact", "/user/<id>/edit") == {"path"}


def test_groups_of_filters_nest(rows):
    def one(value):
        return {"type": "event", "key": "a", "operator": "exact", "value": value}

    either = {"type": "OR", "values": [one("b"), {"type": "AND", "values": [one("c"), one("d")]}]}
    assert set(found(rows, either)) == {"b"}
    assert set(found(rows, [either, one("b") | {"negation": True}])) == set()
    deep = one("b")
    for _ in range(40):
        deep = {"type": "AND", "values": [deep]}
    with pytest.raises(Invalid):
        found(rows, deep)


@pytest.mark.parametrize(
    "given",
    [
        {"key": "a", "operator": "sounds_like", "value": "b"},
        {"key": "a", "operator": "between", "value": [1]},
        {"key": "a", "operator": "semver_gt", "value": "new"},
        {"key": "a", "operator": "exact", "value": {"b": 1}},
        {"key": "", "value": "b"},
        {"key": "a", "value": "b", "type": "revenue_analytics"},
        {"key": "secret", "value": "b", "type": "event_metadata"},
        {"key": "when", "operator": "is_date_before", "value": "soon"},
        {"key": "id", "value": "first", "type": "cohort"},
        {"key": "tag_name", "operator": "icontains", "value": "a", "type": "element"},
        "a = b",
    ],
)
def test_what_is_no_filter_is_refused(rows, given):
    with pytest.raises(Invalid):
        found(rows, [given])


def test_filters_of_persons(rows):
    asked = rows.asked()
    given = {"type": "person", "key": "email", "operator": "icontains", "value": "example"}
    select = ast.SelectQuery(
        [field("id")],
        select_from=ast.JoinExpr(field("persons")),
        where=property_to_expr(given, asked.context, Scope("person")),
    )
    assert [str(row[0]) for row in asked.run(select).rows] == [str(Person("ada").id)]


@pytest.mark.parametrize(
    ("step", "times"),
    [
        ({"event": "$autocapture"}, 2),
        ({"event": "$autocapture", "selector": "div > a.btn"}, 1),
        ({"event": "$autocapture", "tag_name": "button"}, 1),
        ({"event": "$autocapture", "text": "Buy now"}, 1),
        ({"event": "$autocapture", "text": "buy", "text_matching": "contains"}, 1),
        ({"event": "$autocapture", "text": "^C", "text_matching": "regex"}, 1),
        ({"event": "$autocapture", "href": "/buy", "href_matching": "contains"}, 1),
        ({"event": "$autocapture", "href": "/buy"}, 0),
        ({"event": "$autocapture", "url": "/shop/"}, 1),
        ({"event": "$autocapture", "url": "/s%p/_"}, 1),
        ({"event": "$autocapture", "url": "/SHOP/"}, 0),
        ({"event": "$autocapture", "url": "shop/\\d$", "url_matching": "regex"}, 1),
        ({"event": "$autocapture", "url": "https://a.b/shop/1", "url_matching": "exact"}, 1),
        ({"event": "b", "selector": "div", "text": "no matter"}, 1),
        ({"event": "b", "properties": [{"key": "a", "value": "c", "type": "event"}]}, 0),
        ({}, len(ROWS) + 2),
    ],
)
def test_steps_of_actions(rows, step, times):
    condition = action_to_expr(Action(1, "x", [step]), rows.asked().context)
    assert len(found(rows, condition, scope="given")) == times
    if step:
        both = Action(1, "x", [step, {"event": "c"}])
        assert len(found(rows, action_to_expr(both, rows.asked().context), scope="given")) == times + 1


def test_an_action_without_steps_is_everything(rows):
    condition = action_to_expr(Action(1, "x"), rows.asked().context)
    assert len(found(rows, condition, scope="given")) == len(ROWS) + 2


# Cohorts, now 2020-01-25T12:00. Days of January on which each did "go" and "stop".
GO = {
    "new": (24,),
    "often": (20, 21, 22, 23, 24),
    "gone": (2, 3),
    "back": (1, 24),
    "pair": (10,),
    "other": (),
}
STOP = {"pair": (11,), "often": (1,), "other": (24,)}


PERSON_GROUP = {"type": "AND", "values": [{"type": "person", "key": "name", "value": ["new", "back"]}]}


@pytest.fixture(scope="module")
def people(warehouse):
    def make(warehouse):
        everyone = [Person(name, properties={"name": name}) for name in GO]
        events = [
            {"event": event, "at": f"2020-01-{day:02}T10:00", "person": name}
            for event, days in (("go", GO), ("stop", STOP))
            for name, each in days.items()
            for day in each
        ]
        return warehouse.dataset(everyone, events, "2020-01-25T12:00")

    return warehouse.kept("cohorts", make)


def members(people, group):
    asked = people.asked()
    found_ids = asked.run(cohort_members(group, asked.context)).rows
    names = {str(Person(name).id): name for name in GO}
    return {names[str(row[0])] for row in found_ids}


def behavior(kind, event="go", days=7, **more):
    return {
        "type": "behavioral", "value": kind, "key": event, "event_type": "events", "time_value": days,
        "time_interval": "day", **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        (behavior("performed_event"), {"new", "often", "back"}),
        (behavior("performed_event", days=1, time_interval="month"), {"new", "often", "back", "gone", "pair"}),
        (behavior("performed_event", explicit_datetime="2020-01-09", explicit_datetime_to="2020-01-12"), {"pair"}),
        (behavior("performed_event_multiple", operator="gte", operator_value=2), {"often"}),
        (behavior("performed_event_multiple", operator="exact", operator_value="1"), {"new", "back"}),
        (behavior("performed_event_first_time"), {"new", "often"}),
        (
            behavior("performed_event_regularly", days=1, operator_value=1, total_periods=5, min_periods=4),
            {"often"},
        ),
        (
            behavior("performed_event_sequence", days=30, seq_event="stop", seq_time_value=2, seq_time_interval="day"),
            {"pair"},
        ),
        (behavior("stopped_performing_event", days=30, seq_time_value=10, seq_time_interval="day"), {"gone", "pair"}),
        (behavior("restarted_performing_event", days=20, seq_time_value=3, seq_time_interval="day"), {"back"}),
        ({"type": "person", "key": "name", "operator": "exact", "value": ["new", "back"]}, {"new", "back"}),
    ],
)  # fmt: skip
def test_criteria_of_cohorts(people, criterion, expected):
    assert members(people, cohort(1, "c", criterion)) == expected
    negated = cohort(1, "c", criterion | {"negation": True})
    assert members(people, negated) == set(GO) - expected


def test_negation_goes_through_groups(people):
    go, stop = behavior("performed_event"), behavior("performed_event", event="stop", days=90)
    did = {"go": {"new", "often", "back"}, "stop": set(STOP)}
    for kind, not_go, not_stop, not_group in itertools.product(("AND", "OR"), *[(False, True)] * 3):
        first = set(GO) - did["go"] if not_go else did["go"]
        second = set(GO) - did["stop"] if not_stop else did["stop"]
        both = first & second if kind == "AND" else first | second
        group = {
            "type": kind,
            "values": [go | {"negation": not_go}, stop | {"negation": not_stop}],
            "negation": not_group,
        }
        filters = {"properties": {"type": "OR", "values": [group]}}
        assert members(people, Cohort(1, "c", filters=filters)) == (set(GO) - both if not_group else both)


def test_cohorts_lean_on_cohorts_but_never_in_a_circle(people):
    def lean(*cohorts):
        definitions = people.facts.definitions
        return people.given(definitions=type(definitions)(cohorts=cohorts))

    recent = cohort(1, "recent", behavior("performed_event"))
    rest = cohort(2, "rest", {"type": "cohort", "key": "id", "value": 1, "negation": True})
    assert members(lean(recent, rest), rest) == {"gone", "pair", "other"}
    circle = cohort(1, "recent", {"type": "cohort", "key": "id", "value": 2})
    with pytest.raises(Invalid, match="leans on itself"):
        members(lean(circle, rest), rest)
    with pytest.raises(Invalid, match="no cohort"):
        members(lean(rest), rest)


def test_a_circle_through_actions_or_test_accounts_is_refused(people):
    steps = [{"event": "go", "properties": [{"type": "cohort", "key": "id", "value": 1}]}]
    by_action = cohort(1, "c", behavior("performed_event", event=7, event_type="actions"))
    definitions = type(people.facts.definitions)(actions=[Action(7, "x", steps)], cohorts=[by_action])
    with pytest.raises(Invalid, match="leans on itself"):
        members(people.given(definitions=definitions), by_action)
    tested = Cohort(
        1, "c", filters=by_action.filters | {"filterTestAccounts": True, "properties": PERSON_GROUP}
    )
    internal = {"type": "cohort", "key": "id", "value": 1, "operator": "not_in"}
    seen = people.given(definitions=type(definitions)(cohorts=[tested]), test_account_filters=[internal])
    with pytest.raises(Invalid, match="leans on itself"):
        members(seen, tested)
    by_name = {"type": "person", "key": "name", "operator": "is_not", "value": "new"}
    assert members(people.given(test_account_filters=[by_name]), tested) == {"back"}


def test_events_by_cohort_and_by_behavior(people):
    recent = cohort(1, "recent", behavior("performed_event"))
    definitions = people.facts.definitions
    seen = people.given(definitions=type(definitions)(cohorts=[recent]))
    is_in = {"type": "cohort", "key": "id", "value": 1, "operator": "in"}
    assert len(found(seen, [is_in])) == 9
    assert len(found(seen, [is_in | {"operator": "not_in"}])) == 5
    assert len(found(seen, [is_in | {"negation": True}])) == 5
    assert len(found(people, [behavior("performed_event")])) == 9
    with pytest.raises(Invalid):
        found(people, [behavior("stopped_performing_event")])


def test_a_cohort_without_criteria_has_nobody(people):
    assert members(people, Cohort(1, "c")) == set()


def test_test_accounts_are_left_out(rows):
    internal = {"type": "person", "key": "email", "operator": "not_icontains", "value": "hoglet.test"}
    query = {
        "kind": "TrendsQuery",
        "series": [{"kind": "EventsNode", "event": None}],
        "dateRange": {"date_from": "2020-01-01", "date_to": "2020-01-20"},
        "filterTestAccounts": True,
    }
    (item,) = rows.given(test_account_filters=[internal]).results(query)
    assert (item["count"], item["label"]) == (2, "All events")
    (item,) = rows.results(query)
    assert item["count"] == len(ROWS) + 2
