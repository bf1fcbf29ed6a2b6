"""A store of its own for the tests that write to one."""

from tests.store.conftest import running, store

__all__ = ["running", "store"]
