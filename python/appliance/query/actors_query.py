"""ActorsQuery: people or groups, all of them or those in a number of an insight."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from appliance.failures import Invalid
from appliance.query.actors import group_type_of, source_actors
from appliance.query.asked import Asked
from appliance.query.columns import Column, grouped, read_columns, read_limit, read_order, without_label
from appliance.query.events_query import object_of
from appliance.query.filters import Scope, property_to_expr
from appliance.query.filters.terms import alias, call, compare, constant, every, field, some
from appliance.query.hogql import ast
from appliance.query.hogql.own_text import select_of

_DAY = re.compile(r"day_([0-9]{1,4})")
_SEARCH_CHARACTERS_MAX = 500
_NAMES = ("actor", "person", "group")

_PERSONS = "SELECT id, created_at, properties, is_identified FROM persons WHERE id IN {ids}"
_DISTINCT_IDS = """
SELECT person_id, arraySlice(arraySort(groupArray(distinct_id)), 1, 100) FROM person_distinct_ids
WHERE person_id IN {ids} GROUP BY person_id
"""
_GROUPS = "SELECT key, created_at, properties FROM groups WHERE index = {index} AND key IN {keys}"
_PEOPLE_BY_DISTINCT_ID = "SELECT person_id FROM person_distinct_ids WHERE distinct_id ILIKE {pattern}"


def actors_query(query: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """The answer to an ActorsQuery."""
    return _Actors(query, asked).answer()


class _Actors:
    def __init__(self, query: Mapping[str, Any], asked: Asked) -> None:
        self._query = query
        self._asked = asked
        self._source = query.get("source")
        self._group_type = group_type_of(self._source)
        self._actors = None if self._source is None else source_actors(self._source, asked)
        self._given = {
            one.alias if isinstance(one, ast.Alias) else one.chain[-1]
            for one in (self._actors.select if isinstance(self._actors, ast.SelectQuery) else ())
            if isinstance(one, ast.Alias | ast.Field)
        }

    def answer(self) -> dict[str, Any]:
        default = ["actor"] if self._actors is not None else ["person", "id", "created_at"]
        special = self._special()
        columns = read_columns(self._query.get("select") or default, special)
        limit, offset = read_limit(self._query, self._asked.context.limit_max)
        groups = grouped(columns)
        order = self._query.get("orderBy")
        tree = ast.SelectQuery(
            [alias(f"column_{number}", column.expr) for number, column in enumerate(columns)],
            select_from=self._from(),
            where=self._where(),
            group_by=groups or None,
            order_by=read_order(order, special) if order else self._order(columns, groups),
            limit=constant(limit),
            offset=constant(offset),
        )
        answer = self._asked.run(tree, name="actors")
        rows = [list(row) for row in answer.rows]
        missing = self._expand(columns, rows)
        return {
            "results": rows,
            "columns": [column.text for column in columns],
            "types": list(answer.types),
            "hogql": answer.hogql,
            "missing_actors_count": missing,
            "hasMore": answer.has_more,
            "limit": limit,
            "offset": offset,
        }

    def _special(self) -> Mapping[str, Callable[[], ast.Expr]]:
        """What the names of actors stand for. An actor is selected as an id and shown whole afterwards."""
        names: dict[str, Callable[[], ast.Expr]] = dict.fromkeys(_NAMES, self._id)
        names["actor_id"] = self._id
        names["person.$delete"] = lambda: constant(None)
        if self._actors is None:
            return names
        if self._group_type is None and not self._joins_persons:
            names["id"] = self._id
        for name in ("event_count", "appearances"):
            if name in self._given:
                names[name] = lambda name=name: field("source", name)  # type: ignore[misc]
        if "matching_events" in self._given:
            names["matched_recordings"] = lambda: field("source", "matching_events")
        if "appearances" in self._given:
            for text in self._texts("select"):
                found = _DAY.fullmatch(without_label(text))
                if found:
                    names[found[0]] = lambda number=int(found[1]): call(  # type: ignore[misc]
                        "toInt", call("has", field("source", "appearances"), constant(number))
                    )
        return names

    def _texts(self, name: str) -> list[str]:
        """The texts of a list; what else it may be is refused where the list is read."""
        given = self._query.get(name)
        return [one for one in given if isinstance(one, str)] if isinstance(given, list) else []

    def _id(self) -> ast.Expr:
        return field("persons", "id") if self._actors is None else field("source", "actor_id")

    @property
    def _joins_persons(self) -> bool:
        """Whether anything is asked that only the table of persons knows."""
        wanted = {without_label(one) for one in self._texts("select")}
        known = {
            *_NAMES,
            "actor_id",
            "event_count",
            "appearances",
            "matched_recordings",
            "person.$delete",
            "id",
        }
        rest = {one for one in wanted - known if not _DAY.fullmatch(one)}
        order = {one.removesuffix(" DESC").removesuffix(" ASC") for one in self._texts("orderBy")}
        filters = any(self._query.get(name) for name in ("properties", "fixedProperties", "search"))
        return bool(rest or order - known or filters)

    def _from(self) -> ast.JoinExpr:
        if self._actors is None:
            return ast.JoinExpr(field("persons"), alias="persons")
        first = ast.JoinExpr(self._actors, alias="source")
        if not self._joins_persons:
            return first
        if self._group_type is None:
            same = compare(
                call("toString", field("persons", "id")), "==", call("toString", field("source", "actor_id"))
            )
            constraint = ast.JoinConstraint(same, "ON")
            first.next_join = ast.JoinExpr(
                field("persons"), alias="persons", join_type="LEFT JOIN", constraint=constraint
            )
        else:
            keyed = compare(field("groups", "key"), "==", field("source", "actor_id"))
            groups = select_of(
                "SELECT key, created_at, properties FROM groups WHERE index = {index}",
                {"index": self._group_type},
            )
            constraint = ast.JoinConstraint(keyed, "ON")
            first.next_join = ast.JoinExpr(
                groups, alias="groups", join_type="LEFT JOIN", constraint=constraint
            )
        return first

    def _where(self) -> ast.Expr:
        is_person = self._group_type is None
        scope = Scope("person", ("persons",)) if is_person else Scope("group", ("groups",))
        conditions = [
            property_to_expr(self._query.get(name), self._asked.context, scope)
            for name in ("properties", "fixedProperties")
        ]
        return every((*conditions, self._searched()))

    def _searched(self) -> ast.Expr:
        text = self._query.get("search")
        if text is None or text == "":
            return constant(value=True)
        if not isinstance(text, str) or len(text) > _SEARCH_CHARACTERS_MAX:
            raise Invalid(
                f"search must be a text of at most {_SEARCH_CHARACTERS_MAX} characters", attr="search"
            )
        pattern = constant("%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%")
        if self._group_type is not None:
            names = [field("source", "actor_id"), field("groups", "properties", "name")]
            return some(compare(one, "ilike", pattern) for one in names)
        person = ("persons", "properties")
        texts: list[ast.Expr] = [
            field(*person, "email"),
            field(*person, "name"),
            call("toString", field("persons", "id")),
        ]
        by_distinct_id = select_of(_PEOPLE_BY_DISTINCT_ID, {"pattern": pattern})
        found = [compare(one, "ilike", pattern) for one in texts]
        return some((*found, compare(field("persons", "id"), "in", by_distinct_id)))

    def _order(self, columns: Sequence[Column], groups: Sequence[ast.Expr] | None) -> list[ast.OrderExpr]:
        """The largest aggregate first; else who acted most, else the newest."""
        if groups is not None:
            counts = [column for column in columns if column.is_aggregate]
            chosen = next((one for one in counts if without_label(one.text) == "count()"), counts[0])
            return [ast.OrderExpr(chosen.expr, "DESC")]
        if "appearances" in self._given:
            length = call("length", field("source", "appearances"))
            return [ast.OrderExpr(length, "DESC"), ast.OrderExpr(self._id(), "ASC")]
        if "event_count" in self._given:
            return [ast.OrderExpr(field("source", "event_count"), "DESC"), ast.OrderExpr(self._id(), "DESC")]
        if self._actors is None:
            return [ast.OrderExpr(field("persons", "created_at"), "DESC"), ast.OrderExpr(self._id(), "ASC")]
        return [ast.OrderExpr(self._id(), "ASC")]

    def _expand(self, columns: Sequence[Column], rows: list[list[Any]]) -> int:
        """Puts whole actors where their ids are. How many of them have no profile."""
        places = [number for number, column in enumerate(columns) if without_label(column.text) in _NAMES]
        for number, column in enumerate(columns):
            if without_label(column.text) == "matched_recordings":
                for row in rows:
                    row[number] = _recordings(row[number])
        if not places:
            return 0
        ids = [str(row[places[0]]) for row in rows]
        found = self._persons(ids) if self._group_type is None else self._groups(ids)
        for row in rows:
            for place in places:
                id_ = str(row[place])
                row[place] = found.get(id_) or self._unknown(id_)
        return sum(1 for id_ in set(ids) if id_ not in found)

    def _unknown(self, id_: str) -> dict[str, Any]:
        if self._group_type is not None:
            return {"id": id_, "type": "group", "properties": {}, "created_at": None}
        return {
            "id": id_,
            "distinct_ids": [],
            "properties": {},
            "created_at": None,
            "is_identified": False,
            "name": id_,
        }

    def _persons(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        if not ids:
            return {}
        wanted = ast.Tuple([call("toUUID", constant(id_)) for id_ in dict.fromkeys(ids)])
        names = {
            str(id_): list(distinct_ids)
            for id_, distinct_ids in self._asked.run(
                select_of(_DISTINCT_IDS, {"ids": wanted}), name="ids"
            ).rows
        }
        found = {}
        for id_, created_at, text, is_identified in self._asked.run(
            select_of(_PERSONS, {"ids": wanted}), name="persons"
        ).rows:
            properties, distinct_ids = object_of(text), names.get(str(id_), [])
            found[str(id_)] = {
                "id": str(id_),
                "distinct_ids": distinct_ids,
                "properties": properties,
                "created_at": created_at,
                "is_identified": bool(is_identified),
                "name": _name(properties, distinct_ids, str(id_)),
            }
        return found

    def _groups(self, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        if not keys:
            return {}
        values = {
            "index": self._group_type,
            "keys": ast.Tuple([constant(key) for key in dict.fromkeys(keys)]),
        }
        rows = self._asked.run(select_of(_GROUPS, values), name="groups").rows
        return {
            key: {"id": key, "type": "group", "properties": object_of(text), "created_at": created_at}
            for key, created_at, text in rows
        }


def _name(properties: Any, distinct_ids: Sequence[str], id_: str) -> str:
    for name in ("email", "name", "username"):
        if isinstance(properties, Mapping) and properties.get(name):
            return str(properties[name])
    return distinct_ids[0] if distinct_ids else id_


def _recordings(matching: Any) -> list[dict[str, Any]]:
    """Sessions with the events behind the number."""
    sessions: dict[str, list[dict[str, Any]]] = {}
    for timestamp, uuid, session_id, window_id in matching or ():
        if session_id:
            sessions.setdefault(str(session_id), []).append(
                {"timestamp": timestamp, "uuid": str(uuid), "window_id": window_id}
            )
    return [{"session_id": session_id, "events": events} for session_id, events in sessions.items()]
