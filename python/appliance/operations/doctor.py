"""What may be wrong with this install, looked at from outside, each finding with what to do about it.

Every check stands alone, changes nothing that stays, and works whether or not the appliance runs. All take a
moment, except the journal's, which reads every record that still waits. A check that itself fails is a
finding, never a traceback.
"""

import errno
import os
import resource
import socket
import stat
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from pathlib import Path

from appliance import catalog
from appliance._native import journal
from appliance.config import Config, memory_bytes, unknown_variables, variable
from appliance.failures import HogletError
from appliance.flags.scripts import Scripts
from appliance.setting import GIB
from appliance.store.address import reader

OPEN_FILES_ADVISED = 4_096
FSYNC_SLOW_S = 0.05
CLOCK_EARLIEST_S = 1_767_225_600  # 2026: this release is younger than that
CLOCK_BACK_S_MAX = 60
_GEOIP_MARKER = b"\xab\xcd\xefMaxMind.com"
_GEOIP_TAIL_BYTES = 128 * 1024
_READY_TIMEOUT_S = 3


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    level: Level
    message: str
    advice: str = ""


Check = Callable[[Config], Iterator[tuple[Level, str, str]]]
_Outcomes = Iterator[tuple[Level, str, str]]


def examine(config: Config) -> Iterator[Finding]:
    """Run every check in turn."""
    for name, check in CHECKS.items():
        try:
            for level, message, advice in check(config):
                yield Finding(name, level, message, advice)
        except Exception as error:  # noqa: BLE001 - whatever is wrong, the other checks still count
            yield Finding(name, Level.FAIL, f"cannot be checked: {error or type(error).__name__}", "")


def _settings(_config: Config) -> _Outcomes:
    unknown = unknown_variables(os.environ)
    for name in unknown:
        yield Level.WARN, f"{name} is set, and there is no such setting", "see docs/settings.md"
    if not unknown:
        yield Level.OK, "every HOGLET_ variable is a setting", ""


def _data_folder(config: Config) -> _Outcomes:
    folder = config.data_dir
    if not folder.exists():
        yield Level.WARN, f"{folder} is not there yet", "hoglet serve or hoglet bootstrap makes it"
        folder = next(parent for parent in folder.parents if parent.exists())
    try:
        took_s = _time_of_fsync(folder)
    except OSError as error:
        yield Level.FAIL, f"cannot write in {folder}: {error.strerror}", "give it to the user Hoglet runs as"
        return
    if took_s > FSYNC_SLOW_S:
        advice = "every answer to an SDK waits for this: use a local SSD"
        yield Level.WARN, f"{folder} takes {took_s * 1000:.0f} ms to make a write durable", advice
    else:
        yield Level.OK, f"{folder} is writable and durable in {took_s * 1000:.1f} ms", ""


def _time_of_fsync(folder: Path) -> float:
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"\0" * 4096)
        file.flush()
        started = time.monotonic()
        os.fsync(file.fileno())
        return time.monotonic() - started


def _disk(config: Config) -> _Outcomes:
    folder = next(one for one in (config.data_dir, *config.data_dir.parents) if one.exists())
    disk = os.statvfs(folder)
    free = disk.f_bavail * disk.f_frsize
    budgets = sum(
        (
            config.journal_events_bytes_max,
            config.journal_exceptions_bytes_max,
            config.journal_replay_bytes_max,
            config.journal_telemetry_bytes_max,
        )
    )
    said = f"{free / GIB:.1f} GiB free"
    if free <= config.journal_minimum_free_bytes:
        advice = f"capture refuses events now: free space, or lower {variable('journal_minimum_free_bytes')}"
        yield (
            Level.FAIL,
            f"{said}, not above the {config.journal_minimum_free_bytes / GIB:.1f} GiB kept",
            advice,
        )
    elif free < budgets:
        advice = "lower the journal_…_bytes_max settings, or use a larger disk"
        yield Level.WARN, f"{said}, less than the journal may take ({budgets / GIB:.1f} GiB)", advice
    else:
        yield Level.OK, said, ""
    if disk.f_files and disk.f_favail < OPEN_FILES_ADVISED:
        yield Level.WARN, f"only {disk.f_favail} files may still be made on this disk", "free some inodes"


def _private_files(config: Config) -> _Outcomes:
    private = [config.snapshot_path, config.store_address_path, config.catalog_path]
    if config.secrets_dir.is_dir():
        private += sorted(config.secrets_dir.iterdir())
    open_to_others = [path for path in private if path.exists() and _mode(path) & 0o077]
    for path in open_to_others:
        yield Level.FAIL, f"{path} may be read by others (mode {_mode(path):03o})", f"chmod 600 {path}"
    if not open_to_others:
        yield Level.OK, "secrets are readable by their owner only", ""


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _catalog(config: Config) -> _Outcomes:
    if not config.catalog_url and not config.catalog_path.exists():
        yield Level.WARN, "there is no catalog yet", "hoglet bootstrap makes it"
        return
    engine = catalog.connect(config)
    try:
        if catalog.is_current(engine):
            yield Level.OK, f"{engine.dialect.name} answers and its schema is this release's", ""
        else:
            yield (
                Level.WARN,
                "the catalog's schema is an older release's",
                "hoglet serve brings it up to date",
            )
    except HogletError as error:
        advice = "capture goes on with the last known projects; start the database or check catalog_url"
        yield Level.FAIL, str(error), advice
    finally:
        engine.dispose()


