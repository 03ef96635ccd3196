"""``python``: a function of one's own."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from inspect import (
    Parameter,
    Signature,
    isasyncgen,
    isasyncgenfunction,
    isgenerator,
    isgeneratorfunction,
    signature,
    unwrap,
)
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Annotated, Any

from msgspec import Meta, field

from everyrun.domain.suggesting import enumerated, which_there_are
from everyrun.nodes.base import BadParameters, NodeFailed, NodeType
from everyrun.nodes.context import Context
from everyrun.nodes.function_files import SUFFIX, load_file, load_module
from everyrun.nodes.written import written


class Python(NodeType):
    """Call a Python function; what it returns is the output.

    A plain function runs in a thread of its own (with `in_process` in a process of its own), an
    `async` one on the engine's event loop. `everyrun.log`, `everyrun.progress` and
    `everyrun.current_node().stopping` work in it.

    A file is loaded when it is first needed and again when it has changed. While it loads, its
    folder is the first that modules are imported from, as with `python steps.py`; modules are
    imported from the workflow file's folder too. A file beside an `__init__.py` is imported as a
    module of that package.
    """

    function: Annotated[
        str,
        Meta(
            description=(
                "`module:name`, or `file.py:name` with a path that starts at the workflow file's "
                "folder. A name may have dots: `steps.py:Steps.parse`."
            )
        ),
    ]
    arguments: Annotated[
        dict[str, Any], Meta(description="The arguments by their names; checked before the call.")
    ] = field(default_factory=dict)

    def run(self, context: Context) -> Any:
        """Call the function; of an ``async`` one answer the coroutine.

        Raises :class:`BadParameters` where there is no such function, or its arguments are others.
        """
        function = find_function(self.function, context.directory)
        positional, named = _arranged(self.function, function, self.arguments)
        result = function(*positional, **named)
        if isgenerator(result) or isasyncgen(result):
            raise NodeFailed(f"{self.function} returned a generator: return a list of its items")
        return result

    @classmethod
    def problems_of(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The function is named in one of the two ways."""
        function = written(parameters, "function", str)
        problem = None if function is None else _problem_with(function)
        return [("function", problem)] if problem else []


def find_function(named: str, directory: Path) -> Callable[..., Any]:
    """The function that ``module:name`` or ``file.py:name`` means.

    Raises :class:`BadParameters` where there is none, and what the module raises when imported.
    """
    problem = _problem_with(named)
    if problem:
        raise BadParameters(problem)
    place, _, name = named.rpartition(":")
    module = _file(place, directory) if place.endswith(SUFFIX) else _module(place, directory)
    found: Any = module
    for part in name.split("."):
        if not hasattr(found, part):
            known = _functions_of(found, module.__name__)
            raise BadParameters(f"there is no {part} in {place}; {which_there_are(part, known)}")
        found = getattr(found, part)
        place = f"{place}.{part}" if ":" in place else f"{place}:{part}"
    if not callable(found):
        raise BadParameters(f"{named} is no function but of type {type(found).__name__}")
    _refuse_generator(named, found)
    function: Callable[..., Any] = found
    return function


def _functions_of(owner: Any, module: str) -> list[str]:
    """What can be called of a module or class, and was made there and not imported."""
    return [
        name
        for name, value in getattr(owner, "__dict__", {}).items()
        if not name.startswith("_")
        and callable(getattr(owner, name))
        and getattr(value, "__module__", module) == module
    ]


def _problem_with(named: str) -> str | None:
    place, colon, name = named.rpartition(":")
    if not colon or not place or not all(part.isidentifier() for part in name.split(".")):
        return f"{named!r} names no function: write module:name, or file.py:name"
    if not place.endswith(SUFFIX) and not all(part.isidentifier() for part in place.split(".")):
        return f"{place!r} is neither a module nor a {SUFFIX} file"
    return None


def _file(place: str, directory: Path) -> ModuleType:
    path = directory / place
    try:
        return load_file(path)
    except OSError as error:
        if error.filename is None or Path(error.filename).name != path.name:
            raise  # the file's own
        raise BadParameters(f"cannot read {path}: {error.strerror}") from error


def _module(name: str, directory: Path) -> ModuleType:
    try:
        return load_module(name, directory)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise  # one that the module itself wants
        raise BadParameters(
            f"there is no module {error.name}, neither installed nor in {directory}"
        ) from error


def _refuse_generator(named: str, function: Callable[..., Any]) -> None:
    inner = unwrap(function)
    if isgeneratorfunction(inner) or isasyncgenfunction(inner):
        raise BadParameters(
            f"{named} is a generator, which gives its items one by one: return a list of them"
        )


def _arranged(
    named: str, function: Callable[..., Any], arguments: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """The arguments as they are passed: those that have no name to pass them by come first."""
    try:
        known = isinstance(function, FunctionType)
        wanted = _signature_of(function) if known else signature(function)
    except (TypeError, ValueError):  # some built-in functions do not say
        return [], dict(arguments)
    _check_arguments(named, wanted, arguments)
    nameless = [
        name
        for name, parameter in wanted.parameters.items()
        if parameter.kind is Parameter.POSITIONAL_ONLY and name in arguments
    ]
    others = {name: value for name, value in arguments.items() if name not in nameless}
    return [arguments[name] for name in nameless], others


@lru_cache(maxsize=256)
def _signature_of(function: Callable[..., Any]) -> Signature:
    """Kept, for it takes longer to find than most of the rest."""
    return signature(function)


def _check_arguments(named: str, wanted: Signature, arguments: Mapping[str, Any]) -> None:
    parameters = wanted.parameters.values()
    takes_any = any(each.kind is Parameter.VAR_KEYWORD for each in parameters)
    variadic = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    known = {each.name: each for each in parameters if each.kind not in variadic}
    unknown = [] if takes_any else [name for name in arguments if name not in known]
    missing = [
        name
        for name, each in known.items()
        if each.default is Parameter.empty and name not in arguments
    ]
    sentences = [
        f"parameter 'arguments': {named} takes no {name!r}; {which_there_are(name, known)}"
        for name in unknown
    ]
    if missing:
        sentences.append(f"parameter 'arguments': {named} needs {enumerated(missing)}")
    if sentences:
        raise BadParameters("; ".join(sentences))
