"""Actions: an event is one if it matches any of the action's steps."""

from collections.abc import Mapping
from typing import Any

from appliance.failures import Invalid
from appliance.query.filters.choices import chosen
from appliance.query.filters.comparisons import Subject, comparison, matches
from appliance.query.filters.elements import selector_pattern, tag_pattern
from appliance.query.filters.properties import EVENTS, Scope, clock_of, property_to_expr, text_condition
from appliance.query.filters.terms import TRUE, call, compare, constant, equals, every, some
from appliance.query.hogql import ast
from appliance.query.hogql.context import Context
from appliance.query.project import Action

AUTOCAPTURE = "$autocapture"
STEPS_MAX = 200
_MATCHING: Mapping[str, str] = {"exact": "exact", "contains": "icontains", "regex": "regex"}


def action_to_expr(action: Action, context: Context, scope: Scope = EVENTS) -> ast.Expr:
    """Whether an event is this action. An action without steps is every event."""
    if len(action.steps) > STEPS_MAX:
        raise Invalid(f"an action may have at most {STEPS_MAX} steps", attr="steps")
    return some(_step(step, context, scope) for step in action.steps) if action.steps else TRUE


def action_events(action: Action) -> list[str] | None:
    """Names of the events that can be this action; None if any can."""
    names = [step.get("event") for step in action.steps]
    return sorted({str(name) for name in names}) if names and all(names) else None


def _step(step: Mapping[str, Any], context: Context, scope: Scope) -> ast.Expr:
    parts: list[ast.Expr] = []
    event = _text(step, "event")
    if event:
        parts.append(equals(scope.field("event"), event))
    if event == AUTOCAPTURE:
        parts += _elements(step, context, scope)
    url = _text(step, "url")
    if url:
        parts.append(_url(scope.field("properties", "$current_url"), url, _matching(step, "url", "contains")))
    parts.append(property_to_expr(step.get("properties"), context, scope))
    return every(parts)


def _elements(step: Mapping[str, Any], context: Context, scope: Scope) -> list[ast.Expr]:
    parts: list[ast.Expr] = []
    chain, clock = scope.field("elements_chain"), clock_of(context)
    if selector := _text(step, "selector"):
        parts.append(compare(chain, "=~", constant(selector_pattern(selector))))
    if tag := _text(step, "tag_name"):
        parts.append(compare(chain, "=~", constant(tag_pattern(tag))))
    if href := _text(step, "href"):
        subject = Subject(call("nullIf", scope.field("elements_chain_href"), constant("")))
        parts.append(comparison(subject, _MATCHING[_matching(step, "href", "exact")], href, clock))
    if text := _text(step, "text"):
        parts.append(text_condition(scope, _MATCHING[_matching(step, "text", "exact")], text, clock))
    return parts


def _url(url: ast.Expr, wanted: str, matching: str) -> ast.Expr:
    if matching == "exact":
        return equals(url, wanted)
    if matching == "regex":
        return matches(url, wanted)
    # The wildcards of LIKE are part of what people type here.
    return compare(url, "like", constant(f"%{wanted}%"))


def _text(step: Mapping[str, Any], name: str) -> str:
    value = step.get(name)
    if value is not None and not isinstance(value, str):
        raise Invalid(f"a step's {name} must be a text", attr="steps")
    return value or ""


def _matching(step: Mapping[str, Any], name: str, default: str) -> str:
    return chosen(step.get(f"{name}_matching") or default, _MATCHING, f"{name}_matching", "steps")
