"""`person_id in cohort 5`, by number or by name."""

from appliance.query.hogql import ast
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.scope import Scope
from appliance.query.hogql.value_types import BOOLEAN
from appliance.query.hogql.written import Written


def in_cohort(node: ast.CompareOperation, scope: Scope) -> Written:
    if not isinstance(node.right, ast.Constant) or not isinstance(node.right.value, int | str):
        message = "A cohort is named by its number or its name"
        raise QueryError(message, node.right.start, node.right.end)
    named = node.right.value
    cohort = scope.context.project.cohort(named)
    if cohort is None:
        shown = f"with ID {named}" if isinstance(named, int) else f"with name '{named}'"
        raise QueryError(f"Could not find a cohort {shown}", node.right.start, node.right.end)
    left = scope.write(node.left)
    from appliance.query.filters import cohort_select  # noqa: PLC0415  filters are built on top of HogQL

    members = scope.printer.query(cohort_select(cohort, scope.context), None)
    function = "in" if node.op == "in cohort" else "notIn"
    return Written(f"{function}({left.sql}, ({members.sql}))", BOOLEAN)


def members_of(cohort_id: int, is_static: bool, version: int | None) -> ast.SelectQuery:
    """The persons of a cohort as the store holds them: nobody while it was never calculated."""
    table = "static_cohort_people" if is_static else "raw_cohort_people"
    where: list[ast.Expr] = [_equals("cohort_id", cohort_id)]
    if not is_static:
        where.append(_equals("version", -1 if version is None else version))
    return ast.SelectQuery(
        select=[ast.Field(["person_id"])],
        select_from=ast.JoinExpr(ast.Field([table])),
        where=ast.And(where),
        group_by=None if is_static else [ast.Field(["person_id"])],
        having=None if is_static else _positive(),
    )


def _equals(name: str, value: int) -> ast.Expr:
    return ast.CompareOperation(ast.Field([name]), ast.Constant(value), "==")


def _positive() -> ast.Expr:
    return ast.CompareOperation(ast.Call("sum", [ast.Field(["sign"])]), ast.Constant(0), ">")
