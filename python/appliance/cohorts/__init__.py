"""Cohorts: persons who belong together, listed one by one (static) or by what they are and do (dynamic).

- `criteria` checks what a dynamic cohort is made of; cohorts may be made of cohorts, never in a circle.
- `members` keeps who is in a static cohort, in the catalog; `mirror` brings it to the store, in the engine.
- `calculation` is the frame in which a dynamic cohort is calculated: it takes a SELECT of person ids from whoever
  writes the SQL of criteria (`query.cohort_members`), fills the store's table with a new version, and makes that
  version the one that counts.
"""
