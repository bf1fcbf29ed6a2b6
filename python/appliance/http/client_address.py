"""Who is asking: the address that a trusted proxy vouches for, else the peer's."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

# In the order in which capture looks at them; a proxy in front of Hoglet must overwrite them (see docs/proxy.md).
_PROXY_HEADERS = ("x-forwarded-for", "x-real-ip", "cf-connecting-ip", "true-client-ip")
# No textual address is longer, zone and port included.
_ADDRESS_CHARACTERS_MAX = 64
# Peers whose trust was worked out; few proxies talk to us, many clients may.
_PEERS_MAX = 10_000


class ClientAddresses:
    """Finds the client's address. ``trusted_proxies`` are the networks whose headers are believed."""

    def __init__(self, trusted_proxies: Iterable[str]) -> None:
        self._networks = [ipaddress.ip_network(network) for network in trusted_proxies]
        self._trusted: dict[str, bool] = {}

    def find(self, scope: Any) -> str:
        """The address as text; what a proxy header holds is not proven to be one."""
        peer = bare_address(scope.client)
        trusted = self._trusted.get(peer)
        if trusted is None:
            trusted = self._judge(peer)
        if trusted:
            headers = scope.headers
            for name in _PROXY_HEADERS:
                value = headers.get(name)
                if value:
                    return bare_address(value.split(",", 1)[0])
        return peer

    def _judge(self, peer: str) -> bool:
        if len(self._trusted) >= _PEERS_MAX:
            self._trusted.clear()
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            trusted = False
        else:
            trusted = any(address in network for network in self._networks)
        self._trusted[peer] = trusted
        return trusted


def bare_address(text: str) -> str:
    """``text`` without port, brackets and zone: ``[::1]:80`` → ``::1``, ``1.2.3.4:5`` → ``1.2.3.4``."""
    text = text.strip()[:_ADDRESS_CHARACTERS_MAX]
    if text.startswith("["):
        text = text[1:].split("]", 1)[0]
    elif text.count(":") == 1:
        text = text.split(":", 1)[0]
    return text.split("%", 1)[0]
