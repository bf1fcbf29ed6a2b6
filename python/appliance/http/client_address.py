"""Who is asking: the address that a trusted proxy vouches for, else the peer's."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

# In the order in which capture looks at them; a proxy in front of Hoglet must overwrite them (see docs/proxy.md).
_PROXY_HEADERS = ("x-forwarded-for", "x-real-ip", "cf-connecting-ip", "true-client-ip")
# No textual address is longer, zone and port included.
_ADDRESS_CHARACTERS_MAX = 64
# Peers that are remembered; all are forgotten when there are more.
_PEERS_MAX = 10_000


class ClientAddresses:
    """Finds the client's address. ``trusted_proxies`` are the networks whose headers are believed."""

    def __init__(self, trusted_proxies: Iterable[str]) -> None:
        self._networks = [ipaddress.ip_network(network) for network in trusted_proxies]
        # Peer as ``address:port`` → address, and whether it is a trusted proxy. Connections are kept alive: most
        # requests come from a peer that was here before.
        self._peers: dict[str, tuple[str, bool]] = {}

    def find(self, client: str, headers: Any) -> str:
        """The address as text, for a peer ``address:port``; what a proxy header holds is not proven to be one."""
        known = self._peers.get(client)
        peer, trusted = self._judge(client) if known is None else known
        if trusted:
            for name in _PROXY_HEADERS:
                value = headers.get(name)
                if value:
                    return bare_address(value.split(",", 1)[0])
        return peer

    def _judge(self, client: str) -> tuple[str, bool]:
        if len(self._peers) >= _PEERS_MAX:
            self._peers.clear()
        peer = bare_address(client)
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            trusted = False
        else:
            trusted = any(address in network for network in self._networks)
        judged = self._peers[client] = (peer, trusted)
        return judged


def bare_address(text: str) -> str:
    """``text`` without port, brackets and zone: ``[::1]:80`` → ``::1``, ``1.2.3.4:5`` → ``1.2.3.4``."""
    text = text.strip()[:_ADDRESS_CHARACTERS_MAX]
    if text.startswith("["):
        text = text[1:].split("]", 1)[0]
    elif text.count(":") == 1:
        text = text.split(":", 1)[0]
    return text.split("%", 1)[0]
