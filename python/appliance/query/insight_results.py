"""Results of saved insights: the runner's answers in the fields that an insight shows."""

from collections.abc import Mapping
from typing import Any

import orjson

from appliance.accounts.access import Caller
from appliance.failures import HogletError
from appliance.insights.results import FIELDS, Wanted
from appliance.query.encode import encoded
from appliance.query.kinds import unwrapped
from appliance.query.overrides import overridden
from appliance.query.runner import Question, Runner

_KEPT_ONLY = frozenset({"force_cache", "", "false"})


class RunnerResults:
    """`insights.results.Results` by running queries."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def of(
        self, caller: Caller, insight_id: int, query: Mapping[str, Any] | None, wanted: Wanted
    ) -> Mapping[str, Any]:
        """A question that fails leaves the insight without a result and says why in `query_status`."""
        del insight_id
        nothing = {**dict.fromkeys(FIELDS), "is_cached": False, "timezone": caller.project.timezone}
        if not query:
            return nothing
        try:
            laid = overridden(unwrapped(query), wanted.filters_override, wanted.variables_override)
            question = Question(caller.project, laid, refresh=wanted.refresh)
            is_kept_only = wanted.refresh in _KEPT_ONLY
            answer = self._runner.kept(question) if is_kept_only else self._runner.answer(question)
        except HogletError as failure:
            status = {"complete": True, "error": True, "error_message": str(failure), "query_async": False}
            return {**nothing, "query_status": status}
        # As JSON has it: a page of insights is not written by the encoder of queries.
        answer = orjson.loads(encoded(answer))
        found = {name: answer.get(name) for name in FIELDS}
        return {
            **nothing,
            **found,
            "result": answer.get("results"),
            "is_cached": bool(answer.get("is_cached")),
        }
