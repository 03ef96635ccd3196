"""How another process finds a function, and what of its parameters belongs to the graph."""

import inspect
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from everyrun.domain.errors import EveryrunError
from everyrun.workflows.building.references import Value, plainly
from everyrun.workflows.templates import is_template


class NotFindable(EveryrunError, TypeError):
    """No other process could find this function: put it at the top of a module."""

    status_code = 422


class NoArgument(EveryrunError, TypeError):
    """This function needs an argument that nobody gives it."""

    status_code = 422


def function_name(function: Callable[..., Any], directory: Path) -> str:
    """``module:name``, or ``file.py:name`` from ``directory`` for what cannot be imported by name.

    Raises :class:`NotFindable` for a lambda, and for what stands inside another function or in no
    file.
    """
    inner = inspect.unwrap(function)
    name = getattr(inner, "__qualname__", None)
    if name is None or "<" in name:
        raise NotFindable(
            f"{name or function!r} cannot be found by another process: "
            "a node's function stands at the top of a module"
        )
    module = sys.modules.get(inner.__module__)
    imported = None if module is None else _importable_name(module)
    if imported is not None:
        return f"{imported}:{name}"
    file = inner.__code__.co_filename if module is None else getattr(module, "__file__", None)
    if file is None or not Path(file).is_file():
        raise NotFindable(f"{name} stands in no file: no other process could find it")
    place = os.path.relpath(Path(file).resolve(), directory)
    return f"{Path(place).as_posix()}:{name}"


def _importable_name(module: ModuleType) -> str | None:
    """The name by which others can import a module; None for a script, and a file read as one."""
    specification = getattr(module, "__spec__", None)
    if specification is None or not all(map(str.isidentifier, specification.name.split("."))):
        return None
    return str(specification.name)


def arguments_of(
    function: Callable[..., Any], given: Mapping[str, Any], called: str
) -> dict[str, Any]:
    """The arguments that the graph passes: the given ones, and defaults that are templates.

    Raises :class:`NoArgument` for a parameter that would get none.
    """
    arguments = {name: plainly(value) for name, value in given.items()}
    for name, parameter in inspect.signature(function).parameters.items():
        if name in arguments or parameter.kind in (
            parameter.VAR_POSITIONAL,
            parameter.VAR_KEYWORD,
        ):
            continue
        default = parameter.default
        if default is parameter.empty:
            raise NoArgument(
                f"nothing gives {called} its {name}: write {name}=… as its default, or in arguments"
            )
        plain = plainly(default)
        if isinstance(default, Value) or is_template(plain):
            arguments[name] = plain
    return arguments
