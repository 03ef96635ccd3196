"""Nodes as they are added, to a graph or to a loop's body."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ParamSpec, TypeAlias, TypeVar, overload

import msgspec

from everyrun.domain.errors import EveryrunError
from everyrun.domain.graph import KeyLimit, Position, Retry
from everyrun.workflows.building.functions import arguments_of
from everyrun.workflows.building.references import FunctionNode, NodeReference, Value, plainly
from everyrun.workflows.building.spots import Spot, calling_spot

P = ParamSpec("P")
R = TypeVar("R")

Needed: TypeAlias = NodeReference | str
Needs: TypeAlias = (
    Needed
    | list[Needed | Mapping[Needed, str | bool | list[str]]]
    | Mapping[Needed, str | bool | list[str]]
)
"""A node, nodes, or nodes with the outcomes that are waited for: ``{total: "always"}``."""

Span: TypeAlias = float | str


class KeyTaken(EveryrunError, ValueError):
    """There is a node with this key already."""

    status_code = 422


class Added(msgspec.Struct):
    """A node before its graph is complete. ``parameters`` are plain; a python node's are made when
    it is known where its graph stands.
    """

    type: str
    fields: dict[str, Any]
    spot: Spot
    parameters: dict[str, Any]
    function: Callable[..., Any] | None = None
    body: "Nodes | None" = None


class Nodes:
    """What nodes are added to."""

    def __init__(self) -> None:
        self.added: dict[str, Added] = {}

    @overload
    def node(self, function: Callable[P, R], /) -> FunctionNode[P, R]: ...

    @overload
    def node(
        self,
        function: None = None,
        /,
        *,
        key: str | None = None,
        arguments: Mapping[str, Any] | None = None,
        needs: Needs | None = None,
        join: str | None = None,
        retry: int | Mapping[str, Any] | Retry | None = None,
        timeout: Span | None = None,
        concurrency: str | Mapping[str, Any] | KeyLimit | None = None,
        allow_failure: bool = False,
        in_process: bool = False,
        queue: str | None = None,
        title: str | None = None,
        description: str | None = None,
        position: Mapping[str, float] | Position | None = None,
    ) -> Callable[[Callable[P, R]], FunctionNode[P, R]]: ...

    def node(
        self,
        function: Callable[..., Any] | None = None,
        /,
        *,
        key: str | None = None,
        arguments: Mapping[str, Any] | None = None,
        needs: Needs | None = None,
        **fields: Any,
    ) -> Any:
        """Make a function a node.

        Its key is the function's name. It gets ``arguments``, and those defaults of its parameters
        that are nodes, other values of the run, or templates; it needs the nodes that it reads.
        The other options are those of every node. Called, the result is the function itself.
        """
        spot = calling_spot()

        def decorate(decorated: Callable[P, R]) -> FunctionNode[P, R]:
            name = str(key or getattr(decorated, "__name__", ""))
            given = arguments_of(decorated, arguments or {}, name)
            parameters = {"arguments": given} if given else {}
            added = Added(
                "python",
                _fields(needs, fields),
                _spot_of(decorated) or spot,
                parameters,
                function=decorated,
            )
            self._take(name, added)
            return FunctionNode(name, decorated)

        return decorate if function is None else decorate(function)

    def add(
        self,
        key: str,
        type: str,  # noqa: A002 - as the field is called
        *,
        needs: Needs | None = None,
        join: str | None = None,
        retry: int | Mapping[str, Any] | Retry | None = None,
        timeout: Span | None = None,
        concurrency: str | Mapping[str, Any] | KeyLimit | None = None,
        allow_failure: bool = False,
        in_process: bool = False,
        queue: str | None = None,
        title: str | None = None,
        description: str | None = None,
        position: Mapping[str, float] | Position | None = None,
        with_: Mapping[str, Any] | None = None,
        **parameters: Any,
    ) -> NodeReference:
        """Add a node of any type with its parameters, and answer what stands for it.

        A parameter that is called like an option of every node stands in ``with_``; one that is a
        word of Python has an underscore behind it (``if_``). It needs the nodes that it reads.
        """
        fields = {
            "join": join,
            "retry": retry,
            "timeout": timeout,
            "concurrency": concurrency,
            "allow_failure": allow_failure,
            "in_process": in_process,
            "queue": queue,
            "title": title,
            "description": description,
            "position": position,
        }
        given = _parameters(with_, parameters)
        self._take(key, Added(type, _fields(needs, fields), calling_spot(), given))
        return NodeReference(key)

    def for_each(
        self,
        key: str,
        items: Any,
        *,
        parallel: int | None = None,
        stop_on_failure: bool = False,
        needs: Needs | None = None,
        **fields: Any,
    ) -> "Loop":
        """Add a loop over a list. Nodes added to what it answers are its body.

        In the body ``item`` and ``index`` of the loop stand for the item and its number from 0.
        """
        parameters = {"items": items, "parallel": parallel, "stop_on_failure": stop_on_failure}
        return self._loop(key, "for_each", parameters, needs, fields)

    def repeat(
        self,
        key: str,
        until: str,
        *,
        max_turns: int | None = None,
        delay: Span | None = None,
        needs: Needs | None = None,
        **fields: Any,
    ) -> "Loop":
        """Add a loop that goes on until an expression over its body is true.

        In the body ``previous`` and ``index`` of the loop stand for the output of the turn before
        and the turn's number from 0.
        """
        parameters = {"until": until, "max_turns": max_turns, "delay": delay}
        return self._loop(key, "repeat", parameters, needs, fields)

    def _loop(
        self,
        key: str,
        type_: str,
        parameters: Mapping[str, Any],
        needs: Needs | None,
        fields: Mapping[str, Any],
    ) -> "Loop":
        loop = Loop(key)
        given = {name: value for name, value in parameters.items() if value not in (None, False)}
        added = Added(
            type_, _fields(needs, fields), calling_spot(), _parameters(None, given), body=loop
        )
        self._take(key, added)
        return loop

    def _take(self, key: str, added: Added) -> None:
        if key in self.added:
            raise KeyTaken(f"there is a node {key!r} already: give this one another key")
        self.added[key] = added


class Loop(NodeReference, Nodes):
    """A loop of a graph, and its body."""

    def __init__(self, key: str) -> None:
        NodeReference.__init__(self, key)
        Nodes.__init__(self)
        self.item = Value("item")
        self.index = Value("index")
        self.previous = Value("previous")


def _spot_of(function: Callable[..., Any]) -> Spot | None:
    code = getattr(function, "__code__", None)
    return None if code is None else Spot(code.co_filename, code.co_firstlineno)


def _parameters(with_: Mapping[str, Any] | None, named: Mapping[str, Any]) -> dict[str, Any]:
    given = {**(with_ or {}), **{name.removesuffix("_"): each for name, each in named.items()}}
    return {name: plainly(value) for name, value in given.items()}


def _fields(needs: Needs | None, fields: Mapping[str, Any]) -> dict[str, Any]:
    written = {
        name: msgspec.to_builtins(value)
        for name, value in fields.items()
        if value is not None and value is not False
    }
    return {"needs": list(_needs(needs)), **written}


def _needs(needs: Any) -> Iterator[Any]:
    """Needs as a list of keys, and of mappings from keys to outcomes."""
    if isinstance(needs, NodeReference | str):
        yield needs.key if isinstance(needs, NodeReference) else needs
    elif isinstance(needs, Mapping):
        yield from (
            {key: plainly(outcome)} for each, outcome in needs.items() for key in _needs(each)
        )
    elif isinstance(needs, list | tuple):
        for each in needs:
            yield from _needs(each)
    elif needs is not None:
        raise TypeError(f"needs are nodes or their keys, not {needs!r}")
