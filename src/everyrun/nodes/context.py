"""What a node is given while it runs."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import msgspec


@dataclass(frozen=True, kw_only=True)
class NodeSettings:
    """What nodes are allowed on this machine."""

    allowed_types: frozenset[str] | None = None
    """The node types that may run; None allows all."""
    private_addresses: bool = False
    """Whether ``http`` may talk to loopback, link-local and private addresses."""
    cancel_grace: float = 1.0
    """Seconds between asking something to stop and killing it."""
    output_limit: int = 4 << 20
    """Bytes of an output that are kept whole on record."""


class Answer(msgspec.Struct, kw_only=True, frozen=True):
    """What somebody told a waiting node: of an approval, or of a webhook.

    ``data`` is ``{"approved": bool, "comment": str}`` of an approval, else whatever was sent.
    """

    action: str
    data: Any
    asked_by: str | None
    asked_at: int


class Context(Protocol):
    """What a node is given while it runs. ``everyrun.log`` and ``everyrun.progress`` work too."""

    @property
    def execution_id(self) -> str: ...
    @property
    def workflow(self) -> str: ...
    @property
    def node(self) -> str:
        """The node's key; of a node in a loop's body ``loop.key``."""
        ...

    @property
    def node_execution_id(self) -> str: ...
    @property
    def attempt(self) -> int:
        """From 1."""
        ...

    @property
    def first_started_at(self) -> int:
        """When the first attempt began, µs UTC; the same after a crash and a resume."""
        ...

    @property
    def directory(self) -> Path:
        """Where relative paths start: the workflow file's folder, else the current one."""
        ...

    @property
    def settings(self) -> NodeSettings: ...

    @property
    def stopping(self) -> bool:
        """Whether the node was asked to end: cancelled, or its time is out."""
        ...

    def on_stop(self, callback: Callable[[], None]) -> None:
        """Call this when the node is asked to end, from another thread; at once if it was."""
        ...

    def now(self) -> int:
        """The time, µs UTC."""
        ...

    def log(self, level: str, message: str, *, logger: str | None = None, **data: object) -> None:
        """Put a line on record under this node. ``logger`` says whose it is (``stdout``)."""
        ...

    def progress(
        self, current: float, total: float | None = None, message: str | None = None
    ) -> None:
        """Put on record how far it is."""
        ...

    async def answer(self) -> Answer:
        """Wait until somebody answers this node (``everyrun approve``, ``everyrun signal``)."""
        ...
