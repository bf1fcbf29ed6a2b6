"""A hundred flags as a team of some years has them, and the person who asks."""

from __future__ import annotations

from typing import Any

PERSON: dict[str, Any] = {
    "email": "ada@example.com",
    "plan": "enterprise",
    "$geoip_country_code": "DE",
    "$browser": "Chrome",
    "$os": "Mac OS X",
    "app_version": "3.14.2",
    "signed_up_at": "2026-01-15T09:30:00Z",
    "seats": 42,
}
COHORTS: list[dict[str, Any]] = [
    {"id": 1, "is_static": False, "version": 1, "filters": {"properties": {"type": "OR", "values": [
        {"type": "AND", "values": [_filter]},
        {"type": "AND", "values": [{"key": "plan", "type": "person", "operator": "exact", "value": ["enterprise"]}]},
    ]}}}
    for _filter in [{"key": "email", "type": "person", "operator": "icontains", "value": "@customer.example"}]
]  # fmt: skip


def flags() -> list[dict[str, Any]]:
    """40 plain roll-outs, 30 aimed at properties, 15 experiments, 10 on cohorts, 5 on another flag."""
    made = [_flag(number, [_condition(rollout=number * 2.5 % 101)]) for number in range(40)]
    made += [_flag(number, _aimed(number)) for number in range(40, 70)]
    made += [_flag(number, [_condition()], variants=2 + number % 3) for number in range(70, 85)]
    cohort = {"key": "id", "type": "cohort", "operator": "in", "value": 1}
    made += [_flag(number, [_condition(cohort, rollout=50)]) for number in range(85, 95)]
    made += [_flag(number, [_condition(_depends_on(number - 40))]) for number in range(95, 100)]
    return made


def _flag(number: int, conditions: list[dict[str, Any]], variants: int = 0) -> dict[str, Any]:
    filters: dict[str, Any] = {"groups": conditions, "payloads": {}}
    if variants:
        names = ["control", *(f"test-{one}" for one in range(1, variants))]
        filters["multivariate"] = {
            "variants": [{"key": name, "rollout_percentage": 100 / variants} for name in names]
        }
        filters["payloads"] = {name: f'{{"layout": "{name}"}}' for name in names}
    return {"id": number + 1, "key": f"feature-{number:03}", "name": f"Feature {number}", "active": True,
            "version": 1, "filters": filters, "ensure_experience_continuity": False, "evaluation_runtime": "all",
            "bucketing_identifier": None, "evaluation_contexts": [], "has_experiment": variants > 0,
            "has_encrypted_payloads": False}  # fmt: skip


def _condition(*properties: dict[str, Any], rollout: float | None = None) -> dict[str, Any]:
    return {"properties": list(properties), "rollout_percentage": rollout, "variant": None}


def _aimed(number: int) -> list[dict[str, Any]]:
    aims = (
        ("email", "icontains", "@example.org"),
        ("plan", "exact", ["pro", "business"]),
        ("$geoip_country_code", "exact", ["US", "CA", "GB"]),
        ("email", "regex", r".+@(acme|example)\.(com|org)$"),
        ("seats", "gt", "100"),
        ("plan", "is_set", "is_set"),
    )
    key, operator, value = aims[number % len(aims)]
    first = {"key": key, "type": "person", "operator": operator, "value": value}
    staff = {"key": "email", "type": "person", "operator": "icontains", "value": "@hoglet.example"}
    return [_condition(staff), _condition(first, rollout=80), _condition(rollout=5)]


def _depends_on(number: int) -> dict[str, Any]:
    return {"key": str(number + 1), "type": "flag", "operator": "flag_evaluates_to", "value": True}
