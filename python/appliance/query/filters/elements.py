r"""Clicked elements: conditions on the chain that autocapture stores, innermost element first.

An element reads `tag.class1.class2:key="value"key2="value"`, classes and keys sorted, quotes inside values written
`\"`; elements are joined by `;`. A CSS selector becomes one pattern over that text.
"""

import re
from dataclasses import dataclass, field

from appliance.failures import Invalid

SELECTOR_CHARACTERS_MAX = 1_000
_PARTS_MAX = 50
# One quoted value. A backslash before a quote may be an escape or a letter of the value: both readings are tried.
_QUOTED = r'"(?:\\"|[^"])*"'
_REST = rf'(?:[^;"]|{_QUOTED})*'
_OTHER_ATTRIBUTES = rf'(?:[^;"=]+={_QUOTED})*?'
_PLAIN_KEYS = frozenset({"href", "text", "nth-child", "nth-of-type"})
_TOKEN = re.compile(
    r"""\s*(?P<combinator>[>+~,])\s*
    |(?P<space>\s+)
    |(?P<tag>\*|[a-zA-Z][-\w]*)
    |\.(?P<class>(?:[-\w]|\\.|[^\x00-\x7f])+)
    |\#(?P<id>(?:[-\w]|\\.|[^\x00-\x7f])+)
    |\[\s*(?P<key>[-\w:@.]+)\s*(?:(?P<sign>[*^$]?=)\s*(?P<value>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\]"'\s]+)\s*)?\]
    |:(?P<nth>nth-child|nth-of-type)\(\s*(?P<number>[0-9]{1,6})\s*\)
    """,
    re.VERBOSE,
)


@dataclass(slots=True)
class _Element:
    tag: str = ""
    classes: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str, str | None]] = field(default_factory=list)
    is_child: bool = False
    """Of the element before it in the selector, rather than anywhere below it."""


def tag_pattern(tag: str) -> str:
    return rf"(^|;){re.escape(tag)}(\.|$|;|:)"


def selector_pattern(selector: str) -> str:
    """The pattern of chains in which some element fulfils the selector."""
    if len(selector) > SELECTOR_CHARACTERS_MAX:
        raise Invalid(f"a selector may have at most {SELECTOR_CHARACTERS_MAX} characters", attr="selector")
    patterns = [_path_pattern(path) for path in _paths(selector.strip())]
    return patterns[0] if len(patterns) == 1 else "|".join(f"(?:{pattern})" for pattern in patterns)


def _paths(selector: str) -> list[list[_Element]]:
    """What the commas part, each as its elements, outermost first."""
    paths: list[list[_Element]] = [[_Element()]]
    position = 0
    while position < len(selector):
        found = _TOKEN.match(selector, position)
        if found is None or found.group("combinator") in ("+", "~"):
            raise _unreadable(selector)
        position = found.end()
        element = paths[-1][-1]
        if found["combinator"] == ",":
            paths.append([_Element()])
        elif found["combinator"] or found["space"]:
            if _is_empty(element):
                raise _unreadable(selector)
            paths[-1].append(_Element(is_child=bool(found["combinator"])))
        else:
            _add(element, found, selector)
    if any(_is_empty(element) for path in paths for element in path) or sum(map(len, paths)) > _PARTS_MAX:
        raise _unreadable(selector)
    return paths


def _add(element: _Element, found: re.Match[str], selector: str) -> None:
    if found["tag"]:
        if not _is_empty(element):
            raise _unreadable(selector)
        element.tag = found["tag"]
    elif found["class"]:
        element.classes.append(_unescaped(found["class"]))
    elif found["id"]:
        element.attributes.append(("attr_id", "=", _unescaped(found["id"])))
    elif found["nth"]:
        element.attributes.append((found["nth"], "=", found["number"]))
    else:
        key, value = found["key"], found["value"]
        if value is not None and value[0] in "\"'":
            value = _unescaped(value[1:-1])
        stored = "attr_id" if key == "id" else key if key in _PLAIN_KEYS else f"attr__{key}"
        element.attributes.append((stored, found["sign"] or "", value))


def _path_pattern(path: list[_Element]) -> str:
    innermost, *outer = reversed(path)
    pattern = "(?:^|;)" + _element_pattern(innermost)
    is_child = innermost.is_child
    for element in outer:
        between = ";" if is_child else f";(?:{_REST};)*"
        pattern += between + _element_pattern(element)
        is_child = element.is_child
    return pattern + "(?:;|$)"


def _element_pattern(element: _Element) -> str:
    pattern = r"[^;.:\"]+" if element.tag in ("", "*") else re.escape(element.tag)
    before = r"(?:\.[^;\"=]*?)?"
    for name in sorted(element.classes):
        pattern += before + r"\." + re.escape(name)
        before = r"(?:[.:][^;\"=]*?)?"
    if not element.attributes:
        return pattern + f"(?:[.:]{_REST})?"
    pattern += (r"(?:[.:][^;\"=]*?)?" if element.classes else r"(?:\.[^;\"=]*?)?") + ":"
    for key, sign, value in sorted(element.attributes, key=lambda one: one[0]):
        pattern += f"{_OTHER_ATTRIBUTES}{re.escape(key)}={_value_pattern(sign, value)}"
    return pattern + _REST


def _value_pattern(sign: str, value: str | None) -> str:
    if value is None:
        return _QUOTED
    some = r'(?:\\"|[^"])*'
    text = re.escape(value.replace('"', '\\"'))
    before = some if sign in ("*=", "$=") else ""
    after = some if sign in ("*=", "^=") else ""
    return f'"{before}{text}{after}"'


def _is_empty(element: _Element) -> bool:
    return not (element.tag or element.classes or element.attributes)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _unreadable(selector: str) -> Invalid:
    return Invalid(f"the selector {selector[:100]!r} cannot be read", attr="selector")
