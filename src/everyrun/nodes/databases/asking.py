"""Running a node's statements in one transaction, and what they answer."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from sqlalchemy import Connection, CursorResult
from sqlalchemy.exc import StatementError

from everyrun.nodes.base import BadParameters, NodeFailed
from everyrun.nodes.context import Context
from everyrun.nodes.databases.binding import Statement, Values, prepared
from everyrun.nodes.databases.connecting import Interrupted, connected

if TYPE_CHECKING:
    from everyrun.nodes.sql import Sql

_STREAMED = re.compile(r"\s*(SELECT|VALUES|TABLE)\b(?!.*\bINTO\b)", re.IGNORECASE | re.DOTALL)


def ask(node: "Sql", context: Context) -> Any:
    """Run the statements; answer what the last one gives.

    Raises :class:`BadParameters`, :class:`NodeFailed`, and the errors of the database's driver.
    """
    many = isinstance(node.parameters, list)
    rows = node.parameters if isinstance(node.parameters, list) else [node.parameters]
    statements = [prepared(statement, rows) for statement in node.statements()]
    _refuse_unused(statements, rows)
    if not rows:
        return {"changed": 0}
    try:
        with connected(node.url, context, writes=not node.repeatable()) as connection:
            for statement in statements[:-1]:
                _run(connection, statement, rows, context, many=many).close()
            with _run(connection, statements[-1], rows, context, many=many) as result:
                answer = _answer(result, node)
            _end_if_stopped(context)
            return answer
    except StatementError as error:
        _explain(error, context)


def _refuse_unused(statements: Sequence[Statement], rows: Sequence[Values]) -> None:
    used = {name for statement in statements for name in statement.names}
    for row in rows:
        for name in row:
            if name not in used:
                raise BadParameters(f"parameters: no statement names :{name}")


def _run(
    connection: Connection,
    statement: Statement,
    rows: Sequence[Values],
    context: Context,
    *,
    many: bool,
) -> "CursorResult[Any]":
    _end_if_stopped(context)
    bound = [statement.bind(row, connection.dialect.name) for row in rows]
    options = {"stream_results": _STREAMED.match(str(statement.clause)) is not None}
    return connection.execute(
        statement.clause, bound if many else bound[0], execution_options=options
    )


def _answer(result: "CursorResult[Any]", node: "Sql") -> Any:
    if not result.returns_rows:
        if node.fetch in ("one", "value"):
            raise NodeFailed(f"fetch: {node.fetch} needs rows, and the statement gives none")
        return {"changed": result.rowcount if result.rowcount >= 0 else None}
    if node.fetch == "none":
        return {"changed": None}
    names = list(result.keys())
    for name in names:
        if names.count(name) > 1:
            raise NodeFailed(f"statement: several columns are named {name}; name them with AS")
    most = node.max_rows if node.fetch == "all" else 1
    rows = [dict(zip(names, map(_plain, row), strict=True)) for row in result.fetchmany(most + 1)]
    if node.fetch == "all":
        if len(rows) > most:
            raise NodeFailed(f"max_rows: there are more than {most:,} rows")
        return rows
    if len(rows) != 1:
        found = "several rows" if rows else "no row"
        raise NodeFailed(f"fetch: {node.fetch} needs exactly one row, and there is {found}")
    return rows[0] if node.fetch == "one" else rows[0][names[0]]


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _end_if_stopped(context: Context) -> None:
    if context.stopping:
        raise Interrupted("stopped; nothing was committed")


def _explain(error: StatementError, context: Context) -> NoReturn:
    """Raise what the driver said: without the statement, and without the values bound."""
    _end_if_stopped(context)
    if error.orig is None:
        raise error
    raise error.orig from None
