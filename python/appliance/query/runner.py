"""How a question is answered: from what is kept, now, or in the background.

Promises:
- A worker runs at most `query_running_max` queries at a time; who cannot get a turn is told so (429).
- Only answers without an error are kept, and each under a key of everything it depends on except the data.
- A question that somebody asks while another thread answers the same one gets that answer.
"""

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

import orjson
from sqlalchemy import Engine

from appliance.catalog import ProjectSnapshot
from appliance.config import Config
from appliance.failures import HogletError, StoreRefused, TooMany
from appliance.promotion import PromotedProperties, PropertyUse
from appliance.query.answers import Answers, Kept
from appliance.query.asked import Asked
from appliance.query.current_store import CurrentStore
from appliance.query.encode import encoded, time_text
from appliance.query.flights import Flights
from appliance.query.hogql.context import LIMIT_DEFAULT, Context, shredded_of_this_release
from appliance.query.kinds import Query, Response, kind_of
from appliance.query.project import ProjectFacts
from appliance.query.runs import CANCELLED, Run, Runs, Status, checked_id

log = logging.getLogger(__name__)

LIMITS = {"query": 50_000, "query_async": 50_000, "export": 300_000}
_LAZILY_FRESH_S = 3_600.0
_EVER_S = float("inf")
_REFRESH_AGAIN_S = 30.0
_NOT_IN_KEY = frozenset({"response", "tags", "version"})
_TOO_MANY_WAIT = "Too many queries wait to be run. Wait until some have ended, then try again."
_SERVER_ERROR = "A server error occurred."


@dataclass(frozen=True, slots=True)
class Question:
    """A question as one request asks it. `query` is inside its wrappers already."""

    project: ProjectSnapshot
    query: Query
    refresh: str = "blocking"
    query_id: str = field(default_factory=lambda: str(uuid4()))
    limit_context: str = "query"
    asked_at: float = field(default_factory=time.time)

    @property
    def is_export(self) -> bool:
        return self.limit_context == "export"


