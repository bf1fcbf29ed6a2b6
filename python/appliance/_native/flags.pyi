"""Feature flags: requests read, definitions compiled, flags evaluated, answers written. See the crate `flags`.

Definitions are one JSON document a project:

```text
{"project_id": 1, "timezone": "UTC", "property_matching_version": 1, "group_types": {"company": 0},
 "flags": [{"id", "key", "name", "filters", "active", "version", "ensure_experience_continuity", "evaluation_runtime",
            "bucketing_identifier", "evaluation_contexts", "has_experiment", "has_encrypted_payloads"}],
 "cohorts": [{"id", "is_static", "filters", "version"}]}
```

Only flags that are not deleted are in it. A flag or cohort that cannot be understood costs itself an error code, and
nothing else.
"""

from typing import TypeAlias

FLAGS: int
DECIDE: int
"""Routes."""

class Refusal:
    """A request that is not answered with flags."""

    status: int
    content_type: str
    body: bytes
    reason: str
    """What it is counted as: `bad_request`, `too_large`, `missing_token`, `missing_distinct_id`."""

class Request:
    """One request as it was read, immutable."""

    token: str
    distinct_id: str
    """Cut to 200 Unicode scalar values, as is the anonymous one. Empty where `disable_flags` makes it needless."""
    anonymous_distinct_id: str | None
    wants_config: bool
    """Whether the answer carries the project's configuration too."""
    is_disabled: bool
    """`disable_flags`: only the configuration is wanted."""
    wants_place: bool
    """Whether the place of the client's address may count (not `geoip_disable`)."""

def read_request(
    route: int,
    query: str,
    content_type: str | None,
    content_encoding: str | None,
    user_agent: str | None,
    is_browser: bool,
    body: bytes,
) -> Request | Refusal:
    """Reads a POST. `is_browser`: Origin, Referer, Sec-Fetch-Mode or Sec-Fetch-Site was sent. Never raises.

    The GIL is released for bodies that are not small.
    """

def empty_answer(
    route: int, query: str, config: bytes | None, request_id: str, now_us: int
) -> bytes | Refusal:
    """What GET is answered with: nothing evaluated, in the shape that the query asks for."""

Needs: TypeAlias = tuple[bool, list[int], bool, list[tuple[int, str]]]
"""Whether the stored person is needed; cohorts whose members are needed; whether remembered buckets are; groups."""

class FlagSet:
    """The compiled flags of one project: immutable, shared by threads, evaluated with the GIL released."""

    def __init__(self, definitions: bytes) -> None:
        """Raises `ValueError` where the document is not such a document."""

    project_id: int
    has_active_flags: bool
    continuity_keys: list[str]
    """Keys of the active flags that keep a person's experience across sign-in."""

    def needs(self, request: Request) -> Needs | None:
        """What the catalog has to be asked before `answer`; None if nothing."""

    def answer(
        self,
        request: Request,
        *,
        person_properties: str | None,
        memberships: list[tuple[int, int]],
        hash_keys: list[tuple[str, str]],
        group_properties: list[tuple[int, str]],
        is_catalog_away: bool,
        is_continuity_broken: bool,
        place: str | None,
        config: bytes | None,
        request_id: str,
        now_us: int,
    ) -> bytes:
        """The body of the answer, in the shape that was asked for.

        `person_properties`: JSON of the person who owns the distinct id, None for nobody. `memberships`: cohort and
        version. `hash_keys`: flag key and remembered bucket. `group_properties`: type index and JSON. `place`: members
        `"$geoip_…": …` of a JSON object without braces. `config`: a JSON object to merge into the top level. While the
        catalog is away, flags that would have needed it, and flags that depend on those, are `database_error`.
        `is_continuity_broken` counts only while it is not away: flags that keep experiences are
        `hash_key_override_error`.
        """

    def take_counts(self) -> list[tuple[int, str, int]]:
        """Evaluations since the last call: flag id, outcome (`true`, `false`, a variant, `failed`), how many."""

def check(definitions: bytes) -> list[tuple[int, str, str]]:
    """What is wrong in a document: flag id, code, and a sentence for people.

    Codes: `unreadable`, `missing_flag`, `flag_cycle`, `invalid_flag_filter`, `missing_cohort`, `cohort_cycle`,
    `unreadable_cohort`, `unknown_variant`, `duplicate_variant`, `variants_over_100`, `invalid_percentage`, and those of
    filters that can never match: `unknown_operator`, `misplaced_operator`, `missing_value`, `invalid_regex`,
    `regex_too_long`, `too_many_values`, `invalid_number`, `invalid_range`, `invalid_version`, `invalid_date`. Raises
    `ValueError` where the document is not such a document.
    """

def hash(prefix: str, identifier: str, salt: str) -> float:  # noqa: A001 - what the contract calls it
    """The bucket of an identifier, from 0 to 1. Source: the flags contract, 2.1."""

def hash_many(prefix: str, identifiers: list[str], salt: str) -> list[float]:
    """The buckets of many identifiers, in their order; the GIL is released."""
