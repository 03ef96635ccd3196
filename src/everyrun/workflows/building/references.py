"""What stands for a value that there will be once a graph runs."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Value:
    """A value of a run: ``fetch["rows"]``, ``graph.input("month")``, ``each.item``.

    It can be a parameter, an argument's default, or part of a text: as text it is its template.
    """

    def __init__(self, expression: str) -> None:
        self._expression = expression

    def __getitem__(self, key: str | int) -> "Value":
        if not isinstance(key, str | int):
            raise TypeError(f"a key is a text or a number, not {key!r}")
        return Value(f"{self._expression}[{key!r}]")

    def __str__(self) -> str:
        return f"{{{{ {self._expression} }}}}"

    def __repr__(self) -> str:
        return f"<{self._expression}>"

    __iter__ = None
    """It is not there yet: nothing can go through it."""


class NodeReference(Value):
    """A node of a graph. As a value it is its output."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._node = f"nodes.{key}" if key.isidentifier() else f"nodes[{key!r}]"
        super().__init__(f"{self._node}.output")

    @property
    def output(self) -> Value:
        """What it gave; the reference itself means the same."""
        return Value(f"{self._node}.output")

    @property
    def status(self) -> Value:
        """``completed``, ``failed`` or ``skipped``."""
        return Value(f"{self._node}.status")

    @property
    def error(self) -> Value:
        """The message of its error, None where there was none."""
        return Value(f"{self._node}.error")

    def __repr__(self) -> str:
        return f"<node {self.key}>"


class FunctionNode(NodeReference, Generic[P, R]):
    """A node that is a function; called, it is that function."""

    __name__: str
    __wrapped__: Callable[P, R]

    def __init__(self, key: str, function: Callable[P, R]) -> None:
        super().__init__(key)
        update_wrapper(self, function)
        self.function = function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.function(*args, **kwargs)


def plainly(value: Any) -> Any:
    """A parameter as a definition has it: references become templates, tuples lists."""
    if isinstance(value, Value):
        return str(value)
    if isinstance(value, dict):
        return {key: plainly(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plainly(item) for item in value]
    return value
