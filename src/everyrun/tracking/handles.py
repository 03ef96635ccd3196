"""What users hold of an execution or a node execution: for ``with``, and to speak to it."""

from collections.abc import Callable
from typing import Any, Self

from everyrun.domain.status import Status
from everyrun.tracking.context import CURRENT, leave
from everyrun.tracking.logs import Log
from everyrun.tracking.places import Place, Unset


class Handle:
    """What an execution's and a node execution's handle have in common. Usable from any thread."""

    def __init__(self, place: Place, begin: Callable[[], None] | None = None) -> None:
        self._place = place
        self._begin = begin

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Handle) and self._place is other._place

    def __hash__(self) -> int:
        return hash(self._place)

    @property
    def id(self) -> str:
        """The identifier on record, a UUIDv7."""
        return self._place.id

    @property
    def status(self) -> Status:
        """Where it stands, as this process knows it."""
        return self._place.status

    @property
    def stopping(self) -> bool:
        """Whether the code should end: its time is out, or its job was asked to stop.

        A thread cannot be stopped from outside; long loops look here.
        """
        return self._place.is_stopping()

    @property
    def output(self) -> Any:
        """What it gives back; recorded when it settles, as it is then. None until it is set."""
        output = self._place.output
        return None if isinstance(output, Unset) else output

    @output.setter
    def output(self, value: object) -> None:
        self._place.give(value)

    @property
    def log(self) -> Log:
        """Writes lines to it: ``run.log.info("read", rows=3)``."""
        return Log(self._place)

    def progress(
        self, current: float, total: float | None = None, message: str | None = None
    ) -> None:
        """How far it is: ``current`` of ``total`` (unknown when None).

        At most one event each half second goes on record, and the last one always.
        """
        self._place.progress(current, total, message)

    def fail(self, reason: str | None = None) -> None:
        """Settle as failed, for ``reason``, when the code comes to its end. Raises nothing."""
        self._place.choose(Status.FAILED, reason)

    def cancel(self, reason: str | None = None) -> None:
        """Settle as cancelled when the code comes to its end. Raises nothing."""
        self._place.choose(Status.CANCELLED, reason)

    def __enter__(self) -> Self:
        self._enter()
        return self

    async def __aenter__(self) -> Self:
        self._enter()
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._leave(error)

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._leave(error)

    def _enter(self) -> None:
        begin, self._begin = self._begin, None
        if begin is None:
            raise RuntimeError("this has begun already; every `with` needs a new one")
        place = self._place
        place.outer = CURRENT.get()
        place.status = Status.RUNNING
        begin()
        CURRENT.set(place)

    def _leave(self, error: BaseException | None) -> None:
        leave(self._place)
        if error is None:
            self._place.complete(None)
        else:
            self._place.fail_with(error)
