"""Reading the query parameters of a handler without FastAPI, which looks for each anew.

That is most of what FastAPI costs a request. What is read here is what it would read; whatever is
not right, or not understood, is left to it, and so is saying what is wrong.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin
from urllib.parse import parse_qs

from fastapi.params import Depends as DependsMark
from fastapi.params import Query as QueryMark
from pydantic import TypeAdapter, ValidationError

_SCALARS = (str, int, float, bool, datetime, Enum, NoneType)


@dataclass(frozen=True)
class _Parameter:
    name: str
    alias: str
    adapter: TypeAdapter[Any]
    takes_many: bool


class Parameters:
    """The query parameters of one function, and of what it depends on."""

    def __init__(self, own: dict[str, _Parameter], dependencies: dict[str, "_Dependency"]) -> None:
        self._own = own
        self._dependencies = dependencies
        self._known = self.names

    @property
    def names(self) -> frozenset[str]:
        """The names in a query that mean something."""
        inner = (each.parameters.names for each in self._dependencies.values())
        return frozenset(self._own).union(*inner)

    @classmethod
    def of(cls, function: Callable[..., Any], given: frozenset[str]) -> "Parameters | None":
        """Those of a function, besides its parameters ``given`` otherwise.

        None where one of them is no query parameter with a default.
        """
        own: dict[str, _Parameter] = {}
        dependencies: dict[str, _Dependency] = {}
        for parameter in inspect.signature(function, eval_str=True).parameters.values():
            if parameter.name in given:
                continue
            mark = _mark(parameter)
            if isinstance(mark, DependsMark):
                dependency = mark.dependency
                inner = None if dependency is None else cls.of(dependency, frozenset())
                if dependency is None or inner is None:
                    return None
                dependencies[parameter.name] = _Dependency(dependency, inner)
            elif _is_query(parameter, mark):
                alias = getattr(mark, "alias", None) or parameter.name
                many = _takes_many(parameter.annotation)
                adapter = TypeAdapter(parameter.annotation)
                own[alias] = _Parameter(parameter.name, alias, adapter, many)
            else:
                return None
        return cls(own, dependencies)

    async def read(self, query_string: bytes) -> dict[str, Any] | None:
        """The arguments that a query gives; None where FastAPI must look at it."""
        if not query_string:
            return await self._arguments({})
        try:
            sent = parse_qs(query_string.decode("ascii"), keep_blank_values=True)
        except ValueError:
            return None
        return None if sent.keys() - self._known else await self._arguments(sent)

    async def _arguments(self, sent: dict[str, list[str]]) -> dict[str, Any] | None:
        values: dict[str, Any] = {}
        for alias in self._own.keys() & sent.keys():
            parameter, texts = self._own[alias], sent[alias]
            try:
                values[parameter.name] = parameter.adapter.validate_python(
                    texts if parameter.takes_many else texts[-1]
                )
            except ValidationError:
                return None
        for name, dependency in self._dependencies.items():
            inner = await dependency.parameters._arguments(sent)  # noqa: SLF001 - of this class
            if inner is None:
                return None
            values[name] = await dependency.function(**inner)
        return values


@dataclass(frozen=True)
class _Dependency:
    function: Callable[..., Any]
    """A coroutine function, which FastAPI would call in the event loop as well."""
    parameters: Parameters


def _mark(parameter: inspect.Parameter) -> object:
    """What FastAPI goes by: the last of the marks that an annotation has."""
    marks: tuple[object, ...] = getattr(parameter.annotation, "__metadata__", ())
    return marks[-1] if marks else None


def _is_query(parameter: inspect.Parameter, mark: object) -> bool:
    """Whether FastAPI takes it for a query parameter, and for one that may be missing."""
    if parameter.default is inspect.Parameter.empty:
        return False
    return isinstance(mark, QueryMark) or (mark is None and _is_scalar(parameter.annotation))


def _is_scalar(annotation: Any) -> bool:
    if get_args(annotation):
        return get_origin(annotation) is UnionType and all(map(_is_scalar, get_args(annotation)))
    return isinstance(annotation, type) and issubclass(annotation, _SCALARS)


def _takes_many(annotation: Any) -> bool:
    """Whether a type has a list in it: then each time that the name is sent is an item."""
    if get_origin(annotation) in {list, set, tuple}:
        return True
    return any(
        _takes_many(each) for each in get_args(annotation) if not isinstance(each, QueryMark)
    )
