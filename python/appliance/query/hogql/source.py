"""What stands in FROM: how it answers names, and how it is written.

Promises:
- A physical table is named in one place only, `TableSource.guarded`, inside a SELECT of its own that holds the
  project's guard and not one word of the user's. Whatever is written around it, only the project's rows come out.
- Only columns that were asked for leave that SELECT, and a link is joined only when something below it was asked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from appliance.query.hogql.context import Context
from appliance.query.hogql.errors import NotResolved
from appliance.query.hogql.properties import document, extracted_text, property_value, shredded_text
from appliance.query.hogql.quoting import identifier, text
from appliance.query.hogql.schema.table import Branch, Column, Computed, Link, Path, Table, TableField
from appliance.query.hogql.value_types import Type
from appliance.query.hogql.written import Json, TextRead, Written

_LINKS_MAX = 32
_DEPTH_MAX = 8


class Tables(Protocol):
    """The virtual schema of a query."""

    def get(self, name: str) -> Table | None: ...


class Source(Protocol):
    alias: str

    def has(self, name: str) -> bool: ...
    def value(self, chain: Sequence[str | int], *, typed: bool) -> Written: ...
    def names(self) -> Iterator[str]:
        """Of the columns that `*` stands for."""
        ...

    def written(self) -> str:
        """As it stands in FROM; called last, when all its columns are known."""
        ...


@dataclass(slots=True, eq=False)
class TableSource:
    table: Table
    alias: str
    context: Context
    tables: Tables
    root: "TableSource | None" = None
    """Of a link: the source whose chain of joins it is part of."""
    is_derived: bool = False
    """Written as one derived table with everything that is joined to it, because it is itself joined to another."""
    final: bool = False
    sample: str = ""
    needed: dict[str, str] = field(default_factory=dict)
    links: dict[str, "TableSource"] = field(default_factory=dict)
    joins: list[tuple["TableSource", str]] = field(default_factory=list)
    in_joins: bool = False
    bounds: list[str] = field(default_factory=list)
    """More conditions of our own making."""
    depth: int = 0

    def has(self, name: str) -> bool:
        return name in self.table.fields

    def names(self) -> Iterator[str]:
        return (name for name, one in self.table.fields.items() if not one.hidden)

    def value(self, chain: Sequence[str | int], *, typed: bool) -> Written:
        return self._value(self.table.fields.get(str(chain[0])), list(chain), (), typed)

    def column(self, name: str) -> Written:
        return self.value([name], typed=True)

    def _value(
        self, found: TableField | None, chain: list[str | int], path: tuple[str, ...], typed: bool
    ) -> Written:
        name, rest = str(chain[0]), chain[1:]
        match found:
            case Column() if found.type.name == "JSON" and rest:
                # The document itself is not asked for.
                json = self._json("__".join((*path, name)), found).below(*rest)
                return property_value(json, self.context, typed=typed)
            case Column():
                return inside(self._column("__".join((*path, name)), found), rest, self.context, typed=typed)
            case Computed():
                return inside(found.write(self), rest, self.context, typed=typed)
            case Path():
                return self.value([*found.chain, *rest], typed=typed)
            case Link() if rest:
                return self.linked(name).value(rest, typed=typed)
            case Branch() if rest:
                return self._value(found.fields.get(str(rest[0])), rest, (*path, name), typed)
            case Link() | Branch():
                raise NotResolved(f"Can't use '{name}' as a value: it is a table, name one of its fields")
        raise NotResolved(f"Field not found: {name}")

    def linked(self, name: str) -> "TableSource":
        """The source that a link leads to, joined from now on."""
        found = self.links.get(name)
        if found is not None:
            return found
        link = self.table.fields[name]
        root = self.root or self
        if not isinstance(link, Link):
            raise NotResolved(f"Field not found: {name}")
        table = self.tables.get(link.table)
        if table is None:
            raise NotResolved(f"Unknown table `{link.table}`.")
        if len(root.joins) >= _LINKS_MAX or self.depth >= _DEPTH_MAX:
            raise NotResolved("The query goes through too many joins")
        made = TableSource(
            table, f"{self.alias}__{name}", self.context, self.tables, root=root, depth=self.depth + 1
        )
        self.links[name] = made
        # What the condition itself needs joined comes first: it is asked for before this one is added.
        outside, root.in_joins = root.in_joins, True
        ours, theirs = self.column(link.on[0]), made.column(link.on[1])
        root.in_joins = outside
        root.joins.append((made, f"equals({ours.bare or ours.sql}, {theirs.bare or theirs.sql})"))
        return made

    def physical(self, column: str) -> str:
        """A column of the store under its own name."""
        return self._need(f"stored__{column}", f"source.{identifier(column)}")

    def _column(self, name: str, column: Column) -> Written:
        sql = self._need(name, self._selected(column))
        kind = column.type
        if kind.name == "DateTime" and column.timezone and self.context.timezone != "UTC":
            return Written(f"toTimeZone({sql}, {text(self.context.timezone)})", kind, bare=sql)
        if kind.name == "JSON":
            return Written(sql, kind, json=self._json(name, column))
        return Written(sql, kind, bare=sql if kind.name == "DateTime" else "")

    def _selected(self, column: Column) -> str:
        if self.table.grouping is None or column.whole:
            return column.sql
        return self._latest(column.sql)

    def _latest(self, sql: str) -> str:
        grouping = self.table.grouping
        version = grouping.version if grouping else ""
        # In a tuple, because argMax would pass over NULL and give an older value.
        return f"tupleElement(argMax(tuple({sql}), {version}), 1)"

    def _json(self, name: str, column: Column) -> Json:
        def read(keys: tuple[str | int, ...]) -> TextRead:
            key = keys[0]
            if column.is_events_properties and len(keys) == 1 and isinstance(key, str):
                shredded = self.context.shredded.get(key)
                if shredded is not None:
                    if key in self.context.promoted:
                        self.context.properties_read.add(("promoted", key))
                    return shredded_text(self.physical(shredded), has_null=shredded != key)
            if isinstance(key, str) and column.type.owner is not None:
                self.context.properties_read.add((column.type.owner, key))
            if self.table.grouping is None:
                return document(self._need(name, column.sql), self.context)(keys)
            # Only this property goes through the grouping, not the whole document.
            inner = self._latest(extracted_text(column.sql, keys, self.context))
            return TextRead(self._need(f"{name}__" + "__".join(str(one) for one in keys), inner))

        return Json(read, owner=column.type.owner, group_type_index=column.type.group_type_index)

    def _need(self, name: str, sql: str) -> str:
        """The reference to an inner column: from the user's expressions, or from the conditions of our own joins."""
        self.needed[name] = sql
        if self.root is not None and self.root.is_derived and not self.root.in_joins:
            exported = f"{self.alias}__{name}"
            return f"{identifier(self.root.alias)}.{identifier(exported)}"
        return f"{identifier(self.alias)}.{identifier(name)}"

    def written(self) -> str:
        alias = identifier(self.alias)
        if not self.is_derived or not self.joins:
            return self._chain()
        exported = [f"{alias}.{identifier(name)} AS {identifier(name)}" for name in self.needed]
        for made, _ in self.joins:
            exported += [
                f"{identifier(made.alias)}.{identifier(name)} AS {identifier(f'{made.alias}__{name}')}"
                for name in made.needed
            ]
        return f"(SELECT {', '.join(exported)} FROM {self._chain()}) AS {alias}"

    def _chain(self) -> str:
        joined = [f"LEFT JOIN {one.guarded()} ON {condition}" for one, condition in self.joins]
        return " ".join([self.guarded(), *joined])

    def guarded(self) -> str:
        """The one place that names a physical table."""
        table, grouping = self.table, self.table.grouping
        columns = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in self.needed.items()) or "1 AS one"
        tail = ""
        if grouping is not None:
            tail = f" GROUP BY {', '.join(grouping.keys)}"
            tail += f" HAVING {grouping.having}" if grouping.having else ""
        if not table.physical:
            return self._made_of_rows()
        project = int(self.context.project.id)
        condition = f"equals(source.team_id, {project})"
        more = [*([table.where.format(project=project)] if table.where else []), *dict.fromkeys(self.bounds)]
        where = f"and({condition}, {', '.join(more)})" if more else condition
        read = f"{identifier(table.physical)} AS source{' FINAL' if self.final else ''}{self.sample}"
        return f"(SELECT {columns} FROM {read} WHERE {where}{tail}) AS {identifier(self.alias)}"

    def _made_of_rows(self) -> str:
        """A table of our own making: its columns' `sql` is their place in each row."""
        columns = [
            f"tupleElement(source, {place}) AS {identifier(name)}" for name, place in self.needed.items()
        ]
        rows = ", ".join(
            f"tuple({', '.join(text(one) if isinstance(one, str) else str(one) for one in row)})"
            for row in self.table.rows
        )
        selected = ", ".join(columns) or "1 AS one"
        return f"(SELECT {selected} FROM (SELECT arrayJoin([{rows}]) AS source)) AS {identifier(self.alias)}"


