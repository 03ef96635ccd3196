"""Functions that tests start as background jobs by name."""

import asyncio
import logging
from typing import Any

import everyrun

_log = logging.getLogger(__name__)


def titles(count: int = 3, **more: Any) -> dict[str, Any]:
    """A job in steps, that logs in every way there is."""
    for number in range(count):
        everyrun.log.info(f"✅ {number + 1}/{count} 완료")
    print("인쇄된 줄")
    _log.warning("a warning of %s", "logging")
    return {"titles": count, **more}


def failing(reason: str) -> None:
    """A job that fails."""
    everyrun.log.info("trying")
    raise RuntimeError(reason)


async def waiting() -> str:
    """A job that is a coroutine."""
    everyrun.log.info("before")
    await asyncio.sleep(0)
    print("after")
    return "done"
