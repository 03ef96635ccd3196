"""What changed between two versions of a graph."""

from typing import Any

import msgspec
from msgspec import UNSET


class FieldChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """A field that has another value: ``with.url``. Left out where it is not there."""

    field: str
    before: Any = UNSET
    after: Any = UNSET


class NodeChange(msgspec.Struct, frozen=True):
    """A node that is in both versions, and what of it changed besides its edges."""

    node: str
    changes: list[FieldChange]


class EdgeChange(msgspec.Struct, frozen=True):
    """An edge that is in one version only: ``to`` needs ``outcome`` of ``node``."""

    node: str
    to: str
    outcome: str


class Difference(msgspec.Struct, frozen=True):
    """All that differs. Nodes in loops have the loop's key before theirs: ``each.verify``.

    ``reordered`` says that the nodes that are in both stand in another order.
    """

    fields: list[FieldChange]
    nodes_added: list[str]
    nodes_removed: list[str]
    nodes_changed: list[NodeChange]
    edges_added: list[EdgeChange]
    edges_removed: list[EdgeChange]
    reordered: bool = False

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__struct_fields__)