def _store(config: Config) -> _Outcomes:
    if not config.store_url and not config.store_address_path.exists():
        yield Level.WARN, "the embedded store is not running", "hoglet serve starts it"
        return
    with closing(reader(config)) as store:
        try:
            version = store.query("SELECT version()").rows[0][0]
        except HogletError as error:
            advice = (
                "capture goes on and the journal keeps the events; hoglet serve, or the server, starts it"
            )
            yield Level.FAIL, str(error), advice
        else:
            yield Level.OK, f"ClickHouse {version} answers", ""


def _journal(config: Config) -> _Outcomes:
    if not config.journal_dir.is_dir():
        yield Level.OK, "nothing has been captured yet", ""
        return
    try:
        report = journal.inspect(config.journal_dir)
    except OSError as error:
        yield (
            Level.FAIL,
            f"the journal cannot be read: {error}",
            "keep a copy of the folder before any repair",
        )
        return
    is_whole = True
    all_records = all_bytes = 0
    for slot, lane, _, size, records, damaged_bytes, lost_records, _, _, _ in report:
        all_records, all_bytes = all_records + records, all_bytes + size
        if damaged_bytes:
            is_whole = False
            message = (
                f"slot {slot}, lane {lane}: {lost_records} records lost in {damaged_bytes} damaged bytes"
            )
            yield Level.FAIL, message, "ingest passes over them; check the disk, and keep a copy"
    if is_whole:
        yield Level.OK, f"{all_records} records in {all_bytes / GIB:.2f} GiB, every one whole", ""


def _clock(config: Config) -> _Outcomes:
    now = time.time()
    newest = _newest_file_s(config.data_dir)
    if now < CLOCK_EARLIEST_S:
        yield Level.FAIL, f"the clock says {time.ctime(now)}", "set it, best by NTP: events are dated by it"
    elif newest - now > CLOCK_BACK_S_MAX:
        message = f"the clock is {newest - now:.0f} s behind the newest file in the data folder"
        yield Level.FAIL, message, "it was set back: set it right, best by NTP"
    else:
        yield Level.OK, "the clock is not behind what was written", ""


def _newest_file_s(folder: Path) -> float:
    """Of the top of the data folder and the journal: enough to notice, and never a long walk."""
    times = [0.0]
    for path in chain(folder.glob("*"), folder.glob("journal/*/*")):
        try:
            times.append(path.stat().st_mtime)
        except FileNotFoundError:
            continue
    return max(times)


def _limits(config: Config) -> _Outcomes:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < OPEN_FILES_ADVISED:
        advice = f"ulimit -n {OPEN_FILES_ADVISED}, or LimitNOFILE= in the unit (the hard limit is {hard})"
        yield Level.WARN, f"only {soft} open files are allowed, and each connection is one", advice
    else:
        yield Level.OK, f"{soft} open files are allowed", ""
    total = memory_bytes()
    if config.store_memory_bytes_max > total * 0.8:
        message = (
            f"the store may take {config.store_memory_bytes_max / GIB:.1f} of {total / GIB:.1f} GiB memory"
        )
        yield Level.WARN, message, f"lower {variable('store_memory_bytes_max')}: workers and ingest need some"


def _places(config: Config) -> _Outcomes:
    if not config.geoip_path:
        yield Level.OK, "the built-in country table is used", ""
        return
    advice = f"point {variable('geoip_path')} at an .mmdb file, or empty it for the built-in country table"
    try:
        with Path(config.geoip_path).open("rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - _GEOIP_TAIL_BYTES))
            if _GEOIP_MARKER in file.read():
                yield Level.OK, f"{config.geoip_path} is a MaxMind-format file", ""
            else:
                yield Level.FAIL, f"{config.geoip_path} is not a MaxMind-format file", advice
    except OSError as error:
        yield Level.FAIL, f"cannot read {config.geoip_path}: {error.strerror}", advice


def _scripts(_config: Config) -> _Outcomes:
    version = Scripts().version
    if version is None:
        yield (
            Level.WARN,
            "the scripts for browsers are missing: posthog-js finds no recorder and no autocapture of exceptions",
            "run `make scripts` where Hoglet was built, then restart",
        )
    else:
        yield Level.OK, f"posthog-js {version} is here for browsers", ""


def _port(config: Config) -> _Outcomes:
    where = f"{config.host}:{config.port}"
    try:
        family, _, _, _, address = socket.getaddrinfo(config.host, config.port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE and _is_hoglet(config):
            yield Level.OK, f"Hoglet serves {where}", ""
        else:
            advice = f"stop what holds it, or choose another {variable('port')} or {variable('host')}"
            yield Level.FAIL, f"cannot listen on {where}: {error.strerror}", advice
    else:
        yield Level.OK, f"{where} is free", ""


def _is_hoglet(config: Config) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(config.host, config.host)  # noqa: S104 - compared, not bound
    url = f"http://{host}:{config.port}/_readiness"
    try:
        with urllib.request.urlopen(url, timeout=_READY_TIMEOUT_S) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004
    except (OSError, urllib.error.URLError, ValueError):
        return False


CHECKS: dict[str, Check] = {
    "settings": _settings,
    "data folder": _data_folder,
    "disk": _disk,
    "secrets": _private_files,
    "catalog": _catalog,
    "store": _store,
    "journal": _journal,
    "clock": _clock,
    "limits": _limits,
    "places": _places,
    "scripts": _scripts,
    "port": _port,
}
