"""The command line: `hoglet serve`, and what an operator does beside it.

A command is a function from settings and arguments to an exit code. Heavy rooms are imported inside it, so
that `hoglet --help` answers at once. Exit codes: 0 done, 1 a failure of ours in one line on stderr, 2 wrong
usage.
"""

import argparse
import json
import logging
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict
from importlib import import_module

from appliance import __version__, config
from appliance.config import Config
from appliance.failures import HogletError

Command = Callable[[Config, argparse.Namespace], int]
_REJECTED_SHOWN_MAX = 1_000
_SQL_CHUNK_BYTES = 64 * 1024


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    asked = _parser().parse_args(arguments)
    logging.getLogger("clickhouse_connect").addHandler(logging.NullHandler())  # its failures are told as ours
    command: Command = asked.command
    try:
        return command(config.load(), asked)
    except HogletError as error:
        print(f"hoglet: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # `hoglet sql … | head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hoglet", description="A product-analytics appliance.")
    parser.add_argument("--version", action="version", version=f"hoglet {__version__}")
    commands = parser.add_subparsers(required=True, metavar="command")

    serve = commands.add_parser("serve", help="run the appliance until it is stopped")
    serve.add_argument("--welcome", action="store_true", help="print how to begin once it is ready")
    serve.set_defaults(command=_serve)

    bootstrap = commands.add_parser(
        "bootstrap", help="make the first project and user, and show how to begin"
    )
    bootstrap.add_argument("--json", action="store_true", help="print one JSON object")
    bootstrap.set_defaults(command=_bootstrap)

    sql = commands.add_parser("sql", help="ask the running store in ClickHouse SQL, read-only")
    sql.add_argument("sql", help="the statement; - reads it from stdin")
    sql.add_argument(
        "--format", help="a ClickHouse format; default PrettyCompact on a terminal, else TSVWithNames"
    )
    sql.set_defaults(command=_sql)

    demo = commands.add_parser(
        "demo", help="fill a project of its own with a believable product's sixty days"
    )
    demo.add_argument("--events", type=int, default=250_000, help="about how many; default 250000")
    demo.add_argument("--seed", type=int, default=1, help="the same seed makes the same people; default 1")
    demo.set_defaults(command=_demo)

    doctor = commands.add_parser("doctor", help="look for what is wrong, and say what to do")
    doctor.add_argument("--json", action="store_true", help="print one JSON list")
    doctor.set_defaults(command=_doctor)

    settings = commands.add_parser("settings", help="print the settings in force")
    settings.add_argument("--example", action="store_true", help="print config/hoglet.toml.example instead")
    settings.add_argument("--page", action="store_true", help="print docs/settings.md instead")
    settings.set_defaults(command=_settings)

    reset = commands.add_parser("password-link", help="make a link by which somebody chooses a new password")
    reset.add_argument("email", help="whose")
    reset.add_argument("--without-second-factor", action="store_true", help="and forget their second factor")
    reset.set_defaults(command=_password_link)

    rejected = commands.add_parser("rejected", help="records that ingest could not process")
    verbs = rejected.add_subparsers(required=True, metavar="verb")
    listed = verbs.add_parser("list", help="show them, newest first")
    listed.add_argument("--all", action="store_true", help="also those that were replayed")
    listed.add_argument("--json", action="store_true", help="print one JSON object a line")
    listed.set_defaults(command=_rejected_list)
    replay = verbs.add_parser("replay", help="send them through ingest again")
    replay.add_argument(
        "ids", nargs="*", type=int, metavar="id", help="only these; none: all not yet replayed"
    )
    replay.set_defaults(command=_rejected_replay)
    return parser


def _serve(settings: Config, asked: argparse.Namespace) -> int:
    code: int = import_module("appliance.app").serve(settings, welcome=asked.welcome)
    return code


