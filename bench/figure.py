"""One measured figure: beside what it was measured, and the goal it is held to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """``ratio`` is ``value`` over ``beside_value``, both measured in this run, taking turns."""

    question: str
    value: float
    unit: str
    beside: str = ""
    beside_value: float | None = None
    goal: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.beside_value if self.beside_value else None

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio}


def table(figures: list[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| what | figure | beside | ratio | goal |", "| --- | ---: | --- | ---: | --- |"]
    for figure in figures:
        beside = f"{figure.beside}: {number(figure.beside_value)}" if figure.beside_value else figure.beside
        ratio = f"{figure.ratio:.2f}" if figure.ratio else ""
        lines.append(
            f"| {figure.question} | {number(figure.value)} {figure.unit} | {beside} | {ratio} | {figure.goal} |"
        )
    return "\n".join(lines)


def number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"
