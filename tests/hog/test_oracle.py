"""Our trees are PostHog's trees, on a corpus that holds every construct of the grammar.

Known differences, each on purpose:
- ``nulls`` of an order, ``with_totals`` (and ``with rollup`` or ``with cube`` behind a list), and the filter of a
  window function are kept, where the oracle forgets them. So is the ``order by`` behind a query in parentheses.
- The end of a joined table and of a query takes in all its words; the oracle leaves out ``final``, ``sample``, the
  alias of a table function, and ``offset``.
- A few nodes have a place that the oracle gives none.
- Reserved names are refused as aliases in quotes too. A table has at most one alias.
- ``a<b and c`` compares; the oracle takes it for a tag. ``limit 1 offset 2 with ties`` is accepted in that order too.
- An empty body (``if (a) ;``) is an empty block, and not an expression statement without an expression.
"""

from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.hog import oracle

CORPUS = Path(__file__).with_name("corpus")
GOALS = {
    "expressions": "expr",
    "queries": "select",
    "orders": "order",
    "templates": "template",
    "programs": "program",
}
REFUSED = {
    "refused_expressions": "expr",
    "refused_queries": "select",
    "refused_programs": "program",
}


def texts(name: str) -> list[str]:
    return [line for line in (CORPUS / f"{name}.txt").read_text().splitlines() if line]


def differences(ours: Any, theirs: Any, where: str = "") -> list[str]:
    """Where two trees differ, the known differences of places left out."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        names = sorted(ours.keys() | theirs.keys())
        kind = theirs.get("node")
        found = []
        for name in names:
            if name in ("start", "end"):
                found += _place(kind, name, ours.get(name), theirs.get(name), where)
            else:
                found += differences(ours.get(name), theirs.get(name), f"{where}.{name}")
        return found
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = enumerate(zip(ours, theirs, strict=True))
        return [one for at, (mine, yours) in pairs for one in differences(mine, yours, f"{where}[{at}]")]
    return [] if ours == theirs else [f"{where}: ours {ours!r}, theirs {theirs!r}"]


def _place(kind: str, name: str, mine: int | None, yours: int | None, where: str) -> list[str]:
    if yours is None or mine == yours:
        return []
    wider = kind in ("JoinExpr", "SelectQuery") and name == "end" and mine is not None and mine > yours
    return [] if wider else [f"{where}.{name}: ours {mine}, theirs {yours}"]


@pytest.mark.parametrize("name", GOALS)
def test_every_tree_is_the_oracles(name: str) -> None:
    wrong = {}
    for text in texts(name):
        theirs, ours = oracle.theirs(GOALS[name], text), oracle.ours(GOALS[name], text)
        if theirs is None or ours is None:
            wrong[text] = ["refused by " + ("the oracle" if theirs is None else "us")]
        elif found := differences(ours, theirs):
            wrong[text] = found
    assert wrong == {}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_oracle_refuses_is_refused(name: str) -> None:
    accepted = [text for text in texts(name) if oracle.theirs(REFUSED[name], text) is not None]
    assert accepted == []
    accepted = [text for text in texts(name) if oracle.ours(REFUSED[name], text) is not None]
    assert accepted == []


def test_the_corpus_is_large_and_repeats_nothing() -> None:
    corpus = [(name, text) for name in GOALS for text in texts(name)]
    assert len(corpus) == len(set(corpus))
    assert len(corpus) > 700


# Text, and what our tree says beyond the oracle's, or instead.
KEPT = {
    "select a order by b nulls last": ("order_by", 0, "nulls"),
    "select a group by b with totals": ("with_totals",),
    "select sum(a) filter (where b) over w": ("select", 0, "filter_expr"),
    "(select 1) union all (select 2) order by x": ("order_by", 0, "expr"),
    "(select 1 limit 3) order by x": ("order_by", 0, "expr"),
}


@pytest.mark.parametrize("text", KEPT)
def test_what_the_oracle_forgets_is_kept(text: str) -> None:
    value = orjson.loads(oracle.OURS["select"](text))
    for step in KEPT[text]:
        value = value[step]
    assert value


@pytest.mark.parametrize("text", ['1 as "team_id"', "1 as `true`"])
def test_reserved_aliases_are_refused_in_quotes_too(text: str) -> None:
    assert oracle.theirs("expr", text) is not None
    assert oracle.ours("expr", text) is None


@pytest.mark.parametrize("text", ["a<b and c", "a <b or c", "a<b and c>d"])
def test_less_than_needs_no_space(text: str) -> None:
    spaced = text.replace("<", " < ").replace(">", " > ")
    ours = oracle.without_spans(oracle.ours("expr", text))
    assert ours == oracle.without_spans(oracle.theirs("expr", spaced))
