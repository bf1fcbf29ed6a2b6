"""Which sites a project records: an empty list is all of them.

A domain stands as an address, `https://shop.example.com`, or by its name alone; `*` stands for anything, dots too.
Apps have no site and are always recorded.
"""

from collections.abc import Iterable
from typing import Protocol
from urllib.parse import urlsplit

_APPS = ("posthog-android", "posthog-ios", "posthog-react-native", "posthog-flutter")


class Asked(Protocol):
    """Headers of a request, by lower-case names."""

    def get(self, name: str, /) -> str | None: ...


def may_record(domains: Iterable[str], asked: Asked) -> bool:
    domains = tuple(domains)
    if not domains:
        return True
    if any(name in (asked.get("user-agent") or "") for name in _APPS):
        return True
    hosts = {host for host in (_host(asked.get("origin")), _host(asked.get("referer"))) if host}
    return any(_is_like(host, _host(domain)) for host in hosts for domain in domains)


def _host(address: str | None) -> str | None:
    if not address:
        return None
    try:
        return urlsplit(address if "//" in address else f"//{address}").hostname
    except ValueError:
        return None


def _is_like(host: str, allowed: str | None) -> bool:
    """In one walk along the host, which a stranger chose, however many `*` there are."""
    if allowed is None:
        return False
    first, *others = allowed.split("*")
    if not others:
        return host == allowed
    *middle, last = others
    if not host.startswith(first):
        return False
    at = len(first)
    for part in middle:
        found = host.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(host) - at >= len(last) and host.endswith(last)
