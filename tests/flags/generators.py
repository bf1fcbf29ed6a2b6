"""Random definitions, people and requests, made so that conditions often nearly match.

A case is plain JSON, so that one that failed can be kept in a file: the fields of `model.World`.
"""

import json
import random
from typing import Any

from tests.flags.generators_values import KINDS, REGEXES, WILDCARDS, Kind
from tests.flags.model import World, bucket
from tests.flags.model_cohorts import Json, _find_problems
from tests.flags.model_operators import OPERATORS

FLAGS_MAX = 14
PEOPLE = 5
UNKNOWN_ID = 999
GROUP_TYPES = {"company": 0, "project": 1, "naïve": 3}
IDS = ["user-17", "user-61", "user-105", "user-31", "", "ünï-🦔", "a" * 205, 42, 123.45]
GROUP_KEYS = ["org-9", "org-12", 42, 4.5, "", True, None, ["org-9"], "é"]
CONTEXTS = ["main-app", "docs", "Docs"]
AGENTS = [
    "posthog-python/7.0", "posthog-android/3", "Mozilla/5.0 (X11)", "curl/8", "okhttp/4", "", "my posthog-node/1",
]  # fmt: skip
ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kathmandu"]
# 2024-03-31 12:00 and 00:30, 2024-11-03 06:30, 2024-06-02 04:00, 2026-01-01: all UTC.
NOWS_S = [1711886400, 1711845000, 1730615400, 1717300800, 1767225600]
VARIANTS = ["control", "test", "spacious", "true"]


