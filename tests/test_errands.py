"""What the engine looks after goes on whatever happens to it."""

import threading

import pytest

from appliance.errands import run_beside
from appliance.failures import StoreUnavailable

_PATIENCE_S = 60


def test_an_errand_that_fails_is_tried_again_until_it_is_told_to_stop(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stopping, done = threading.Event(), threading.Event()
    happens = iter([StoreUnavailable("gone"), RuntimeError("broken"), None])
    looked = []

    def look() -> None:
        looked.append(threading.current_thread())
        failure = next(happens, None)
        if failure is not None:
            raise failure
        done.set()

    run_beside("cohorts", 0.001, look, stopping)
    assert done.wait(_PATIENCE_S)
    stopping.set()
    looked[0].join(_PATIENCE_S)
    count = len(looked)
    assert not looked[0].is_alive()
    assert count >= 3
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR"]
    assert "gone" in caplog.text
