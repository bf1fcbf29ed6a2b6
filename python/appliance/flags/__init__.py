"""Feature flags: who gets what, and everything an SDK asks about it.

- `keeper` holds the flags of all projects in every http worker, compiled; `definitions` are the catalog's rows.
- `answer` is the hot handler of `/flags` and `/decide`. What a flag needs to know of the person who asks comes from
  `people`, many requests in one look-up; `continuity` remembers by which id a person was bucketed first.
- `evaluations` counts, and brings the counts to the catalog.
- `delivery_routes` are what SDKs fetch: `remote_config`, the `scripts` of posthog-js that the build placed in
  `posthog_js/`, `local_evaluation` for SDKs that evaluate by themselves, `payloads` of remote configurations, and the
  lists of `delivery`. `credentials` knows who may read, through an outage of the catalog too.
- `resource` and `routes` are how people make and change flags: `filters` and `checks` say what is refused, `versions`
  keeps what was, `status`, `usage`, `matching`, `to_cohort`, `bulk` and `copying` are what people ask beside.
- `secret_keys` are a project's own keys; `encryption` keeps payloads that not everybody may read.

Nothing here needs the store to be up. While the catalog is away, flags that need nothing of it are answered as ever,
and the others say so (`database_error`).
"""
