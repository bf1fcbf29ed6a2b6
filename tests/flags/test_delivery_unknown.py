"""SDKs that fetch while nobody could tell a project's flags yet."""

from dataclasses import replace

from tests.flags.delivered import TOKEN
from tests.flags.test_delivery import Kept, Served, kept, served

__all__ = ["Kept", "kept", "served"]


def test_definitions_that_nobody_knows_are_not_told_to_be_none(served: Served) -> None:
    served.projects[TOKEN] = replace(served.projects[TOKEN], is_known=False)
    for path in (
        f"/flags/definitions?token={TOKEN}&send_cohorts",
        f"/api/projects/@current/feature_flags/any/remote_config?token={TOKEN}",
    ):
        answer = served.get(path, served.owner)
        assert answer.status_code == 503
        assert "retry-after" in answer.headers
    assert served.get(f"/array/{TOKEN}/config").json()["hasFeatureFlags"] is True
