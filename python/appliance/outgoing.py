"""Requests to addresses that somebody else chose: scripts of pages, webhooks.

Promises:
- Unless internal addresses are allowed, only public ones are connected to, of whatever form: a name is resolved once,
  all that it resolves to must be public, and the connection goes to the address that was checked.
- Each redirect is a request like the first.
- An exchange ends within its time, however slowly the other side talks, and no answer is larger than its limit,
  compressed or not.

`Guard` says which addresses may be connected to, `Outgoing` makes exchanges, an `Exchange` sends requests.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpcore
import httpx

from appliance.failures import HogletError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
_PIECE_BYTES = 64 << 10
_URL_CHARACTERS_MAX = 8_192
# gzip and zlib tell themselves apart.
_ANY_ZLIB = 47
_ENCODINGS = {"gzip", "x-gzip", "deflate"}
_SCHEMES = {"http": 80, "https": 443}
_PRIVILEGED = 1_024
# Those of other services, which browsers do not ask either.
_PORTS_OF_OTHERS = frozenset(
    {1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566}
    | {6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080}
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# What IANA's registries of special addresses do not have as globally reachable, or have for a purpose of its own.
_SPECIAL_4 = [
    ipaddress.IPv4Network(one)
    for one in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"),
        *("192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("224.0.0.0/4", "240.0.0.0/4"),
    )
]
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
# Teredo and 6to4 lead to an IPv4 address through somebody else's machine.
_SPECIAL_6 = [
    ipaddress.IPv6Network(one)
    for one in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
]


class OutgoingFailed(HogletError):
    """Whatever went wrong with a request."""


class BadUrl(OutgoingFailed):
    """An address that is none, or of a kind that is not asked."""


class Blocked(OutgoingFailed):
    """An address that must not be connected to."""


class TimedOut(OutgoingFailed):
    pass


class TooLarge(OutgoingFailed):
    pass


class TooManyRedirects(OutgoingFailed):
    pass


class Unreachable(OutgoingFailed):
    """No connection, or no answer that can be read."""


@dataclass(frozen=True, slots=True)
class Answer:
    url: str
    """Of the last redirect."""
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


@dataclass(frozen=True, slots=True)
class Limits:
    time_s: float = 30.0
    """Of a whole exchange."""
    connect_s: float = 5.0
    body_bytes: int = 25_000_000
    redirects: int = 10


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, and not some other one in disguise."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _SPECIAL_4)
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if address in _NAT64:
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    return address in _GLOBAL_6 and not any(address in network for network in _SPECIAL_6)


def _resolved(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class Guard:
    """Which addresses may be connected to. `resolve` is the system's."""

    def __init__(self, *, is_internal_allowed: bool, resolve: Resolve = _resolved) -> None:
        self._is_internal_allowed = is_internal_allowed
        self._resolve = resolve

    def addresses(self, host: str, port: int) -> list[str]:
        """What to connect to for a host. Raises `Blocked`, `Unreachable`."""
        if not self._is_internal_allowed:
            self._check_port(port)
        try:
            found = [ipaddress.ip_address(one) for one in self._resolve(host, port)]
        except (OSError, ValueError) as error:
            raise Unreachable(f"{host} cannot be resolved") from error
        if not found:
            raise Unreachable(f"{host} cannot be resolved")
        # A name that leads inside as well is not to be trusted at all.
        if not self._is_internal_allowed and not all(map(is_public, found)):
            raise Blocked(f"{host} is an internal address")
        return [str(one) for one in found]

    @staticmethod
    def _check_port(port: int) -> None:
        if (port < _PRIVILEGED and port not in _SCHEMES.values()) or port in _PORTS_OF_OTHERS:
            raise Blocked(f"port {port} is not asked")


@dataclass(frozen=True)
class Outgoing:
    """For any number of threads."""

    guard: Guard
    limits: Limits = field(default_factory=Limits)
    agent: str = "Hoglet"

    @contextmanager
    def exchange(self) -> Iterator[Exchange]:
        """Requests that belong together, and share the time that there is for them."""
        deadline = time.monotonic() + self.limits.time_s
        backend = _Backend(self.guard, deadline, self.limits.connect_s)
        with httpcore.ConnectionPool(network_backend=backend, max_connections=1) as pool:
            yield Exchange(pool, self.limits, deadline, self.agent)


