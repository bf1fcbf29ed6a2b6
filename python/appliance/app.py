"""The whole appliance, read from top to bottom: settings, first project, processes, ready."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from appliance.config import Config
from appliance.failures import ConfigurationError, HogletError
from appliance.http.ui import FOLDER as BUILT
from appliance.http.ui import is_built
from appliance.supervisor import ENGINE, Child, Supervisor

log = logging.getLogger(__name__)

# A predecessor that is still shutting down may hold the port this long.
_PORT_WAIT_S = 15.0
# With workers that are ready, how much longer the engine may take before we say so without it.
_ENGINE_WAIT_S = 3.0
# What a stopping process may take beyond the drain time before it is killed.
_STOP_MARGIN_S = 5.0


def serve(config: Config, *, welcome: bool = False) -> int:
    """Runs the appliance until SIGTERM or SIGINT and returns the exit code.

    Prints ``ready http://HOST:PORT`` once every worker accepts traffic (and the engine works, if that does not
    take long); with ``welcome``, also how to begin.
    """
    logging.basicConfig(
        level=config.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    _wait_for_port(config)
    first = _bootstrap(config)
    supervisor = Supervisor(_children(config), {**os.environ, **config.environment()})
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: supervisor.stop())
    supervisor.start()
    workers = {child.name for child in _children(config)} - {ENGINE}
    # Capture does not need the engine, yet whoever waits for the line likes to find everything up.
    if supervisor.wait_until_ready(workers) and supervisor.wait_until_ready({ENGINE}, _ENGINE_WAIT_S):
        print(f"ready http://{config.host}:{config.port}", flush=True)  # noqa: T201 - the promised line
        _notify_service_manager()
        if welcome and first is not None:
            print(_welcome(config, first), flush=True)  # noqa: T201
    supervisor.run()
    return 0


def _children(config: Config) -> list[Child]:
    stop_timeout_s = config.shutdown_drain_s + _STOP_MARGIN_S
    workers = [
        Child(f"http worker {number}", ["appliance.worker"], stop_timeout_s)
        for number in range(config.workers)
    ]
    return [Child(ENGINE, ["appliance.engine"], stop_timeout_s), *workers]


def _wait_for_port(config: Config) -> None:
    """Workers share the port with SO_REUSEPORT, which would also let two appliances share it unnoticed."""
    deadline = time.monotonic() + _PORT_WAIT_S
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    while True:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((config.host, config.port))
            except OSError as error:
                if time.monotonic() > deadline:
                    raise ConfigurationError(
                        "port",
                        f"cannot listen on {config.host}:{config.port}: {error.strerror}",
                        "HOGLET_PORT",
                    ) from error
                time.sleep(0.1)
            else:
                return


def _bootstrap(config: Config) -> dict[str, Any] | None:
    """Brings the catalog up to date and makes the first project, in a process of its own to keep this one small.

    With the catalog out of reach the appliance still starts where a snapshot of an earlier run says which projects
    there are: capture goes on and ingest waits.
    """
    finished = subprocess.run(
        [sys.executable, "-m", "appliance.cli", "bootstrap", "--json"],
        env={**os.environ, **config.environment()},
        stdout=subprocess.PIPE,
        check=False,
    )
    if finished.returncode == 0:
        first: dict[str, Any] = json.loads(finished.stdout)
        return first
    if config.snapshot_path.exists():
        log.error("the catalog is out of reach; starting with the projects of the last run")
        return None
    raise HogletError("the catalog could not be prepared; see the message above")


def _notify_service_manager() -> None:
    """Tells systemd (Type=notify) that the service is up."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.connect("\0" + address[1:] if address.startswith("@") else address)
        notify.sendall(b"READY=1")


def _welcome(config: Config, first: dict[str, Any]) -> str:
    token, code = first["project_token"], first["setup_code"]
    if is_built(Path(config.ui_dir or BUILT)):
        live = f"{config.url}/project/{first['project_id']}/live"
    else:
        live = f"{config.url}/#key={first['personal_api_key'] or '<a personal API key>'}"
    begin = f"\n  set up         {config.url}/setup?code={code}" if code else ""
    event = f'{{"api_key":"{token}","event":"hello","distinct_id":"me"}}'
    return f"""
Hoglet is running.

  address        {config.url}{begin}
  project token  {token}
  live events    {live}

Send a first event:

  curl {config.url}/i/v0/e/ -H 'Content-Type: application/json' \\
    -d '{event}'

  pip install posthog
  python -c "import posthog; p = posthog.Posthog('{token}', host='{config.url}'); \\
    p.capture('hello', distinct_id='me'); p.shutdown()"

Look around in a made-up product's data first: hoglet demo

Stop with Ctrl-C. Data is kept in {config.data_dir}."""
