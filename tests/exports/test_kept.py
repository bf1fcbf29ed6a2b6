"""Exports on disk."""

import os
import time
from pathlib import Path
from typing import cast

from appliance.exports.kept import EXPORTS_MAX, INTERRUPTED, KEPT_S, About, Exports


def _about(project_id: int = 1, created_at: float = 0.0) -> About:
    return cast(
        "About",
        {"id": 0, "project_id": project_id, "created_by_id": 1, "created_at": created_at or time.time(),
         "export_format": "text/csv", "filename": "a.csv", "insight": None, "export_context": {},
         "is_complete": False, "exception": None},
    )  # fmt: skip


def _made(exports: Exports, about: About, content: bytes = b"a") -> About:
    making = exports.begin(about)
    with making.content() as file:
        file.write(content)
        making.finish(file)
    return making.about


def test_an_export_is_found_in_its_project_only(tmp_path: Path) -> None:
    exports = Exports(tmp_path, 1_000, 1_000)
    about = _made(exports, _about())
    assert exports.get(1, str(about["id"])) == about
    assert exports.path(about, "content").read_bytes() == b"a"
    assert exports.get(2, str(about["id"])) is None
    for wrong in ("", "../1", "1" * 30, "x", "-1"):
        assert exports.get(1, wrong) is None


def test_an_export_whose_worker_died_has_failed(tmp_path: Path) -> None:
    exports = Exports(tmp_path, 1_000, 1_000)
    making = exports.begin(_about())
    id_ = str(making.about["id"])
    assert exports.get(1, id_) == making.about
    assert making._lock is not None
    os.close(making._lock)
    found = exports.get(1, id_)
    assert found is not None
    assert (found["is_complete"], found["exception"]) == (True, INTERRUPTED)


def test_the_oldest_go_first_when_there_is_too_much(tmp_path: Path) -> None:
    exports = Exports(tmp_path, 100, 1_000)
    now = time.time()
    made = [_made(exports, _about(created_at=now + number), b"x" * 40) for number in range(4)]
    exports.sweep()
    assert exports.all(1) == made[:1:-1]
    assert len(list(tmp_path.glob("*/*.content"))) == 2


def test_a_week_old_export_goes(tmp_path: Path) -> None:
    exports = Exports(tmp_path, 1_000, 1_000)
    _made(exports, _about(created_at=time.time() - KEPT_S - 1))
    exports.sweep()
    assert list(tmp_path.glob("*/*")) == []


def test_there_are_never_too_many(tmp_path: Path) -> None:
    exports = Exports(tmp_path, 1_000, 1_000)
    for number in range(EXPORTS_MAX + 5):
        about = {**_about(created_at=time.time() + number), "id": number, "is_complete": True}
        (tmp_path / "1").mkdir(exist_ok=True)
        exports.write(cast("About", about))
    exports.sweep()
    assert len(exports.all(1)) == EXPORTS_MAX
