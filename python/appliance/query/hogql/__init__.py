"""HogQL: text to tree, tree to SQL, SQL to rows.

```text
user_text ─ parse, ast, tree       a user's text → tree, in Rust
placeholders, query_filters        what {…} stands for
printer ─ select, joins, …         tree → SQL: scope (names), source (FROM), schema/ (tables), functions/
   expressions, comparisons, calls
execute, streaming                 SQL → rows, under limits
show                               tree → HogQL
hogql_query, metadata, autocomplete, database_schema    kinds of query
```

Promises:
- Every physical table stands in a SELECT of its own with the project's guard; no user text is in there.
- A user's constants are parameters; what a name or function may be is listed.
- Errors that a query causes are `QueryError`, with their place in its text.
"""
