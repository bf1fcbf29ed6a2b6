import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import fields
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from appliance import catalog
from appliance._native import journal
from appliance.accounts import Bootstrap
from appliance.catalog.model import rejected_record
from appliance.cli import main
from appliance.config import Config, load
from appliance.operations.doctor import CHECKS
from appliance.store.address import Address, publish

Hoglet = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """The settings that `main` will load: a data folder and a port of this test's own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HOGLET_PORT", str(probe.getsockname()[1]))
    monkeypatch.setenv("HOGLET_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HOGLET_JOURNAL_MINIMUM_FREE_BYTES", "0")
    monkeypatch.chdir(tmp_path)
    return load()


def _doctor(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, tuple[str, str, str]]]:
    """The exit code, and the worst finding of each check as level, message and advice."""
    code = main(["doctor", "--json"])
    order = ["ok", "warn", "fail"]
    worst: dict[str, tuple[str, str, str]] = {}
    for one in json.loads(capsys.readouterr().out):
        if one["check"] not in worst or order.index(one["level"]) > order.index(worst[one["check"]][0]):
            worst[one["check"]] = (one["level"], one["message"], one["advice"])
    return code, worst


def test_bootstrap_prints_one_json_object_and_the_same_each_time(
    data: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = []
    for _ in range(2):
        assert main(["bootstrap", "--json"]) == 0
        answers.append(json.loads(capsys.readouterr().out))
    assert answers[0] == answers[1]
    assert set(answers[0]) == {one.name for one in fields(Bootstrap)}
    assert data.catalog_path.stat().st_mode & 0o777 == 0o600


def test_bootstrap_tells_a_person_how_to_begin(data: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bootstrap"]) == 0
    said = capsys.readouterr().out
    assert data.url in said
    assert "phc_" in said
    assert "phx_" in said


def test_a_bad_setting_is_one_line_and_no_traceback(
    data: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert data
    monkeypatch.setenv("HOGLET_PORT", "many")
    assert main(["bootstrap"]) == 1
    assert capsys.readouterr().err == (
        "hoglet: setting port (from HOGLET_PORT): 'many' is not a whole number\n"
    )


@pytest.mark.parametrize("arguments", [[], ["dance"], ["sql"], ["rejected"], ["rejected", "replay", "one"]])
def test_wrong_usage_exits_with_two(data: Config, arguments: list[str]) -> None:
    assert data
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


def test_the_settings_in_force_are_printed(data: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings"]) == 0
    assert f"port = {data.port}\n" in capsys.readouterr().out


def test_sql_says_so_when_nothing_runs(data: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert data
    assert main(["sql", "SELECT 1"]) == 1
    assert "not running: hoglet serve starts it" in capsys.readouterr().err


def test_sql_says_so_when_the_store_has_gone(data: Config, capfd: pytest.CaptureFixture[str]) -> None:
    publish(data, Address(f"http://127.0.0.1:{data.port}", "hoglet_reader", "x"))
    assert main(["sql", "SELECT 1"]) == 1
    said = capfd.readouterr().err
    assert said.startswith("hoglet: the store at ")
    assert said.count("\n") == 1


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hoglet]:
    """`hoglet` beside an embedded store that runs in a process of its own."""
    folder = tmp_path_factory.mktemp("running")
    environment = {**os.environ, "HOGLET_DATA_DIR": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "appliance.store.embedded", "--directory", str(folder / "store")]
    command += ["--token", "write", "--reader-token", "read"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as store:
        assert store.stdout is not None
        ready = store.stdout.readline().split()
        assert ready[0] == "ready"
        publish(Config(data_dir=folder), Address(f"{ready[1]}/default", "hoglet_reader", "read"))

        def hoglet(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, "-m", "appliance.cli", *arguments],
                env=environment, input=stdin, capture_output=True, text=True, timeout=60, check=False,
            )  # fmt: skip

        yield hoglet
        store.terminate()


def test_sql_prints_a_header_and_rows_for_the_next_program(running: Hoglet) -> None:
    done = running("sql", "SELECT number AS n, toString(number) AS text FROM numbers(2);")
    assert (done.returncode, done.stdout, done.stderr) == (0, "n\ttext\n0\t0\n1\t1\n", "")


def test_sql_speaks_any_format_of_clickhouse(running: Hoglet) -> None:
    assert running("sql", "SELECT 1 AS a", "--format", "JSONEachRow").stdout == '{"a":1}\n'
    assert running("sql", "SELECT 1 AS a FORMAT CSV").stdout == "1\n"


def test_sql_reads_a_long_statement_from_stdin(running: Hoglet) -> None:
    assert running("sql", "-", stdin="SELECT '{braces} and %s'\nFORMAT CSV").stdout == '"{braces} and %s"\n'


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE t (a Int8) ENGINE = Memory", "DROP DATABASE default", "INSERT INTO t VALUES (1)"],
)
def test_sql_changes_nothing(running: Hoglet, statement: str) -> None:
    done = running("sql", statement)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("hoglet: ")


def test_sql_tells_what_the_store_did_not_understand(running: Hoglet) -> None:
    done = running("sql", "SELECT nonsense")
    assert done.returncode == 1
    assert "nonsense" in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_finds_the_running_store(running: Hoglet) -> None:
    findings = json.loads(running("doctor", "--json").stdout)
    assert [one["level"] for one in findings if one["check"] == "store"] == ["ok"]


def test_doctor_finds_nothing_wrong_with_a_fresh_install(
    data: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["bootstrap", "--json"])
    capsys.readouterr()
    code, worst = _doctor(capsys)
    assert code == 0
    assert set(worst) == set(CHECKS)
    assert {check for check, (level, _, _) in worst.items() if level == "fail"} == set()
    assert worst["catalog"][0] == "ok"
    assert data.data_dir.is_dir()


def test_doctor_leaves_nothing_behind(data: Config, capsys: pytest.CaptureFixture[str]) -> None:
    code, worst = _doctor(capsys)
    assert code == 0
    assert worst["data folder"][0] == worst["catalog"][0] == worst["store"][0] == "warn"
    assert not data.data_dir.exists()


def test_doctor_says_what_to_do_in_words(data: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert data
    main(["doctor"])
    said = capsys.readouterr().out
    assert "→ hoglet bootstrap makes it" in said


def test_doctor_fails_on_secrets_that_others_may_read(
    data: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    data.secret("session")
    path = data.secrets_dir / "session"
    path.chmod(0o644)
    code, worst = _doctor(capsys)
    assert (code, worst["secrets"][0], worst["secrets"][2]) == (1, "fail", f"chmod 600 {path}")


def test_doctor_fails_when_the_disk_has_less_free_than_is_kept(
    data: Config, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert data
    monkeypatch.setenv("HOGLET_JOURNAL_MINIMUM_FREE_BYTES", "9000TiB")
    code, worst = _doctor(capsys)
    assert (code, worst["disk"][0]) == (1, "fail")
    assert "HOGLET_JOURNAL_MINIMUM_FREE_BYTES" in worst["disk"][2]


def test_doctor_warns_of_a_misspelt_variable(
    data: Config, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert data
    monkeypatch.setenv("HOGLET_PROT", "80")
    assert "HOGLET_PROT" in _doctor(capsys)[1]["settings"][1]


def test_doctor_fails_when_a_stranger_holds_the_port(
    data: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as stranger:
        stranger.bind((data.host, data.port))
        stranger.listen()
        code, worst = _doctor(capsys)
    assert (code, worst["port"][0]) == (1, "fail")
    assert "HOGLET_PORT" in worst["port"][2]


def test_doctor_is_content_when_hoglet_itself_holds_the_port(
    data: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    class Ready(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/_readiness" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer((data.host, data.port), Ready) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        worst = _doctor(capsys)[1]
        server.shutdown()
        thread.join()
    assert worst["port"][:2] == ("ok", f"Hoglet serves {data.host}:{data.port}")


def test_doctor_fails_on_a_places_file_that_is_none(
    data: Config, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert data
    path = tmp_path / "places.mmdb"
    monkeypatch.setenv("HOGLET_GEOIP_PATH", str(path))
    assert _doctor(capsys)[1]["places"][0] == "fail"
    path.write_bytes(b"words")
    assert _doctor(capsys)[1]["places"][0] == "fail"
    path.write_bytes(b"\0" * 100 + b"\xab\xcd\xefMaxMind.com" + b"\0" * 100)
    assert _doctor(capsys)[1]["places"][0] == "ok"


def test_doctor_notices_a_clock_that_was_set_back(data: Config, capsys: pytest.CaptureFixture[str]) -> None:
    data.data_dir.mkdir()
    path = data.data_dir / "snapshot.json"
    path.touch(0o600)
    later = path.stat().st_mtime + 3_600
    os.utime(path, (later, later))
    code, worst = _doctor(capsys)
    assert (code, worst["clock"][0]) == (1, "fail")


def test_doctor_fails_on_a_catalog_it_cannot_reach_and_looks_further(
    data: Config, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert data
    monkeypatch.setenv("HOGLET_CATALOG_URL", "postgresql://hoglet@127.0.0.1:1/hoglet")
    monkeypatch.setenv("HOGLET_CATALOG_WAIT_S", "2")
    code, worst = _doctor(capsys)
    assert (code, worst["catalog"][0]) == (1, "fail")
    assert set(worst) == set(CHECKS)


def test_doctor_counts_what_waits_in_the_journal_and_finds_damage(
    data: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["bootstrap", "--json"])
    capsys.readouterr()
    limits = {"segment_bytes_max": 1 << 20, "budget_bytes_max": 1 << 30, "minimum_free_bytes": 0}
    writer = journal.Writer(journal.claim_slot(data.journal_dir), "events", **limits)
    last = writer.append(b"".join(len(one).to_bytes(4, "little") + one for one in [b"x" * 100] * 5))
    while writer.progress()[0] < last:
        threading.Event().wait(0.001)
    _, worst = _doctor(capsys)
    level, message, _ = worst["journal"]
    assert (level, message.split()[0]) == ("ok", "5")
    segment = max(data.journal_dir.rglob("*"), key=lambda path: path.stat().st_size if path.is_file() else 0)
    content = bytearray(segment.read_bytes())
    at = content.index(b"x" * 100) + 150
    content[at] ^= 0xFF
    segment.write_bytes(content)
    code, worst = _doctor(capsys)
    level, message, _ = worst["journal"]
    assert (code, level) == (1, "fail")
    assert message.startswith("slot 0, lane events: 1 records lost in")


def test_a_check_that_breaks_is_a_finding_and_the_others_still_run(
    data: Config, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Config) -> None:
        raise ZeroDivisionError("oh")

    assert data
    monkeypatch.setitem(CHECKS, "clock", broken)
    code, worst = _doctor(capsys)
    assert (code, worst["clock"]) == (1, ("fail", "cannot be checked: oh", ""))
    assert set(worst) == set(CHECKS)


def test_rejected_records_are_listed_newest_first_without_their_bytes(
    data: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["bootstrap"])
    engine = catalog.connect(data)
    common = {"lane": "events", "received_at": 1_771_000_000_000_000, "record": b"secret words"}
    with catalog.writing(engine) as connection:
        for project_id, reason, replayed in (
            (1, "too deep", None),
            (None, "bad\x1b[2J", None),
            (1, "old", 5),
        ):
            row = {"project_id": project_id, "reason": reason, "replayed_at": replayed}
            connection.execute(rejected_record.insert().values(**common, **row))
    engine.dispose()
    capsys.readouterr()
    assert main(["rejected", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert "project -  events  12 bytes" in lines[0]
    assert "\x1b" not in lines[0]
    assert lines[1].endswith("2026-02-13T16:26:40+00:00  project 1  events  12 bytes  too deep")
    main(["rejected", "list", "--all", "--json"])
    shown = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["reason"] for one in shown] == ["old", "bad\x1b[2J", "too deep"]
    assert all("record" not in one and one["size_bytes"] == 12 for one in shown)


def test_no_rejected_record_is_good_news(data: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert data
    main(["bootstrap"])
    capsys.readouterr()
    main(["rejected", "list"])
    assert capsys.readouterr().out == "no record was rejected\n"


def test_whoever_works_on_the_machine_makes_a_link_for_a_password(
    data: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bootstrap", "--json"]) == 0
    email = json.loads(capsys.readouterr().out)["email"]
    assert main(["password-link", email.upper()]) == 0
    link = capsys.readouterr().out.strip()
    assert link.startswith(f"{data.url}/reset/")
    assert main(["password-link", "nobody@example.org"]) != 0
    assert "nobody@example.org" in capsys.readouterr().err
