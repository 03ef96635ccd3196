"""What is running now: the execution, or the node in it, that whatever happens here belongs to.

One context variable holds the innermost place. It is set when a tracked function's body begins (or
goes on, for generators) and set back when the body ends (or yields). asyncio copies it to each
task; threads and other processes get it through :func:`everyrun.bind`.
"""

import os
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from everyrun.tracking.places import Place

CURRENT: ContextVar["Place | None"] = ContextVar("everyrun_place", default=None)
"""The innermost execution or node execution that runs here."""

CAPTURING: ContextVar[bool] = ContextVar("everyrun_capturing", default=False)
"""Whether what is written to stdout and stderr here goes on record."""


class Lineage:
    """Tells a process from the ones forked from it: places begun before a fork settle only in the
    parent process, whose frames they are."""

    generation = 0


def leave(place: "Place") -> None:
    """Go back to where ``place`` was begun if it, or something begun in it, is what runs here.

    A suspended coroutine or generator may be closed by the garbage collector in the middle of
    other code; what runs there stays as it is.
    """
    here = CURRENT.get()
    while here is not None:
        if here is place:
            CURRENT.set(place.outer)
            return
        here = here.outer


def _begin_anew_after_fork() -> None:
    Lineage.generation += 1
    CURRENT.set(None)
    CAPTURING.set(False)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew_after_fork)
