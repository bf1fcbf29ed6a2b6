"""What is told of the machine."""

import shutil
from pathlib import Path

import pytest

from appliance.operations.instance import disk, memory


def test_the_room_is_that_of_the_disk_where_the_data_lies(tmp_path: Path) -> None:
    found = disk(tmp_path)
    assert found["total_bytes"] == shutil.disk_usage(tmp_path).total
    assert 0 <= found["free_bytes"] <= found["total_bytes"]


def test_memory_is_what_programs_may_still_take(tmp_path: Path) -> None:
    told = tmp_path / "meminfo"
    told.write_text("MemTotal:  2048 kB\nMemFree: 1 kB\nMemAvailable:   512 kB\nHugePages_Total: 0\n")
    assert memory(told) == {"total_bytes": 2048 * 1024, "free_bytes": 512 * 1024}


@pytest.mark.parametrize("text", ["", "MemTotal: 5 kB\n", "MemTotal: x kB\nMemAvailable: 1 kB\n"])
def test_where_nothing_is_told_there_is_nothing_to_show(tmp_path: Path, text: str) -> None:
    told = tmp_path / "meminfo"
    told.write_text(text)
    assert memory(told) is None
    assert memory(tmp_path / "missing") is None
