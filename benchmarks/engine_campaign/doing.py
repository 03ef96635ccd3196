"""What the nodes of the campaign's graph do: they leave marks in a file, at both ends of a nap.

A mark is one line, ``began|ended KEY ATTEMPT``, written by one call, so that none is torn. It
stands for a side effect that cannot be taken back.
"""

import asyncio
import os
import time

import everyrun

BEGAN, ENDED = "began", "ended"


def work(marks: str, seconds: float) -> None:
    """Leave marks from a worker thread."""
    leave(marks, BEGAN)
    time.sleep(seconds)
    leave(marks, ENDED)


async def work_awaited(marks: str, seconds: float) -> None:
    """Leave marks from the event loop."""
    leave(marks, BEGAN)
    await asyncio.sleep(seconds)
    leave(marks, ENDED)


def leave(marks: str, what: str) -> None:
    """Append one mark of the node that calls."""
    node = everyrun.current_node()
    assert node is not None
    file = os.open(marks, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, f"{what} {node.key} {node.attempt}\n".encode())
    finally:
        os.close(file)
