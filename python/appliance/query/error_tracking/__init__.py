"""Error tracking's queries: issues by the exceptions that belong to them.

```text
range, exceptions ─ which events count        issue_filters ─ which issues are wanted
        └────────── issues_query: rank in the store, current issues from the catalog, details of one page ──┘
breakdowns, correlation, similar ─ more about one issue, or between issues
routes, compact, event_shape ─ the same for programs: fewer words, small defaults
```

The store counts by issue within the range of time; what an issue is called, its status and who has it come from the
catalog as they are now. Only the issues of one page are looked at closely.
"""
