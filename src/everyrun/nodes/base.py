"""What a node type is: a class whose fields are its parameters and whose ``run`` does the work."""

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import msgspec

from everyrun.domain.errors import EveryrunError
from everyrun.nodes.context import Context


class NodeType(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A step that a graph can contain.

    The fields are the parameters: their types and defaults make the form, the documentation and
    the errors. ``run`` does the work and answers the output; an exception fails the attempt. An
    ``async def run`` runs on the engine's event loop, a plain one in a thread of its own.
    It changes none of the fields: several attempts may share an instance.
    """

    summary: ClassVar[str] = ""
    """One line of what it does; the first line of the docstring where empty."""
    safe_to_repeat: ClassVar[bool] = False
    """Whether running it twice does no harm; failed attempts are then retried by default."""
    quick: ClassVar[bool] = False
    """Whether ``run`` neither waits nor computes long: the engine then calls it on the spot."""
    has_body: ClassVar[bool] = False
    """Whether a definition of this type has ``do:``."""
    waiting: ClassVar[bool] = False
    """Whether ``run`` mostly waits for the world: it then takes no place among those that run."""
    left_as_written: ClassVar[frozenset[str]] = frozenset()
    """Parameters whose templates the node type evaluates itself, when it is time."""

    def run(self, context: Context) -> Any:
        """Do the work and answer the output: any value, on record as :mod:`domain.payloads` has it.

        Answer a :class:`Chosen` to take a branch. What a plain ``run`` answers is awaited on the
        event loop if it is awaitable.
        """
        raise NotImplementedError

    def repeatable(self) -> bool:
        """Whether running this one twice does no harm; the class's word unless narrowed."""
        return self.safe_to_repeat

    @classmethod
    def branches_of(cls, parameters: Mapping[str, Any]) -> tuple[str, ...]:
        """The branches that edges may wait for, given the parameters as they were written."""
        return ()

    @classmethod
    def problems_of(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What is wrong with parameters beyond their types, before anything runs.

        Answers (parameter, sentence). Values may be templates: judge only what is not one.
        """
        return []


class Chosen(NamedTuple):
    """The branch that a condition or switch took, and its output."""

    branch: str
    output: Any = None


class NodeFailed(EveryrunError):
    """This node did not do what it should; the message says why.

    ``output`` is put on record all the same (an exit code, a response).
    """

    status_code = 422

    def __init__(self, message: str, output: Any = None) -> None:
        super().__init__(message)
        self.output = output


class BadParameters(EveryrunError, ValueError):
    """A node's parameters cannot work; the message names the parameter."""

    status_code = 422