def _bootstrap(settings: Config, asked: argparse.Namespace) -> int:
    from appliance import accounts, catalog  # noqa: PLC0415

    engine = catalog.connect(settings)
    try:
        first = accounts.bootstrap(engine, settings)
    finally:
        engine.dispose()
    if asked.json:
        print(json.dumps(asdict(first)))
        return 0
    gone = f"not shown: changed, revoked, or {settings.secrets_dir / 'bootstrap.json'} is gone"
    print(f"address          {settings.url}")
    for name, value in asdict(first).items():
        print(f"{name.replace('_', ' '):16} {gone if value is None else value}")
    return 0


def _demo(settings: Config, asked: argparse.Namespace) -> int:
    from appliance import catalog  # noqa: PLC0415
    from appliance.demo import fill  # noqa: PLC0415

    engine = catalog.connect(settings)
    try:
        done = fill(
            engine, settings, events=asked.events, seed=asked.seed, tell=lambda line: print(line, flush=True)
        )
    finally:
        engine.dispose()
    print(f"{done.events:,} events in {done.seconds:.0f} s; dashboards: {', '.join(done.dashboards)}")
    print(f"look at {settings.url}/project/{done.project_id}")
    return 0


def _password_link(settings: Config, asked: argparse.Namespace) -> int:
    from appliance import catalog  # noqa: PLC0415
    from appliance.accounts import password_resets  # noqa: PLC0415

    engine = catalog.connect(settings)
    try:
        with catalog.writing(engine) as connection:
            link = password_resets.make_for(
                connection, asked.email, settings, is_second_factor_dropped=asked.without_second_factor
            )
    finally:
        engine.dispose()
    print(link)
    return 0


def _sql(settings: Config, asked: argparse.Namespace) -> int:
    from appliance.store.address import reader  # noqa: PLC0415

    statement = sys.stdin.read() if asked.sql == "-" else asked.sql
    output_format = asked.format or ("PrettyCompact" if sys.stdout.isatty() else "TSVWithNames")
    with closing(reader(settings)) as store, store.stream(statement, output_format) as answer:
        shutil.copyfileobj(answer, sys.stdout.buffer, _SQL_CHUNK_BYTES)
        sys.stdout.buffer.flush()
    return 0


def _doctor(settings: Config, asked: argparse.Namespace) -> int:
    from appliance.operations.doctor import Level, examine  # noqa: PLC0415

    findings = []
    for finding in examine(settings):
        findings.append(finding)
        if not asked.json:
            advice = f"\n{'':20}→ {finding.advice}" if finding.advice else ""
            print(f"{finding.level:5} {finding.check:12}  {finding.message}{advice}", flush=True)
    if asked.json:
        print(json.dumps([asdict(finding) for finding in findings]))
    return int(any(finding.level is Level.FAIL for finding in findings))


def _settings(settings: Config, asked: argparse.Namespace) -> int:
    from appliance import settings_text  # noqa: PLC0415

    if asked.example:
        print(settings_text.example(), end="")
    elif asked.page:
        print(settings_text.page(), end="")
    else:
        print(settings_text.in_force(settings), end="")
    return 0


def _rejected_list(settings: Config, asked: argparse.Namespace) -> int:
    from appliance import catalog  # noqa: PLC0415
    from appliance.catalog.rejected import list_rejected  # noqa: PLC0415

    engine = catalog.connect(settings)
    try:
        with catalog.reading(engine) as connection:
            rows = list_rejected(connection, _REJECTED_SHOWN_MAX, replayed=asked.all)
    finally:
        engine.dispose()
    for row in rows:
        print(json.dumps(asdict(row)) if asked.json else row.line())
    if not rows and not asked.json:
        print("no record was rejected")
    return 0


def _rejected_replay(settings: Config, asked: argparse.Namespace) -> int:
    count: int = import_module("appliance.ingest.rejected").replay(settings, asked.ids or None)
    print(f"{count} records sent through ingest again")
    return 0


if __name__ == "__main__":
    sys.exit(main())
