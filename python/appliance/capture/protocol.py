"""The families of protocols that capture speaks; a family shares the shape of its errors."""

from __future__ import annotations

from enum import Enum


class Protocol(Enum):
    """A family; ``refuse`` knows the shape of its errors."""

    V0 = "v0"
    V1 = "v1"
    OTLP = "otlp"