@dataclass(slots=True, eq=False)
class QuerySource:
    """A subquery, a CTE, or a function: something whose columns have names and types already."""

    alias: str
    columns: dict[str, Type]
    sql: str
    """Without the alias."""
    context: Context

    def has(self, name: str) -> bool:
        return name in self.columns

    def names(self) -> Iterator[str]:
        return iter(self.columns)

    def value(self, chain: Sequence[str | int], *, typed: bool) -> Written:
        name = str(chain[0])
        kind = self.columns.get(name)
        if kind is None:
            raise NotResolved(f"Field not found: {name}")
        sql = f"{identifier(self.alias)}.{identifier(name)}"
        return inside(of_type(sql, kind, self.context), chain[1:], self.context, typed=typed)

    def written(self) -> str:
        return f"{self.sql} AS {identifier(self.alias)}"


def of_type(sql: str, kind: Type, context: Context) -> Written:
    """A value of a known type that is only a name here."""
    if kind.name == "JSON":
        json = Json(document(sql, context), owner=kind.owner, group_type_index=kind.group_type_index)
        return Written(sql, kind, json=json)
    return Written(sql, kind)


def inside(value: Written, chain: Sequence[str | int], context: Context, *, typed: bool) -> Written:
    """What lies at the rest of a name: a property, a member of a tuple, an element."""
    if not chain:
        return value
    if value.json is not None:
        return property_value(value.json.below(*chain), context, typed=typed)
    step, rest = chain[0], chain[1:]
    if value.type.name == "Tuple":
        return inside(_member(value, step), rest, context, typed=typed)
    if value.type.name == "Array" and isinstance(step, int):
        return inside(_element(value, step), rest, context, typed=typed)
    if value.type.name == "Map" and isinstance(step, str):
        kind = value.type.items[1] if len(value.type.items) > 1 else Type("Unknown")
        found = Written(f"arrayElement({value.sql}, {context.parameter(step, 'String')})", kind)
        return inside(found, rest, context, typed=typed)
    if value.type.name in ("String", "Unknown"):
        return property_value(Json(document(value.sql, context)).below(*chain), context, typed=typed)
    raise NotResolved(f"Field not found: {step}")


def _member(value: Written, step: str | int) -> Written:
    if isinstance(step, int):
        kind = value.type.items[step - 1] if 0 < step <= len(value.type.items) else Type("Unknown")
        return Written(f"tupleElement({value.sql}, {int(step)})", kind)
    if step not in value.type.names:
        raise NotResolved(f"Field not found: {step}")
    index = value.type.names.index(step)
    return Written(f"tupleElement({value.sql}, {index + 1})", value.type.items[index])


def _element(value: Written, step: int) -> Written:
    return Written(f"arrayElement({value.sql}, {int(step)})", value.type.element)
