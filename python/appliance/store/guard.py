"""What the reader may run: SELECT and a few look-ups, over our own tables, with no way out to files or the
network.

The engine enforces `readonly` and the grants; this is the second fence, for the ways round that embedded
ClickHouse leaves open (the scalar function `file`, `INTO OUTFILE`, `KILL`, tables of the `system`
database, Python objects). It reads ClickHouse's own syntax tree of the statement (`EXPLAIN AST`), so
quoting and comments cannot hide anything, and it lists what is allowed rather than what is not wherever
that is possible.
"""

import re
from collections.abc import Iterable

STATEMENTS = frozenset({"SelectWithUnionQuery", "SelectIntersectExceptQuery", "Explain", "DescribeQuery"})
TABLE_FUNCTIONS = frozenset(
    {
        "numbers",
        "numbers_mt",
        "zeros",
        "zeros_mt",
        "generateseries",
        "generate_series",
        "primes",
        "values",
        "sqlstandardvalues",
        "null",
        "view",
        "format",
        "generaterandom",
    }
)
SYSTEM_TABLES = frozenset(
    {
        "one",
        "numbers",
        "zeros",
        "settings",
        "databases",
        "tables",
        "columns",
        "functions",
        "formats",
        "data_type_families",
        "table_engines",
        "time_zones",
        "keywords",
        "collations",
    }
)
# Scalar functions that read outside the store, hold a thread, or look into the process.
FUNCTIONS = frozenset(
    {
        "file",
        "catboostevaluate",
        "modelevaluate",
        "getmacro",
        "getserverport",
        "getserversetting",
        "getmergetreesetting",
        "sleep",
        "sleepeachrow",
        "joinget",
        "joingetornull",
        "addresstoline",
        "addresstolinewithinlines",
        "addresstosymbol",
        "showcertificate",
        "filesystemavailable",
        "filesystemcapacity",
        "filesystemunreserved",
    }
)
_SYSTEM_DATABASES = ("system", "information_schema")
_NODE = re.compile(r" *(?P<kind>[A-Za-z]+)(?: (?P<rest>.*))?")


class Refusal(Exception):
    """Why the reader may not run a statement; `code` is ClickHouse's ACCESS_DENIED or READONLY."""

    def __init__(self, message: str, code: int = 497, name: str = "ACCESS_DENIED") -> None:
        self.code = code
        self.name = name
        super().__init__(message)


def check_tree(tree: str, table_functions: frozenset[str]) -> frozenset[str]:
    """Refuse a syntax tree that reaches outside our tables; returns the system tables it reads.

    `table_functions` are the lower-case names of every table function the engine knows.
    """
    lines = tree.splitlines()
    top = _NODE.fullmatch(lines[0]) if lines else None
    if top is None or top.group("kind") not in STATEMENTS:
        raise Refusal("hoglet_reader may only run SELECT, EXPLAIN and DESCRIBE", 164, "READONLY")
    return frozenset(_system_tables(lines, (table_functions - TABLE_FUNCTIONS) | FUNCTIONS))


def _system_tables(lines: Iterable[str], refused: frozenset[str]) -> Iterable[str]:
    for line in lines:
        node = _NODE.fullmatch(line)
        if node is None:
            continue  # the rest of an alias with a line break in it
        kind, rest = node.group("kind"), node.group("rest") or ""
        name = re.sub(r" \((alias|children) .*", "", rest).strip().lower()
        if kind in ("Function", "TableFunction") and name in refused:
            raise Refusal(f"hoglet_reader may not use the function {name}")
        if kind == "Set":
            # Inside a subquery ClickHouse applies settings without asking `readonly`.
            raise Refusal("hoglet_reader gives settings with the request, not in the query", 164, "READONLY")
        if kind in ("TableIdentifier", "Identifier"):
            table = _system_table(name)
            if table is not None:
                yield table


def _system_table(name: str) -> str | None:
    """The table of a name in the engine's own databases; refuses those not listed."""
    database, _, table = name.partition(".")
    if database not in _SYSTEM_DATABASES or not table:
        return None
    if database != "system" or table not in SYSTEM_TABLES:
        raise Refusal(f"hoglet_reader may not read {name}")
    return table
