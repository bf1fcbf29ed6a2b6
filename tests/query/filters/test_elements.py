"""CSS selectors as patterns over chains of elements, beside a matcher that knows the elements themselves."""

import re
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.failures import Invalid
from appliance.query.filters.elements import selector_pattern, tag_pattern


@dataclass
class Element:
    tag: str
    classes: list[str] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)

    def text(self):
        classes = "".join(f".{name}" for name in sorted(self.classes))
        pairs = sorted(self.attributes.items())
        return (
            self.tag
            + classes
            + ":"
            + "".join(f'{key}="{value.replace(chr(34), chr(92) + chr(34))}"' for key, value in pairs)
        )


def chain(*elements):
    """Innermost first."""
    return ";".join(one.text() for one in elements)


@dataclass
class Wanted:
    tag: str
    classes: list[str]
    attributes: dict[str, str]
    is_child: bool

    def text(self):
        attributes = "".join(
            f"#{value}"
            if key == "attr_id"
            else f":nth-child({value})"
            if key == "nth-child"
            else f'[{key.removeprefix("attr__")}="{css(value)}"]'
            for key, value in self.attributes.items()
        )
        return (
            (self.tag or ("" if self.classes or attributes else "*"))
            + "".join(f".{one}" for one in self.classes)
            + attributes
        )

    def fits(self, element):
        return (
            self.tag in ("", "*", element.tag)
            and set(self.classes) <= set(element.classes)
            and all(element.attributes.get(key) == value for key, value in self.attributes.items())
        )


def css(value):
    return value.replace("\\", "\\\\").replace('"', '\\"')


def selector(wanted):
    """Outermost first."""
    text = wanted[0].text()
    for one in wanted[1:]:
        text += (" > " if one.is_child else " ") + one.text()
    return text


def fits(wanted, elements):
    """Whether some element of the chain fulfils the selector."""
    return any(_fits_at(list(reversed(wanted)), elements, start) for start in range(len(elements)))


def _fits_at(wanted, elements, position):
    if position >= len(elements) or not wanted[0].fits(elements[position]):
        return False
    if len(wanted) == 1:
        return True
    further = [position + 1] if wanted[0].is_child else range(position + 1, len(elements))
    return any(_fits_at(wanted[1:], elements, one) for one in further)


tags = st.sampled_from(["a", "div", "button", "x-a"])
classes = st.lists(st.sampled_from(["a", "ab", "b", "btn", "btn-a"]), max_size=3, unique=True)
values = st.sampled_from(["1", "2", "a", 'say "a"', "a;b", "div.a:b", "x=y", ""])
attributes = st.dictionaries(
    st.sampled_from(["attr_id", "attr__data-a", "attr__a", "nth-child", "href", "text"]), values, max_size=4
)
elements = st.lists(st.builds(Element, tags, classes, attributes), min_size=1, max_size=5)
asked_attributes = st.dictionaries(st.sampled_from(["attr__data-a", "attr__a", "href"]), values, max_size=2)
ids = st.dictionaries(st.sampled_from(["attr_id", "nth-child"]), st.sampled_from(["1", "2"]), max_size=1)
both = st.builds(lambda one, other: one | other, asked_attributes, ids)
wanted_elements = st.lists(
    st.builds(Wanted, st.one_of(tags, st.just("")), classes, both, st.booleans()), min_size=1, max_size=3
)


@settings(max_examples=600, deadline=None)
@given(wanted_elements, elements)
def test_a_selector_finds_what_a_matcher_finds(wanted, found):
    pattern = selector_pattern(selector(wanted))
    assert bool(re.search(pattern, chain(*found))) == fits(wanted, found), (selector(wanted), chain(*found))


CHAIN = (
    'span.icon:text="Go";a.btn.btn-primary:attr__data-id="7"attr_id="go"href="/x"nth-child="2";div.row:;body:'
)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("a", True),
        ("a.btn", True),
        ("a.btn-primary.btn", True),
        ("a.bt", False),
        ("#go", True),
        ("a#go.btn", True),
        ('[data-id="7"]', True),
        ("[data-id='8']", False),
        ("[data-id]", True),
        ("[data-other]", False),
        ('a[href^="/"]', True),
        ('a[href$="y"]', False),
        ('a[href*="x"]', True),
        ("a:nth-child(2)", True),
        ("div > a", True),
        ("body > a", False),
        ("body a", True),
        ("div > a > span.icon", True),
        ("body div span", True),
        ("a div", False),
        ("h1, a", True),
        ("*", True),
        ("an", False),
    ],
)
def test_selectors_on_one_chain(text, is_found):
    assert bool(re.search(selector_pattern(text), CHAIN)) == is_found


@pytest.mark.parametrize(
    "text", ["", "a +", "a ~ b", "a:hover", "a >", "> a >", "a,,b", "a[", "a" * 2_000, "a b" * 60, "aa.b*"]
)
def test_what_is_no_selector_is_refused(text):
    with pytest.raises(Invalid):
        selector_pattern(text)


def test_a_tag_is_found_anywhere_in_the_chain():
    assert re.search(tag_pattern("div"), CHAIN)
    assert re.search(tag_pattern("body"), CHAIN)
    assert not re.search(tag_pattern("di"), CHAIN)
