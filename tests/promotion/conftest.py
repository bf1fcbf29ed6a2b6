from tests.query.conftest import api

__all__ = ["api"]
