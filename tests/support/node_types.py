"""A catalogue of a few node types, for tests of graphs that care about none in particular."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from msgspec import Meta, field

from everyrun.domain.errors import EveryrunError
from everyrun.nodes.base import NodeType


class Step(NodeType):
    """Does anything."""

    value: Any = None
    count: Annotated[int, Meta(ge=0)] = 0
    words: list[str] = field(default_factory=list)


class Strict(NodeType):
    """Needs a name."""

    name: str
    size: int = field(name="how-large", default=1)

    @classmethod
    def problems_of(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        return [("name", "nobody is called x")] if parameters.get("name") == "x" else []


class Fork(NodeType):
    """Chooses a branch: true or false."""

    @classmethod
    def branches_of(cls, parameters: Mapping[str, Any]) -> tuple[str, ...]:
        return ("true", "false")


class Ways(NodeType):
    """Chooses one of its ways, which only its run may tell."""

    ways: Any = None

    @classmethod
    def branches_of(cls, parameters: Mapping[str, Any]) -> tuple[str, ...]:
        ways = parameters.get("ways")
        return tuple(ways) if isinstance(ways, list) else ()


class Each(NodeType):
    """Has a body, once for each item."""

    has_body: ClassVar[bool] = True
    items: list[Any] = field(default_factory=list)


class Again(NodeType):
    """Has a body, until it is enough."""

    has_body: ClassVar[bool] = True
    left_as_written: ClassVar[frozenset[str]] = frozenset({"until"})
    until: str = "true"


class Other(NodeType):
    """Runs another workflow."""

    workflow: str
    inputs: dict[str, Any] = field(default_factory=dict)


class Hasty(NodeType):
    """Takes for granted what its parameters are."""

    ways: Any = None

    @classmethod
    def branches_of(cls, parameters: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(parameters["ways"].split())

    @classmethod
    def problems_of(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        return [("ways", "there are none")] if not parameters["ways"].split() else []


class NoSuchType(EveryrunError, LookupError):
    """There is no such type."""


class Broken(EveryrunError):
    """This type cannot be loaded."""


class FewTypes:
    """A catalogue of the types above."""

    types: ClassVar[dict[str, type[NodeType]]] = {
        "step": Step,
        "strict": Strict,
        "fork": Fork,
        "ways": Ways,
        "hasty": Hasty,
        "for_each": Each,
        "repeat": Again,
        "workflow": Other,
    }

    def find(self, name: str) -> type[NodeType]:
        """The type of this name."""
        if name == "broken":
            raise Broken
        try:
            return self.types[name]
        except KeyError:
            raise NoSuchType(f"there is no node type {name!r}") from None

    def names(self) -> list[str]:
        """Their names."""
        return [*self.types, "broken"]
