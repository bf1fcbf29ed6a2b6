"""Counters outlive their process, and a disk that is full costs no count."""

from pathlib import Path

from appliance.operations.counters import Counters, read_counters


def test_another_life_of_a_process_goes_on_counting(tmp_path: Path) -> None:
    Counters(tmp_path, "engine").add("dropped_total", 2)
    again = Counters(tmp_path, "engine")
    again.add("dropped_total")
    assert again.get("dropped_total") == 3
    assert read_counters(tmp_path) == {"engine": {"dropped_total": 3}}


def test_every_counter_has_its_place_on_disk_from_the_start(tmp_path: Path) -> None:
    Counters(tmp_path, "engine")
    values = (tmp_path / "engine.values").stat()
    assert values.st_blocks * 512 >= values.st_size > 0


def test_names_that_cannot_be_written_are_counted_and_told_later(tmp_path: Path) -> None:
    counters = Counters(tmp_path, "engine")
    counters.add("known_total")
    in_the_way = tmp_path / "engine.new"
    in_the_way.mkdir()
    counters.add("fresh_total", 5)
    assert counters.get("fresh_total") == 5
    assert read_counters(tmp_path) == {"engine": {"known_total": 1}}
    in_the_way.rmdir()
    counters.register(["known_total"])
    assert read_counters(tmp_path) == {"engine": {"known_total": 1, "fresh_total": 5}}
