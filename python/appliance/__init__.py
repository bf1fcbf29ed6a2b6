"""Hoglet: a product-analytics appliance that takes the traffic of unmodified PostHog SDKs.

`capture` writes the journal, `ingest` reads the journal and fills the store, `query` reads the store.
Everything else is a room beside that road; `app.py` puts the rooms together and `cli.py` is how an operator
reaches them.
"""

__version__ = "0.1.0"
