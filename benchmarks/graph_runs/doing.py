"""What the nodes of measured graphs do: nothing, or sleep."""

import time


def nothing() -> None:
    """Nothing."""


async def nothing_awaited() -> None:
    """Nothing."""


def sleep(seconds: float) -> None:
    """Sleep."""
    time.sleep(seconds)
