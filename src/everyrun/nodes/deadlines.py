"""Waiting on the event loop until a moment of the node's clock.

Timers count the time that the machine is awake; clocks are set, and laptops sleep. So each wait
looks at the clock again once a second.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from everyrun.nodes.base import NodeFailed
from everyrun.nodes.context import Answer, Context

LONGEST_NAP = 1.0
"""Seconds between looks at the clock."""

_MICROSECONDS = 1_000_000


class TimedOut(NodeFailed):
    """What this node waited for did not come in time."""


def deadline_of(context: Context, span: float | None) -> int | None:
    """The moment (µs UTC) a span after the node's first attempt began; None for no span.

    Attempts, crashes and resumes do not move it.
    """
    return None if span is None else context.first_started_at + round(span * _MICROSECONDS)


def left_until(context: Context, moment: int | None, longest: float = LONGEST_NAP) -> float:
    """Seconds until a moment, ``longest`` at most; 0 or less once it has come."""
    if moment is None:
        return longest
    return min((moment - context.now()) / _MICROSECONDS, longest)


def waited(context: Context) -> float:
    """Seconds since the node's first attempt began."""
    return round((context.now() - context.first_started_at) / _MICROSECONDS, 3)


async def sleep_until(context: Context, moment: int) -> None:
    """Wait until a moment (µs UTC)."""
    while True:
        left = left_until(context, moment)
        if left <= 0:
            return
        await asyncio.sleep(left)


async def answer_before(context: Context, deadline: int | None) -> Answer | None:
    """What somebody tells the node, or None once the deadline has come."""
    answering = asyncio.ensure_future(context.answer())
    try:
        while not answering.done():
            left = left_until(context, deadline)
            if left <= 0:
                return None
            await asyncio.wait({answering}, timeout=left)
        return answering.result()
    finally:
        answering.cancel()


def from_whom(answer: Answer) -> Mapping[str, Any]:
    """Who told the node, and when."""
    from everyrun.domain.clock import to_datetime

    return {"by": answer.asked_by, "at": to_datetime(answer.asked_at)}
