"""Saved insights: a question with a name, kept to be asked again.

`resource` keeps them, `narrow` lists them by PostHog's parameters, `results` is the one place where an insight
meets whoever computes it.
"""
