"""Requests to addresses of others reach public ones only, and end within their limits."""

import gzip
import ipaddress
import socket
import threading
import zlib
from collections.abc import Iterator, Sequence

import pytest

from appliance.outgoing import (
    BadUrl,
    Blocked,
    Guard,
    Limits,
    Outgoing,
    TimedOut,
    TooLarge,
    TooManyRedirects,
    Unreachable,
    is_public,
)
from tests.site import Page, Site, running_site

PUBLIC = """
    1.1.1.1 8.8.8.8 93.184.216.34 172.15.255.255 172.32.0.1 192.167.255.255 192.169.0.1 100.63.255.255 100.128.0.1
    169.253.1.1 198.17.255.255 198.20.0.1 223.255.255.255 2606:4700:4700::1111 2a00:1450:4001::1 ::ffff:8.8.8.8
    64:ff9b::808:808 2001:4860:4860::8888
"""
INTERNAL = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.1.2.3 169.254.169.254 172.16.0.1
    172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9
    224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254
    ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b::a00:1 64:ff9b:1::a00:1 100::1 2001::1 2001:10::1
    2001:db8::1 2002:7f00:1::1 2002:a9fe:a9fe::1 3fff::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fe80::1%lo fec0::1
    ff02::1 4000::1 ::ffff:0:127.0.0.1