class Exchange:
    """For one thread."""

    def __init__(self, pool: httpcore.ConnectionPool, limits: Limits, deadline: float, agent: str) -> None:
        self._pool = pool
        self._limits = limits
        self._deadline = deadline
        self._agent = agent

    def get(self, url: str) -> Answer:
        return self.send("GET", url)

    def head(self, url: str) -> Answer:
        return self.send("HEAD", url)

    def send(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """Follows redirects, but not with a body: whoever sends one means that address. Raises `OutgoingFailed`."""
        where = _checked(url)
        for _ in range(self._limits.redirects + 1):
            answer = self._send_once(method, where, headers or {}, body)
            location = answer.headers.get("location")
            if not _is_redirect(answer.status) or location is None or body is not None:
                return answer
            where = _checked(location, where)
        raise TooManyRedirects(f"more than {self._limits.redirects} redirects from {url}")

    def _send_once(
        self, method: str, url: httpx.URL, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        said = {
            "Host": url.netloc.decode("ascii"),
            "User-Agent": self._agent,
            "Accept": "*/*",
            "Accept-Encoding": "gzip",
            **headers,
        }
        limits = dict.fromkeys(("connect", "read", "write", "pool"), self._left_s())
        try:
            with self._pool.stream(
                method, target, headers=list(said.items()), content=body, extensions={"timeout": limits}
            ) as answer:
                heard = _headers(answer.headers)
                encoding = heard.get("content-encoding", "identity").strip().lower()
                pieces = self._in_time(answer.iter_stream())
                content = b"" if method == "HEAD" else self._read(pieces, encoding)
                return Answer(str(url), answer.status, heard, content)
        except httpcore.TimeoutException as error:
            raise TimedOut(f"{url} takes too long") from error
        except ssl.SSLError as error:
            raise Unreachable(f"{url}: {error}") from error
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.UnsupportedProtocol,
            OSError,
        ) as error:
            raise Unreachable(f"{url}: {error or type(error).__name__}") from error

    def _read(self, pieces: Iterable[bytes], encoding: str) -> bytes:
        if encoding not in _ENCODINGS | {"identity", ""}:
            raise Unreachable(f"an answer in the encoding {encoding[:40]}, which was not asked for")
        most = self._limits.body_bytes
        body = bytearray()
        for piece in _inflated(pieces, most) if encoding in _ENCODINGS else pieces:
            body += piece
            if len(body) > most:
                raise TooLarge(f"an answer of more than {most} bytes")
        return bytes(body)

    def _in_time(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._left_s()
            yield piece

    def _left_s(self) -> float:
        left_s = self._deadline - time.monotonic()
        if left_s <= 0:
            raise TimedOut(f"no answer within {self._limits.time_s:g} s")
        return left_s


class _Backend(httpcore.NetworkBackend):
    """Connects to what the guard has checked, and to nothing else."""

    def __init__(self, guard: Guard, deadline: float, connect_s: float) -> None:
        self._inner = httpcore.SyncBackend()
        self._guard = guard
        self._deadline = deadline
        self._connect_s = connect_s

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        del timeout
        failure: Exception | None = None
        for address in self._guard.addresses(host, port):
            left_s = min(self._connect_s, _left_s(self._deadline))
            try:
                stream = self._inner.connect_tcp(address, port, left_s, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline)
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        del timeout, socket_options
        raise Blocked(f"{path} is no address")


class _Stream(httpcore.NetworkStream):
    """Each read and write ends by the deadline, whatever they are told."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        return self._inner.read(min(max_bytes, _PIECE_BYTES), _left_s(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        self._inner.write(buffer, _left_s(self._deadline))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        del timeout
        inner = self._inner.start_tls(ssl_context, server_hostname, _left_s(self._deadline))
        return _Stream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left_s(deadline: float) -> float:
    left_s = deadline - time.monotonic()
    if left_s <= 0:
        raise httpcore.ReadTimeout
    return left_s


def _checked(url: str, base: httpx.URL | None = None) -> httpx.URL:
    if len(url) > _URL_CHARACTERS_MAX:
        raise BadUrl("an address that is too long")
    try:
        found = httpx.URL(url) if base is None else base.join(url)
        is_good = found.scheme in _SCHEMES and bool(found.host) and not found.userinfo
        is_good = is_good and (found.port or 1) in range(1, 1 << 16)
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise BadUrl(f"{url[:200]} is no address: {error}") from error
    if not is_good:
        raise BadUrl(f"{url[:200]} is no address of http or https without credentials")
    return found.copy_with(fragment=None)


def _inflated(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    """Never more at a time than is allowed altogether: little may become very much."""
    inflater = zlib.decompressobj(_ANY_ZLIB)
    try:
        for piece in pieces:
            while piece:
                yield inflater.decompress(piece, most + 1)
                piece = inflater.unconsumed_tail  # noqa: PLW2901
                if inflater.eof:
                    # gzip may go on with another member.
                    piece = inflater.unused_data  # noqa: PLW2901
                    inflater = zlib.decompressobj(_ANY_ZLIB)
        yield inflater.flush()
    except zlib.error as error:
        raise Unreachable(f"an answer that cannot be decompressed: {error}") from error


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> Mapping[str, str]:
    """By their names in lower case, the last of a name."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw}


def _is_redirect(status: int) -> bool:
    return status in (301, 302, 303, 307, 308)
