"""Putting values where a statement names them, and nowhere else."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import BindParameter, TextClause, bindparam, text

from everyrun.nodes.base import BadParameters

_IN = re.compile(r"\bIN\s+:(\w+)", re.IGNORECASE)

Values = Mapping[str, Any]


class Statement(NamedTuple):
    """A statement, the parameters that it names, and those of them that ``IN`` takes a list of."""

    clause: TextClause
    names: frozenset[str]
    lists: frozenset[str]

    def bind(self, row: Values, dialect: str) -> dict[str, Any]:
        """What the statement takes of ``row``, as the database's driver takes it."""
        return {
            name: bindable(row[name], dialect, expands=name in self.lists) for name in self.names
        }


def prepared(statement: str, rows: Sequence[Values]) -> Statement:
    """A statement whose every ``:name`` each of ``rows`` gives.

    Raises :class:`BadParameters` for a name that is not given.
    """
    clause = text(statement)
    names = list(clause.compile().params)
    for name in names:
        if any(name not in row for row in rows):
            raise BadParameters(
                f"parameters: the statement names :{name}, which is not given "
                r"(a colon that begins no name is written \:)"
            )
    lists = {
        name
        for name in _IN.findall(statement)
        if any(isinstance(row.get(name), list) for row in rows)
    }
    expanding: list[BindParameter[Any]] = [bindparam(name, expanding=True) for name in lists]
    return Statement(clause.bindparams(*expanding), frozenset(names), frozenset(lists))


def bindable(value: Any, dialect: str, *, expands: bool = False) -> Any:
    """A value as the database's driver takes it. Mappings, and lists where there are no arrays,
    are JSON; what SQLite has no type for is text, as its own functions have it."""
    if isinstance(value, list):
        if expands:
            return [bindable(each, dialect) for each in value]
        if dialect == "postgresql" and not any(isinstance(each, dict | list) for each in value):
            return value
    if isinstance(value, dict | list):
        return msgspec.json.encode(value).decode()
    if dialect == "sqlite":
        if isinstance(value, datetime):
            return value.isoformat(" ")
        if isinstance(value, date | time):
            return value.isoformat()
        if isinstance(value, Decimal | UUID):
            return str(value)
    return value
