"""The settings as text for people: the example file, the page in the docs, and the values now in force."""

import json
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any

from appliance.config import PREFIX, SECTIONS, Config, variable
from appliance.setting import size_text

HIDDEN = "(hidden)"


def example() -> str:
    """`config/hoglet.toml.example`: every setting, commented out, at its default."""
    lines = [
        "# Every setting of Hoglet, at its default. Copy to config/hoglet.toml and edit;",
        f"# {PREFIX}… variables win over this file. Made by: hoglet settings --example",
    ]
    for section, title in SECTIONS.items():
        lines += ["", f"# {title}", f"[{section}]"]
        for one in _of(section):
            lines += [
                f"# {one.metadata['why']}{_limits(one, ' ({})')}",
                f"# {one.name} = {_default_toml(one)}",
            ]
    return "\n".join(lines) + "\n"


def page() -> str:
    """`docs/settings.md`."""
    lines = [
        "# Settings",
        "",
        "A setting comes from the environment, else from a TOML file, else it is the default. The file is",
        f"the one `{PREFIX}CONFIG` names, else `config/hoglet.toml` in the current folder. All are in",
        "`config/hoglet.toml.example`. Sizes may have a unit: `20GiB`, `500 MB`. A bad value stops the start",
        "and is named. `hoglet settings` prints the values in force.",
    ]
    for section, title in SECTIONS.items():
        lines += ["", f"## {title} (`[{section}]`)", ""]
        lines += ["| in the file | in the environment | default | limits | why |", "| --- " * 5 + "|"]
        for one in _of(section):
            names = [f"`{one.name}`", f"`{variable(one.name)}`"]
            cells = [*names, _default_words(one), _limits(one, "{}"), one.metadata["why"]]
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def in_force(config: Config) -> str:
    """The values of this process as TOML, those that hold a secret hidden."""
    lines: list[str] = []
    for section in SECTIONS:
        lines += ["", f"[{section}]"]
        for one in _of(section):
            value = getattr(config, one.name)
            lines.append(f"{one.name} = {_toml(HIDDEN if one.metadata['private'] and value else value)}")
    return "\n".join(lines[1:]) + "\n"


def _of(section: str) -> Iterator[Field[Any]]:
    return (one for one in fields(Config) if one.metadata["section"] == section)


def _default_words(one: Field[Any]) -> str:
    if one.metadata["shown"]:
        return str(one.metadata["shown"])
    value = _default(one)
    if value in ("", ()):
        return "empty"
    return f"`{_sized(one, value)}`"


def _default_toml(one: Field[Any]) -> str:
    if one.metadata["shown"]:
        return f"{_toml(_sized(one, one.metadata['minimum']))}  # default: {one.metadata['shown']}"
    return _toml(_sized(one, _default(one)))


def _default(one: Field[Any]) -> Any:
    assert one.default is not MISSING, one.name  # noqa: S101 - a worked-out default must say itself in words
    return one.default


def _sized(one: Field[Any], value: Any) -> Any:
    return size_text(value) if "_bytes" in one.name and isinstance(value, int) else value


def _limits(one: Field[Any], shape: str) -> str:
    metadata = one.metadata
    if metadata["choices"]:
        return shape.format(", ".join(metadata["choices"]))
    low, high = (metadata[name] and _sized(one, metadata[name]) for name in ("minimum", "maximum"))
    if metadata["maximum"] is not None:
        return shape.format(f"{low} to {high}")
    return shape.format(f"at least {low}") if metadata["minimum"] is not None else ""


def _toml(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)
