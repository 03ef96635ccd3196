"""Node types by name: the built-in ones, and those that installed packages add.

Only what is asked for is imported: a graph of shell commands never loads an HTTP client.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

from everyrun.domain.errors import EveryrunError
from everyrun.domain.suggesting import which_there_are
from everyrun.nodes.base import NodeType
from everyrun.nodes.parameters import build, problems_in, schema_of

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = [
    "BUILT_IN",
    "GROUP",
    "BrokenNodeType",
    "UnknownNodeType",
    "build",
    "find",
    "forget",
    "names",
    "problems_in",
    "schema_of",
    "summary_of",
]

GROUP = "everyrun.nodes"
"""The entry-point group in which packages name their node types."""

BUILT_IN: Mapping[str, str] = {
    "python": "everyrun.nodes.python:Python",
    "shell": "everyrun.nodes.shell:Shell",
    "http": "everyrun.nodes.http:Http",
    "sql": "everyrun.nodes.sql:Sql",
    "condition": "everyrun.nodes.condition:Condition",
    "switch": "everyrun.nodes.switch:Switch",
    "set": "everyrun.nodes.set:Set",
    "for_each": "everyrun.nodes.for_each:ForEach",
    "repeat": "everyrun.nodes.repeat:Repeat",
    "workflow": "everyrun.nodes.sub_workflow:SubWorkflow",
    "wait": "everyrun.nodes.wait:Wait",
    "approval": "everyrun.nodes.approval:Approval",
    "file_read": "everyrun.nodes.file_read:FileRead",
    "file_write": "everyrun.nodes.file_write:FileWrite",
    "notify": "everyrun.nodes.notify:Notify",
}
"""Name -> ``module:Class``. The same as in ``pyproject.toml``, without the search for it."""


class UnknownNodeType(EveryrunError, LookupError):
    """There is no node type of this name."""

    status_code = 422


class BrokenNodeType(EveryrunError, ImportError):
    """A node type is named that cannot be used as things are installed here."""

    status_code = 422


@cache
def find(name: str) -> type[NodeType]:
    """The node type of this name; a built-in one is never replaced by a package's.

    Raises :class:`UnknownNodeType`, which says which there are, and :class:`BrokenNodeType`.
    """
    place = BUILT_IN.get(name)
    if place is not None:
        return _built_in(name, place)
    entry_point = _added().get(name)
    if entry_point is None:
        raise UnknownNodeType(f"there is no node type {name!r}; {which_there_are(name, names())}")
    return _loaded(entry_point)


def names() -> list[str]:
    """The names of all node types, the built-in ones first."""
    return [*BUILT_IN, *sorted(_added())]


def summary_of(kind: type[NodeType]) -> str:
    """One line of what a node type does."""
    return kind.summary or next(iter(cleandoc(kind.__doc__ or "").splitlines()), "")


def forget() -> None:
    """Look again for what packages add, when next asked: for tests, and after an installation."""
    find.cache_clear()
    _added.cache_clear()


@cache
def _added() -> "Mapping[str, EntryPoint]":
    from importlib.metadata import entry_points

    found = entry_points(group=GROUP)
    return {point.name: point for point in found if point.name not in BUILT_IN}


def _built_in(name: str, place: str) -> type[NodeType]:
    module, _, class_name = place.partition(":")
    try:
        kind: type[NodeType] = getattr(import_module(module), class_name)
    except ImportError as error:
        raise BrokenNodeType(
            f"node type {name!r} needs more than is installed: {error}; install everyrun[server]"
        ) from error
    return kind


def _loaded(entry_point: "EntryPoint") -> type[NodeType]:
    package = entry_point.dist.name if entry_point.dist else "a package"
    where = f"node type {entry_point.name!r} of {package} ({entry_point.value})"
    try:
        found: Any = entry_point.load()
    except Exception as error:  # whatever another package does when it is imported
        raise BrokenNodeType(f"{where} cannot be loaded: {error!r}") from error
    if not isinstance(found, type) or not issubclass(found, NodeType):
        raise BrokenNodeType(f"{where} is no subclass of everyrun.nodes.base.NodeType")
    return found
