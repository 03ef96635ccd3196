"""What the rooms ask of each other without knowing who answers."""

from collections.abc import Sequence
from typing import Protocol

from everyrun.domain.events import RecorderInfo


class Sink(Protocol):
    """Where a recorder's events go.

    Implementations pass the shared suite in ``tests/contract/sink_contract.py``.
    """

    def write(self, recorder: RecorderInfo, events: Sequence[bytes]) -> None:
        """Put encoded events (``domain.events.encode``) into the ledger; return once committed.

        All of them or none. Writing the same events again changes nothing.

        Raises :class:`~everyrun.domain.errors.SinkUnavailable` when it is worth trying again, and
        :class:`~everyrun.domain.errors.EventRejected` for an event that can never be taken.
        """
        ...

    def close(self) -> None:
        """Release connections. Writing afterwards opens them anew."""
        ...