class Maker:
    """Everything that one seed gives."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.people = [self._properties() for _ in range(PEOPLE)]
        self.groups = [self._properties() for _ in range(2)]
        self.cohorts: list[Json] = []
        self.flags: list[Json] = []

    def cases(self, count: int) -> list[Json]:
        for number in range(1, 7):
            self.cohorts.append(self._cohort(number))
        for number in range(1, self.random.randint(3, FLAGS_MAX) + 1):
            self.flags.append(self._flag(number))
        definitions = {
            "project_id": 1,
            "timezone": self.random.choice(ZONES),
            "property_matching_version": 1 if self._chance(0.9) else 2,
            "group_types": GROUP_TYPES,
            "flags": self.flags,
            "cohorts": self.cohorts,
        }
        return [self._case(definitions) for _ in range(count)]

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _properties(self) -> Json:
        found = {}
        for kind in KINDS.values():
            for key in kind.keys:
                if self._chance(0.6):
                    # Versions may be dates that are written badly.
                    others = [
                        one for name, one in KINDS.items() if name != "version" or kind.keys != ["d1", "d2"]
                    ]
                    pool = kind if self._chance(0.85) else self.random.choice(others)
                    found[key] = self.random.choice(pool.found)
        return found

    # What definitions are made of.

    def filter(self, kinds: list[str], sources: list[Json]) -> Json:
        kind = KINDS[self.random.choice(kinds)]
        operator = self.random.choice(kind.operators if self._chance(0.9) else OPERATORS)
        if "date" in operator:
            kind = KINDS["date"]
        key = self.random.choice(kind.keys)
        made: Json = {"key": key, "operator": operator, "value": self._wanted(kind, key, operator, sources)}
        if operator == "exact" and self._chance(0.3):
            made["operator"] = None
        if operator == "exact" and self._chance(0.2):
            made.pop("operator")
        if self._chance(0.03):
            made["value"] = None
        if self._chance(0.03):
            made.pop("value")
        return made

    def _wanted(self, kind: Kind, key: str, operator: str, sources: list[Json]) -> Any:
        if operator == "semver_wildcard":
            return self.random.choice(WILDCARDS)
        if operator in ("regex", "not_regex"):
            return self.random.choice(REGEXES)
        near = [source[key] for source in sources if key in source and not _is_time(source[key])]
        if not near or self._chance(0.45):
            return self.random.choice(kind.wanted)
        value = self.random.choice(near)
        # How far a date that is written badly is still read is open.
        if isinstance(value, str) and "date" not in operator and self._chance(0.4):
            value = self.random.choice([value.swapcase(), value[1:], value[:-1], value + "x"])
        if self._chance(0.2):
            value = [value, *self.random.sample(kind.wanted, self.random.randint(0, 2))]
        return value

    def _person_filter(self) -> Json:
        made = self.filter(list(KINDS), self.people)
        if self._chance(0.9):
            made["type"] = "person"
        if self._chance(0.1):
            made["negation"] = True  # nothing, in a flag's condition
        return made

    def _group_filter(self, aggregation: int | None) -> Json:
        made = {**self.filter(["text", "number", "truth"], self.groups), "type": "group"}
        if self._chance(0.2):
            made.update(
                key="$group_key", operator="exact", value=self.random.choice(["org-9", "42", ["4.5", "é"]])
            )
        if aggregation is None or self._chance(0.5):
            made["group_type_index"] = self.random.choice([0, 1, 3])
        return made

    def _cohort_filter(self) -> Json:
        number = UNKNOWN_ID if self._chance(0.02) else self.random.choice(self.cohorts)["id"]
        made: Json = {"key": "id", "type": "cohort", "value": number}
        if self._chance(0.8):
            made["operator"] = self.random.choice(["in", "in", "not_in", "exact"])
        return made

    def _flag_filter(self, number: int) -> Json:
        made: Json = {"type": "flag", "operator": "flag_evaluates_to"}
        target = self.random.choice(self.flags) if self.flags else None
        if self._chance(0.015):
            made["key"] = str(self.random.choice([UNKNOWN_ID, number, number + 1]))
        elif target:
            made["key"] = str(target["id"])
        else:
            made["key"] = str(UNKNOWN_ID)
        made["value"] = self.random.choice(
            [True, False, True, "control", "test", "Control", "true", 1, None, [True]]
        )
        return made

    def _filters(self, number: int, aggregation: int | None) -> list[Json]:
        found: list[Json] = []
        for _ in range(self.random.choice([0, 0, 1, 1, 1, 2, 3])):
            roll = self.random.random()
            if roll < 0.55:
                found.append(self._person_filter())
            elif roll < 0.7:
                found.append(self._group_filter(aggregation))
            elif roll < 0.87:
                found.append(self._cohort_filter())
            elif self.flags:
                found.append(self._flag_filter(number))
        return self._with_one_trouble(found)

    def _with_one_trouble(self, filters: list[Json]) -> list[Json]:
        """Which of two cohorts is looked at first is open, so one in trouble is alone."""
        cohorts = {cohort["id"]: cohort for cohort in self.cohorts}
        named = [one for one in filters if one.get("type") == "cohort"]
        codes: set[str] = set()
        for one in named:
            _find_problems(one["value"], cohorts, (), codes)
        if not codes:
            return filters
        return [one for one in filters if one not in named] + [{**named[0], "operator": "in"}]

    def _rollout(self, key: str) -> Any:
        identifier = self.random.choice(["user-17", "user-61", "user-105", "org-9", "42", "device-1"])
        near = bucket(f"{key}.", identifier, "") * 100
        share = self.random.choice(
            [100, 100, 50, 0, 25.5, near, near + 1e-9, max(0, near - 1e-9), round(near), 100.0]
        )
        return min(share, 100)

    def _condition(self, number: int, key: str, variants: list[Json], aggregation: int | None) -> Json:
        made: Json = {}
        if self._chance(0.15):
            aggregation = self.random.choice([None, 0, 1, 2])
            made["aggregation_group_type_index"] = aggregation
        made["properties"] = self._filters(number, aggregation)
        if not made["properties"] and self._chance(0.3):
            made["properties"] = None
        if self._chance(0.75):
            made["rollout_percentage"] = None if self._chance(0.15) else self._rollout(key)
        if self._chance(0.15):
            made["variant"] = self.random.choice([*(one["key"] for one in variants), "wide", None])
        return made

    def _variants(self) -> list[Json]:
        keys = self.random.sample(VARIANTS, self.random.randint(1, 4))
        shares = self.random.choice([[50, 50, 0, 0], [10, 20, 30, 40], [25, 25, 25, 25], [0, 40, 0.5, 33.3]])
        return [{"key": key, "rollout_percentage": share} for key, share in zip(keys, shares, strict=False)]

    def _flag(self, number: int) -> Json:
        key = self.random.choice(
            ["beta-search", "checkout.layout", "org-dashboard", "survey-targeting", "ключ"]
        )
        key = f"{key}-{number}"
        aggregation = self.random.choice([0, 1, 5]) if self._chance(0.2) else None
        variants = self._variants() if self._chance(0.4) else []
        filters: Json = {
            "groups": [
                self._condition(number, key, variants, aggregation)
                for _ in range(self.random.choice([0, *[1, 2, 3] * 5, 4]))
            ]
        }
        if aggregation is not None or self._chance(0.3):
            filters["aggregation_group_type_index"] = aggregation
        if variants or self._chance(0.2):
            filters["multivariate"] = {"variants": variants} if variants else None
        self._add_rare_parts(filters, key, aggregation)
        made = {
            "id": number,
            "key": key,
            "name": f"flag {number}",
            "filters": filters,
            "active": self._chance(0.93),
            "version": number,
            "ensure_experience_continuity": self.random.choice([None, False, False, True]),
            "evaluation_runtime": self.random.choice([None, "all", "all", "all", "client", "server"]),
            "bucketing_identifier": None,
            "evaluation_contexts": self.random.sample(CONTEXTS, self.random.choice([0, 0, 0, 1, 2])),
            "has_experiment": False,
            "has_encrypted_payloads": False,
        }
        # Whether somebody without a device may be in by a super condition is open.
        if not made["ensure_experience_continuity"] and "super_groups" not in filters and self._chance(0.3):
            made["bucketing_identifier"] = self.random.choice(["device_id", "device_id", "distinct_id"])
        return made

    def _add_rare_parts(self, filters: Json, key: str, aggregation: int | None) -> None:
        if self._chance(0.6):
            names = self.random.sample(["true", "control", "test", "spacious", "holdout-7"], 3)
            filters["payloads"] = {
                name: self.random.choice(['"text"', '{"a":1}', "[ 1 ]", "true", '"é"', "0"]) for name in names
            }
        if self._chance(0.25):
            filters["early_exit"] = self.random.choice([True, True, False, None])
        if self._chance(0.15):
            filters["holdout"] = {"id": 7, "exclusion_percentage": self.random.choice([10, 50, 100, 0, 0.5])}
        if self._chance(0.15):
            filters["feature_enrollment"] = self.random.choice([True, True, False, None])
            own = {
                "key": f"$feature_enrollment/{key}",
                "type": "person",
                "operator": "exact",
                "value": ["true"],
            }
            if self._chance(0.4):
                filters["super_groups"] = [{"properties": [own], "rollout_percentage": 100}]
        elif self._chance(0.1):
            wanted = [self.filter(["text", "truth"], self.people) for _ in range(self.random.randint(0, 2))]
            shares = [100, None] if aggregation is not None else [100, None, 50, self._rollout(key)]
            filters["super_groups"] = [
                {"properties": wanted, "rollout_percentage": self.random.choice(shares)},
                *([{"properties": [], "rollout_percentage": 100}] if self._chance(0.3) else []),
            ]

    def _cohort(self, number: int) -> Json:
        roll = self.random.random()
        made: Json = {
            "id": number,
            "is_static": roll < 0.15,
            "filters": {},
            "version": self.random.randint(0, 3),
        }
        if roll < 0.15:
            return made
        if roll < 0.25:
            leaf = {"key": "bought", "type": "behavioral", "value": "performed_event", "event_type": "events"}
            leaf |= {"time_value": 30, "time_interval": "day", "negation": False}
            tree: Json = {"type": "OR", "values": [{"type": "AND", "values": [leaf]}]}
        elif roll < 0.27:
            tree = {"type": "AND", "values": [{"type": "person", "value": "a key lacks"}]}
        else:
            tree = self._tree(number, 0)
        made["filters"] = {"properties": tree}
        return made

    def _tree(self, number: int, depth: int) -> Json:
        kinds = ["AND", "OR", "property"] if depth else ["AND", "OR"]
        values: list[Json] = []
        for _ in range(self.random.choice([0, 1, 1, 2, 2, 3])):
            if depth < 3 and self._chance(0.4):
                values.append(self._tree(number, depth + 1))
            elif self._chance(0.2):
                values.append(self._cohort_leaf(number))
            else:
                values.append({**self.filter(list(KINDS), self.people), "type": "person"} | self._negation())
        return {"type": self.random.choice(kinds), "values": values}

    def _cohort_leaf(self, number: int) -> Json:
        target = self.random.randint(1, number - 1) if number > 1 else UNKNOWN_ID
        if self._chance(0.05):
            target = self.random.choice([UNKNOWN_ID, number, number + 1])
        return {"key": "id", "type": "cohort", "value": target} | self._negation()

    def _negation(self) -> Json:
        return {"negation": self._chance(0.5)} if self._chance(0.5) else {}

    # What requests are made of.

    def _case(self, definitions: Json) -> Json:
        stored = self.random.choice([None, *self.people])
        members = [
            [cohort["id"], 0 if cohort["is_static"] else self.random.choice([cohort["version"], 0, 7])]
            for cohort in self.cohorts
            if self._chance(0.5)
        ]
        return {
            "definitions": definitions,
            "body": self._body(),
            "person": stored,
            "memberships": members if stored is not None else [],
            "hash_keys": {
                flag["key"]: self.random.choice(["user-61", "user-105", "first"])
                for flag in self.flags
                if stored is not None and flag["ensure_experience_continuity"] and self._chance(0.4)
            },
            "group_properties": {
                str(index): self.random.choice(self.groups) for index in (0, 1, 3) if self._chance(0.5)
            },
            "place": {"$geoip_country_code": "US", "$geoip_city_name": "Zürich"} if self._chance(0.3) else {},
            "user_agent": self.random.choice(AGENTS),
            "is_browser": self._chance(0.2),
            "only_surveys": self._chance(0.03),
            "now_us": self.random.choice(NOWS_S) * 1_000_000 + self.random.choice([0, 1, 999_999]),
        }

    def _body(self) -> Json:
        made: Json = {"token": "phc_x", "distinct_id": self.random.choice(IDS)}
        if self._chance(0.6):
            keys = self.random.sample(sorted(self.people[0]), len(self.people[0]) // 2)
            made["person_properties"] = {key: self.people[0][key] for key in keys} | self._enrolled()
        if self._chance(0.5):
            made["$device_id"] = self.random.choice(["device-1", "user-61", "", None])
        if self._chance(0.3):
            made.setdefault("person_properties", {})["$device_id"] = self.random.choice(
                ["device-2", "", None, 5]
            )
        if self._chance(0.3):
            made["$anon_distinct_id"] = self.random.choice(["user-61", "user-105", "anon"])
        if self._chance(0.6):
            made["groups"] = {
                name: self.random.choice(GROUP_KEYS) for name in [*GROUP_TYPES, "planet"] if self._chance(0.6)
            }
            made["group_properties"] = {
                name: self.random.choice(self.groups) for name in made["groups"] if self._chance(0.4)
            }
        if self._chance(0.15):
            keys = [flag["key"] for flag in self.flags]
            made["flag_keys"] = [*self.random.sample(keys, self.random.randint(0, 2)), "unknown"]
        if self._chance(0.15):
            made["evaluation_contexts"] = self.random.sample(CONTEXTS, self.random.randint(0, 2))
        if self._chance(0.5):
            made["evaluation_runtime"] = self.random.choice(["client", "SERVER", "all", "all", "moon", None])
        return made

    def _enrolled(self) -> Json:
        return {
            f"$feature_enrollment/{flag['key']}": self.random.choice(
                [True, False, "true", "false", "True", None, 1]
            )
            for flag in self.flags
            if self._chance(0.5) and ("feature_enrollment" in flag["filters"] or self._chance(0.05))
        }


def _is_time(value: Any) -> bool:
    """What a filter makes of a text of so many digits is open."""
    return isinstance(value, str) and value.isdigit() and len(value) >= 10


def world(case: Json) -> World:
    """The same as the model takes it; every number as a JSON text would give it."""
    case = json.loads(json.dumps(case))
    return World(
        definitions=case["definitions"],
        body=case["body"],
        person=case["person"],
        memberships=frozenset((cohort, version) for cohort, version in case["memberships"]),
        hash_keys=case["hash_keys"],
        group_properties={int(index): found for index, found in case["group_properties"].items()},
        place=case["place"],
        user_agent=case["user_agent"],
        is_browser=case["is_browser"],
        only_surveys=case["only_surveys"],
        now_us=case["now_us"],
    )
