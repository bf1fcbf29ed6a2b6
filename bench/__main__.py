"""`make bench`: decode rates, and capture over HTTP beside a bare Granian 200, in one run."""

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench.free_port import free_port

ROOT = Path(__file__).parents[1]
SECONDS = 3.0
CLIENTS = 8
BARE = """
import asyncio, sys, uvloop
from granian.constants import Interfaces
from granian.server.embed import Server
async def bare(scope, protocol):
    await protocol()
    protocol.response_bytes(200, [("content-type", "application/json")], b'{"status":"Ok"}')
uvloop.run(Server(bare, address="127.0.0.1", port=int(sys.argv[1]), interface=Interfaces.RSGI,
                  websockets=False, log_enabled=False).serve())
"""


def body(token: str, events: int) -> bytes:
    properties = {"$current_url": "https://example.com/pricing", "$browser": "Firefox", "plan": "x" * 200}
    batch = [
        {"event": "$pageview", "distinct_id": f"user-{number % 50}", "properties": properties}
        for number in range(events)
    ]
    return json.dumps({"api_key": token, "batch": batch}).encode()


def requests_per_second(port: int, payload: bytes) -> float:
    counts = [0] * CLIENTS
    deadline = time.monotonic() + SECONDS

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while time.monotonic() < deadline:
            connection.request("POST", "/batch/", payload, {"Content-Type": "application/json"})
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                raise RuntimeError(f"the server answered {response.status}")
            counts[number] += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def main() -> None:
    rates = ["cargo", "run", "--release", "--locked", "-q", "-p", "wire", "--example", "decode_rate"]
    subprocess.run(rates, cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory() as folder:
        port, bare_port = free_port(), free_port()
        environment = {
            **os.environ,
            "HOGLET_DATA_DIR": folder,
            "HOGLET_PORT": str(port),
            "HOGLET_WORKERS": "1",
        }
        hoglet = [sys.executable, "-m", "appliance.cli"]
        started = time.monotonic()
        server = subprocess.Popen([*hoglet, "serve"], env=environment, stdout=subprocess.PIPE, text=True)
        bare = subprocess.Popen([sys.executable, "-c", BARE, str(bare_port)])
        try:
            assert server.stdout is not None
            server.stdout.readline()
            print(f"start to ready: {time.monotonic() - started:.1f} s")
            first = json.loads(subprocess.check_output([*hoglet, "bootstrap", "--json"], env=environment))
            token = first["project_token"]
            floor = requests_per_second(bare_port, body(token, 1))
            print(f"bare Granian 200: {floor:,.0f} requests/s")
            for events in (1, 10, 100, 1000):
                rate = requests_per_second(port, body(token, events))
                print(
                    f"capture, {events:>4} a request: {rate:,.0f} requests/s, {rate * events:,.0f} events/s, "
                    f"{rate / floor:.2f} of bare"
                )
        finally:
            for process in (server, bare):
                process.send_signal(signal.SIGTERM)
                process.wait(30)


if __name__ == "__main__":
    main()
