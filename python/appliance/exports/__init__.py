"""Exports: the answer of an insight or of a query as a file, made in the background and kept for a week.

`kept` holds them on disk, `table` makes rows of any answer, `write` makes the file, `routes` is PostHog's `exports/`.
"""
