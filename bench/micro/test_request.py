"""The steps of one capture request, each by itself."""

from __future__ import annotations

import asyncio
import time
from types import ModuleType, SimpleNamespace
from typing import Any

from appliance._native import wire
from bench.events import body
from bench.micro.twins import both

TOKEN = "phc_bench"


@both("appliance.http.hot")
def test_dispatching_a_request(benchmark: Any, module: ModuleType) -> None:
    answered = object()
    dispatch = module.Dispatch({"/e/": lambda _scope, _protocol: answered}, lambda _scope, _protocol: None)
    scope = SimpleNamespace(proto="http", path="/e/")
    assert benchmark(dispatch.__rsgi__, scope, None) is answered


@both("appliance.http.client_address")
def test_finding_the_client_behind_a_proxy(benchmark: Any, module: ModuleType) -> None:
    addresses = module.ClientAddresses(["127.0.0.0/8"])
    headers = {"x-forwarded-for": "203.0.113.7, 127.0.0.1"}
    assert benchmark(addresses.find, "127.0.0.1:40000", headers) == "203.0.113.7"


@both("appliance.http.cross_origin")
def test_answering_another_origin(benchmark: Any, module: ModuleType) -> None:
    asked = {"origin": "https://shop.example.com"}
    assert benchmark(module.cross_origin_headers, asked, "GET,POST,OPTIONS")


@both("appliance.capture.durable")
def test_resuming_a_thousand_requests_whose_records_are_durable(benchmark: Any, module: ModuleType) -> None:
    """A thousand requests wait for one group."""
    with asyncio.Runner() as runner:
        loop = runner.get_loop()

        async def wait(commit: Any) -> None:
            await commit

        async def round_() -> None:
            commits = [module.Commit(position, loop) for position in range(1000)]
            tasks = [asyncio.create_task(wait(commit)) for commit in commits]
            await asyncio.sleep(0)
            loop.call_soon(lambda: [commit.settle(None) for commit in commits])
            await asyncio.gather(*tasks)

        benchmark(lambda: runner.run(round_()))


def test_accepting_one_event_through_the_binding(benchmark: Any) -> None:
    projects, route, request = wire.Projects([(TOKEN, 1, 0)]), wire.ROUTES["/e"], body(TOKEN, 1)
    now_us = time.time_ns() // 1000

    def accept() -> int:
        rest = (None,) * 7
        return wire.accept(
            projects, route, False, "", "application/json", *rest, request, "203.0.113.7", now_us
        ).status

    assert benchmark(accept) == 200
