"""What the questions send: page views as browsers make them, with properties of about 300 bytes."""

from __future__ import annotations

import json
from typing import Any

PROPERTIES: dict[str, Any] = {
    "$current_url": "https://shop.example.com/products/blue-shoes?ref=mail",
    "$pathname": "/products/blue-shoes",
    "$host": "shop.example.com",
    "$browser": "Chrome",
    "$browser_version": 139,
    "$os": "Mac OS X",
    "$device_type": "Desktop",
    "$lib": "web",
    "$lib_version": "1.268.4",
    "price": 49.9,
    "in_stock": True,
    "$screen_width": 1920,
    "tags": ["a", "b"],
}


def event(number: int) -> dict[str, Any]:
    return {
        "event": "$pageview",
        "distinct_id": f"user-{number % 500:08}",
        "uuid": f"01890c2e-0000-7000-8000-{number:012x}",
        "timestamp": "2025-09-17T11:59:58.123Z",
        "properties": PROPERTIES,
    }


def body(token: str, events: int) -> bytes:
    """A request of ``events`` events: alone as itself, more as a batch."""
    if events == 1:
        return json.dumps({"api_key": token, **event(0)}).encode()
    return json.dumps({"api_key": token, "batch": [event(number) for number in range(events)]}).encode()