"""


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as site:
        yield site


def inside(**limits: float) -> Outgoing:
    chosen = {name: value if name.endswith("_s") else int(value) for name, value in limits.items()}
    return Outgoing(Guard(is_internal_allowed=True), Limits(**chosen))


@pytest.mark.parametrize("address", PUBLIC.split())
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))
    assert Guard(is_internal_allowed=False, resolve=lambda *_: [address]).addresses("x.io", 443)


@pytest.mark.parametrize("address", INTERNAL.split())
def test_internal_addresses_are_not_connected_to_in_whatever_form(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    with pytest.raises(Blocked):
        Guard(is_internal_allowed=False, resolve=lambda *_: [address]).addresses("x.io", 443)


def test_what_python_takes_for_private_is_not_public() -> None:
    """A sample of all addresses, judged by the standard library, too."""
    for high in range(0, 1 << 16, 7):
        four = ipaddress.IPv4Address(high << 16 | 0x0101)
        assert not is_public(four) or four.is_global, four
        six = ipaddress.IPv6Address(high << 112 | 1)
        assert not is_public(six) or six.is_global, six


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:7f00:1]",
        "0",
    ],
)
def test_ways_to_write_this_machine_lead_nowhere(site: Site, host: str) -> None:
    port = site.url.rpartition(":")[2]
    outgoing = Outgoing(Guard(is_internal_allowed=False))
    with outgoing.exchange() as exchange, pytest.raises((Blocked, Unreachable, BadUrl)):
        exchange.get(f"http://{host}:{port}/")
    assert site.asked == []


def test_a_name_that_leads_inside_as_well_is_blocked() -> None:
    guard = Guard(is_internal_allowed=False, resolve=lambda *_: ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(Blocked):
        guard.addresses("x.io", 443)


def test_a_name_is_resolved_once_and_its_checked_address_connected_to(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resolver that says something else the second time is not asked a second time."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    outgoing = Outgoing(Guard(is_internal_allowed=False, resolve=lambda *_: next(answers)))
    connected: list[tuple[str, int]] = []

    def create_connection(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", create_connection)
    with outgoing.exchange() as exchange, pytest.raises(Unreachable):
        exchange.get("http://rebinding.test/")
    assert connected == [("93.184.216.34", 80)]
    assert site.asked == []


def test_redirects_are_checked_like_the_first_address(site: Site) -> None:
    class FirstIsPublic(Guard):
        """As if the site were elsewhere."""

        def addresses(self, host: str, port: int) -> list[str]:
            return ["127.0.0.1"] if host == "site.test" else super().addresses(host, port)

    port = site.url.rpartition(":")[2]
    site.pages["/a"] = Page(status=302, headers={"Location": f"{site.url}/secret"})
    site.pages["/secret"] = Page(b"secret")
    with Outgoing(FirstIsPublic(is_internal_allowed=False)).exchange() as exchange, pytest.raises(Blocked):
        exchange.get(f"http://site.test:{port}/a")
    assert site.asked == ["GET /a"]
    assert site.hosts == [f"site.test:{port}"]


def test_redirects_are_followed_so_far(site: Site) -> None:
    site.pages["/a"] = Page(status=301, headers={"Location": "b?c=1"})
    site.pages["/b?c=1"] = Page(status=307, headers={"Location": f"{site.url}/end#part"})
    site.pages["/end"] = Page(b"here", headers={"SourceMap": "x.map"})
    site.pages["/round"] = Page(status=308, headers={"Location": "/round"})
    with inside().exchange() as exchange:
        answer = exchange.get(f"{site.url}/a")
        assert (answer.status, answer.body, answer.url) == (200, b"here", f"{site.url}/end")
        assert answer.headers["sourcemap"] == "x.map"
        with pytest.raises(TooManyRedirects):
            exchange.get(f"{site.url}/round")
    assert site.asked.count("GET /round") == 11


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "gopher://x/", "http://u:p@127.0.0.1/", "http://x:99999999/"]
)
def test_a_redirect_to_what_is_no_address_is_not_followed(site: Site, location: str) -> None:
    site.pages["/"] = Page(status=302, headers={"Location": location})
    with inside().exchange() as exchange, pytest.raises(BadUrl):
        exchange.get(f"{site.url}/")


@pytest.mark.parametrize(
    "url", ["", "x", "ftp://x.io/", "http://", "http:///a", "//x.io/a", "http://a" + "b" * 9000]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with inside().exchange() as exchange, pytest.raises(BadUrl):
        exchange.get(url)


@pytest.mark.parametrize("port", [22, 25, 6667, 1023])
def test_ports_of_other_services_are_not_asked(port: int) -> None:
    guard = Guard(is_internal_allowed=False, resolve=lambda *_: ["8.8.8.8"])
    with pytest.raises(Blocked):
        guard.addresses("x.io", port)
    assert guard.addresses("x.io", 8443) == ["8.8.8.8"]


@pytest.mark.parametrize("packed", [lambda body: body, gzip.compress, zlib.compress])
def test_an_answer_is_no_larger_than_its_limit_compressed_or_not(site: Site, packed: object) -> None:
    assert callable(packed)
    encoding = {gzip.compress: "gzip", zlib.compress: "deflate"}.get(packed)
    headers = {"Content-Encoding": encoding} if encoding else {}
    site.pages["/fits"] = Page(packed(b"x" * 100_000), headers=headers)
    site.pages["/bomb"] = Page(packed(b"x" * 20_000_000), headers=headers)
    with inside(body_bytes=100_000).exchange() as exchange:
        assert exchange.get(f"{site.url}/fits").body == b"x" * 100_000
        with pytest.raises(TooLarge):
            exchange.get(f"{site.url}/bomb")
        assert exchange.get(f"{site.url}/fits").is_success


def test_members_of_gzip_follow_each_other_and_what_is_broken_is_told(site: Site) -> None:
    headers = {"Content-Encoding": "gzip"}
    site.pages["/two"] = Page(gzip.compress(b"one") + gzip.compress(b"two"), headers=headers)
    site.pages["/broken"] = Page(gzip.compress(b"one")[:-9] + b"junk-junk", headers=headers)
    site.pages["/other"] = Page(b"x", headers={"Content-Encoding": "zstd"})
    with inside().exchange() as exchange:
        assert exchange.get(f"{site.url}/two").body == b"onetwo"
        for path in ("/broken", "/other"):
            with pytest.raises(Unreachable):
                exchange.get(f"{site.url}{path}")


def test_who_talks_slowly_is_not_listened_to_for_ever() -> None:
    """Each byte comes soon after the last, the answer never ends."""
    ended = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        connection, _ = server.accept()
        with connection:
            try:
                connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                while not ended.wait(0.02):
                    connection.sendall(b"x")
            except OSError:
                pass

    threading.Thread(target=drip, daemon=True).start()
    with server, inside(time_s=0.5).exchange() as exchange, pytest.raises(TimedOut):
        exchange.get(f"http://127.0.0.1:{server.getsockname()[1]}/")
    ended.set()


def test_nobody_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with inside().exchange() as exchange, pytest.raises(Unreachable):
        exchange.get(f"http://127.0.0.1:{port}/")


def test_a_name_that_does_not_resolve_is_told() -> None:
    def resolve(*_: object) -> Sequence[str]:
        raise socket.gaierror

    nowhere = Outgoing(Guard(is_internal_allowed=False, resolve=resolve))
    with nowhere.exchange() as exchange, pytest.raises(Unreachable):
        exchange.get("https://nobody.test/")
