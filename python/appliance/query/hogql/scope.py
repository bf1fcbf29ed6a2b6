"""The names that mean something in one SELECT, nearest first.

A name is looked up among arguments of lambdas, aliases of the select list that stand before it, tables, columns of
tables, aliases that stand after it, and last the CTEs, the SELECT's own and those around it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from appliance.query.hogql import ast
from appliance.query.hogql.context import Context
from appliance.query.hogql.errors import NotResolved, QueryError
from appliance.query.hogql.quoting import identifier
from appliance.query.hogql.source import Source, inside, of_type
from appliance.query.hogql.value_types import Type
from appliance.query.hogql.written import Written

if TYPE_CHECKING:
    from appliance.query.hogql.printer import Printer

Clause = Literal["select", "where", "join", "having", "group", "order", "other"]


@dataclass(slots=True)
class CommonTable:
    """A CTE that is a subquery, written once in the WITH of the SELECT that has it."""

    printed: str
    columns: dict[str, Type]
    queries: int = 1
    """That it stands for, each time it is named."""


@dataclass(slots=True, eq=False)
class Scope:
    printer: "Printer"
    parent: "Scope | None" = None
    sources: dict[str, Source] = field(default_factory=dict)
    """By the names that the user may call them."""
    aliases: dict[str, ast.Expr] = field(default_factory=dict)
    array_joined: dict[str, Type] = field(default_factory=dict)
    common_tables: dict[str, CommonTable] = field(default_factory=dict)
    common_values: dict[str, ast.Expr] = field(default_factory=dict)
    windows: set[str] = field(default_factory=set)
    merged: set[tuple[int, str]] = field(default_factory=set)
    """(table, column) of columns that USING made one with those of a table before."""
    clause: Clause = "other"
    typed: bool = True
    """Whether properties are cast to the types of their definitions."""
    aggregate: str = ""
    """The aggregation whose arguments are being written."""
    _lambdas: list[Mapping[str, Written]] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _writing: set[str] = field(default_factory=set)
    _types: dict[str, Type] = field(default_factory=dict)

    @property
    def context(self) -> Context:
        return self.printer.context

    def write(self, node: ast.Expr) -> Written:
        return self.printer.expression(node, self)

    def sql(self, node: ast.Expr) -> str:
        return self.write(node).sql

    @contextmanager
    def within(
        self, *, clause: Clause | None = None, typed: bool | None = None, aggregate: str | None = None
    ) -> Iterator[None]:
        """For the time of the block."""
        before = self.clause, self.typed, self.aggregate
        self.clause = self.clause if clause is None else clause
        self.typed = self.typed if typed is None else typed
        self.aggregate = self.aggregate if aggregate is None else aggregate
        try:
            yield
        finally:
            self.clause, self.typed, self.aggregate = before

    @contextmanager
    def arguments(self, names: Mapping[str, Written]) -> Iterator[None]:
        """The arguments of a lambda, inside its body."""
        self._lambdas.append(names)
        try:
            yield
        finally:
            self._lambdas.pop()

    def resolve(self, chain: Sequence[str | int]) -> Written:
        """Raises `NotResolved`."""
        name = str(chain[0])
        for arguments in reversed(self._lambdas):
            if name in arguments:
                return self._inside(arguments[name], chain[1:])
        if len(chain) > 1 and name in self.sources and self.sources[name].has(str(chain[1])):
            return self.sources[name].value(chain[1:], typed=self.typed)
        found = self._alias(name) if name in self._seen else None
        found = found or self._array_joined(name) or None
        if found is not None:
            return self._inside(found, chain[1:])
        if name in self.sources and len(chain) > 1:
            return self.sources[name].value(chain[1:], typed=self.typed)
        if (source := self._source_with(name)) is not None:
            return source.value(chain, typed=self.typed)
        found = self._alias(name) or self._common(name)
        if found is None:
            raise NotResolved(f"Unable to resolve field: {name}")
        return self._inside(found, chain[1:])

    def defined(self, alias: str) -> None:
        """From here on the alias hides columns of its name."""
        self._seen.add(alias)

    def source_of_star(self, name: str | None) -> list[tuple[str, Source]]:
        if name is None:
            return list(self.sources.items())
        if name not in self.sources:
            raise NotResolved(f"Unable to resolve field: {name}")
        return [(name, self.sources[name])]

    def common_table(self, name: str) -> CommonTable | None:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.common_tables:
                return scope.common_tables[name]
            scope = scope.parent
        return None

    def has_window(self, name: str) -> bool:
        return name in self.windows

    def _inside(self, value: Written, rest: Sequence[str | int]) -> Written:
        return inside(value, rest, self.context, typed=self.typed)

    def _alias(self, name: str) -> Written | None:
        node = self.aliases.get(name)
        if node is None or name in self._writing:
            return None
        if name not in self._types:
            self._writing.add(name)
            try:
                self._types[name] = self.write(node).type
            finally:
                self._writing.discard(name)
        return of_type(identifier(name), self._types[name], self.context)

    @contextmanager
    def writing(self, alias: str) -> Iterator[None]:
        """While the alias itself is written its name means what it would mean without it."""
        added = alias not in self._writing
        self._writing.add(alias)
        try:
            yield
        finally:
            if added:
                self._writing.discard(alias)

    def _array_joined(self, name: str) -> Written | None:
        kind = self.array_joined.get(name)
        return None if kind is None else of_type(identifier(name), kind, self.context)

    def _with(self, name: str) -> Iterator[Source]:
        return (one for one in self.sources.values() if one.has(name) and (id(one), name) not in self.merged)

    def _source_with(self, name: str) -> Source | None:
        having = list({id(one): one for one in self._with(name)}.values())
        if len(having) > 1:
            raise NotResolved(f"Ambiguous query. Found multiple sources for field: {name}")
        return having[0] if having else None

    def _common(self, name: str) -> Written | None:
        """A CTE used as a value."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.common_values:
                return self._common_value(scope, name)
            if name in scope.common_tables:
                table = scope.common_tables[name]
                if len(table.columns) != 1:
                    raise QueryError(f"CTE '{name}' has several columns and cannot be used as one value")
                self.printer.count_queries(table.queries, ast.Field([name]))
                kind = next(iter(table.columns.values())).as_nullable()
                return Written(f"(SELECT * FROM {identifier(table.printed)})", kind)
            scope = scope.parent
        return None

    def _common_value(self, scope: "Scope", name: str) -> Written | None:
        key = f"{name}\0{id(scope)}"
        if key in self._writing:
            return None
        self.printer.count_queries(1, scope.common_values[name])
        self._writing.add(key)
        try:
            return self.write(scope.common_values[name])
        finally:
            self._writing.discard(key)