class Runner:
    """One for each worker, shared by its threads."""

    def __init__(self, config: Config, catalog: Engine, store: CurrentStore) -> None:
        self._config = config
        self._catalog = catalog
        self._store = store
        self._answers = Answers(
            config.queries_dir / "answers", config.query_kept_bytes_max, config.query_kept_answer_bytes_max
        )
        self.runs = Runs(config.queries_dir / "runs")
        self._turns = threading.BoundedSemaphore(config.query_running_max)
        self._flights = Flights()
        self._background = ThreadPoolExecutor(
            max_workers=max(1, config.query_running_max // 2), thread_name_prefix="query"
        )
        self._promoted = PromotedProperties(catalog)
        self._use = PropertyUse(catalog)
        self._waiting = threading.BoundedSemaphore(config.query_background_max)

    def answer(self, question: Question) -> Response:
        """The response; `query_status.complete` is false in it while it is answered in the background."""
        checked_id(question.query_id)
        kind_of(question.query)
        match question.refresh:
            case "force_blocking" | "true":
                return self._computed(question, anew=True)
            case "async":
                return self._fresh(question, self._config.query_fresh_s) or self._started(question)
            case "lazy_async":
                return self._fresh(question, _LAZILY_FRESH_S) or self._started(question)
            case "force_async":
                return self._started(question)
            case "async_except_on_cache_miss" if self._fresh(question, _EVER_S) is not None:
                return self._fresh(question, self._config.query_fresh_s) or self._started(question)
            case _:
                return self._fresh(question, self._config.query_fresh_s) or self._computed(question)

    def kept(self, question: Question) -> Response:
        """What is kept, however old; otherwise an answer without results."""
        key = self._key(question)
        found = self._answers.get(question.project.id, key)
        if found is None:
            return {"cache_key": key, "query_status": None, "results": None, "is_cached": False}
        return self._shown(question, key, found)

    def status(self, project_id: int, query_id: str) -> Status | None:
        return self.runs.get(project_id, query_id)

    def cancel(self, project_id: int, query_id: str) -> None:
        """Ends the query's statement in the store, and keeps it from starting another."""
        self.runs.cancel(project_id, checked_id(query_id))
        self._store.get().command(
            "KILL QUERY WHERE query_id = {id:String}", {"id": store_query_id(project_id, query_id)}
        )

    def _fresh(self, question: Question, age_s_max: float) -> Response | None:
        if question.is_export or not kind_of(question.query).is_kept:
            return None
        key = self._key(question)
        found = self._answers.get(question.project.id, key)
        if found is None or found.age_s > age_s_max:
            return None
        return self._shown(question, key, found)

    def _computed(self, question: Question, *, anew: bool = False) -> Response:
        if question.is_export or not kind_of(question.query).is_kept:
            return self._run(question, self._called_off(question))
        key = self._key(question)
        with self._flights.of((question.project.id, key)) as waited:
            if waited and not anew:
                found = self._fresh(question, self._config.query_fresh_s)
                if found is not None:
                    return found
            response = self._run(question, self._called_off(question))
            computed_at = time.time()
            self._answers.put(question.project.id, key, encoded(response), computed_at)
        return response | self._about(question, key, computed_at) | {"is_cached": False}

    def _called_off(self, question: Question) -> Callable[[], bool]:
        """Whether it was cancelled while it waits for its turn, when there is no statement to end yet."""
        project_id, query_id = question.project.id, question.query_id
        return lambda: self.runs.is_cancelled(project_id, query_id, since=question.asked_at)

    def _run(self, question: Question, is_cancelled: Callable[[], bool] | None = None) -> Response:
        with self.asking(question, is_cancelled) as asked:
            response = kind_of(question.query).answer(question.query, asked)
        response.setdefault("timings", asked.timings)
        response.setdefault("error", None)
        response.setdefault("modifiers", dict(asked.context.modifiers))
        return response

    @contextmanager
    def asking(self, question: Question, is_cancelled: Callable[[], bool] | None = None) -> Iterator[Asked]:
        """A turn for whoever asks the store by themselves about the question's project."""
        if not self._turns.acquire(timeout=self._config.query_wait_s_max):
            raise TooMany("Too many queries run at the moment. Wait until some have ended, then try again.")
        try:
            asked = self._asked(question, is_cancelled)
            began = time.perf_counter()
            yield asked
            self._use.note(asked.properties_read, time.perf_counter() - began)
        finally:
            self._turns.release()

    def _asked(self, question: Question, is_cancelled: Callable[[], bool] | None) -> Asked:
        facts = ProjectFacts.load(self._catalog, question.project)
        modifiers = question.query.get("modifiers")
        promoted = self._promoted.columns()
        context = Context(
            project=facts,
            shredded={**shredded_of_this_release(), **promoted},
            promoted=frozenset(promoted),
            now=datetime.now(UTC),
            limit_max=LIMITS[question.limit_context],
            limit_default=LIMITS[question.limit_context] if question.is_export else LIMIT_DEFAULT,
            modifiers={**facts.modifiers, **(modifiers if isinstance(modifiers, Mapping) else {})},
        )
        asked = Asked(
            context=context,
            store=self._store.get(),
            query_id=store_query_id(question.project.id, question.query_id),
            time_s_max=self._config.query_time_s_max,
            is_export=question.is_export,
            issues_max=self._config.query_issues_max,
        )
        if is_cancelled is not None:
            asked.is_cancelled = is_cancelled
        return asked

    def in_background(self, work: Callable[[], None]) -> None:
        """Runs it in one of the threads for background queries. It tells its failures by itself."""
        if not self._waiting.acquire(blocking=False):
            raise TooMany(_TOO_MANY_WAIT)

        def run() -> None:
            try:
                work()
            finally:
                self._waiting.release()

        try:
            self._background.submit(run)
        except BaseException:
            self._waiting.release()
            raise

    def _started(self, question: Question) -> Response:
        if not self._waiting.acquire(blocking=False):
            raise TooMany(_TOO_MANY_WAIT)
        try:
            run = self.runs.begin(question.project.id, question.query_id)
            status = dict(run.status)
            self._background.submit(self._in_background, question, run)
        except BaseException:
            self._waiting.release()
            raise
        return {"query_status": status}

    def _in_background(self, question: Question, run: Run) -> None:
        try:
            run.pick_up()
            response = self._run(question, lambda: run.cancelled)
            about: Response = {}
            if kind_of(question.query).is_kept and not question.is_export:
                key, computed_at = self._key(question), time.time()
                self._answers.put(question.project.id, key, encoded(response), computed_at)
                about = self._about(question, key, computed_at) | {"is_cached": False}
            # What stands in the run's status is what a caller who waits is answered.
            run.finish(orjson.loads(encoded(response | about)))
        except Exception as failure:  # noqa: BLE001 - nobody waits here whom it could be raised to
            run.fail(CANCELLED if run.cancelled else _told(failure))
        finally:
            self._waiting.release()

    def _shown(self, question: Question, key: str, kept: Kept) -> Response:
        return kept.response | self._about(question, key, kept.computed_at) | {"is_cached": True}

    def _about(self, question: Question, key: str, computed_at: float) -> Response:
        return {
            "cache_key": key,
            "last_refresh": time_text(computed_at),
            "cache_target_age": time_text(computed_at + self._config.query_fresh_s),
            "next_allowed_client_refresh": time_text(computed_at + _REFRESH_AGAIN_S),
            "timezone": question.project.timezone,
            "calculation_trigger": None,
            "query_status": None,
        }

    def _key(self, question: Question) -> str:
        """Everything the answer depends on, except the data."""
        project = question.project
        query = {name: value for name, value in question.query.items() if name not in _NOT_IN_KEY}
        parts = [project.id, project.timezone, dict(project.options), question.limit_context, query]
        text = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
        return hashlib.sha256(text).hexdigest()


def _told(failure: Exception) -> str:
    """What the one who asked may read of a failure."""
    if isinstance(failure, StoreRefused):
        log.warning("a background query was refused: %s", failure)
        return "ClickHouse error while executing query."
    if isinstance(failure, HogletError):
        return str(failure)
    log.error("a background query failed", exc_info=failure)
    return _SERVER_ERROR


def store_query_id(project_id: int, query_id: str) -> str:
    """Callers choose ids: those of different projects must not meet."""
    return f"{project_id}-{query_id}"
