"""Functions that graphs in tests call."""

import threading
from typing import Any

import everyrun

ENTERED: dict[str, threading.Event] = {}
RELEASED: dict[str, threading.Event] = {}
CALLS: list[str] = []
AT_ONCE = [0, 0]
_lock = threading.Lock()


def reset() -> None:
    """Forget what earlier tests did."""
    CALLS.clear()
    ENTERED.clear()
    RELEASED.clear()
    AT_ONCE[:] = [0, 0]


def gate(name: str) -> tuple[threading.Event, threading.Event]:
    """(set when a node is in :func:`hold`, lets it out when set)."""
    with _lock:
        return ENTERED.setdefault(name, threading.Event()), RELEASED.setdefault(
            name, threading.Event()
        )


def nothing() -> None:
    """Do nothing."""


def say(text: Any = "said") -> Any:
    """Answer what was given."""
    CALLS.append(str(text))
    return text


def add(one: int, other: int) -> int:
    """A sum."""
    return one + other


def fail(message: str = "it broke") -> None:
    """Fail."""
    raise ValueError(message)


def fail_first(times: int, name: str) -> str:
    """Fail so many times, then succeed."""
    CALLS.append(name)
    if CALLS.count(name) <= times:
        raise ConnectionError(f"attempt {CALLS.count(name)}")
    return "at last"


def hold(name: str = "gate") -> str:
    """Wait until the test lets go, or until told to stop."""
    entered, released = gate(name)
    entered.set()
    while not released.wait(0.01):
        node = everyrun.current_node()
        if node is not None and node.stopping:
            return "stopped"
    return "released"


def hold_stubbornly(name: str = "gate") -> None:
    """Wait until the test lets go, whatever is asked."""
    entered, released = gate(name)
    entered.set()
    released.wait(30)


def count_at_once(seconds: float = 0.02) -> None:
    """Note how many of these run at once."""
    with _lock:
        AT_ONCE[0] += 1
        AT_ONCE[1] = max(AT_ONCE)
    threading.Event().wait(seconds)
    with _lock:
        AT_ONCE[0] -= 1


def log_line(text: str) -> None:
    """Put a line on record, and a nested node."""
    everyrun.log.info(text)
    _nested(text)


@everyrun.node
def _nested(text: str) -> str:
    return text


async def hold_async(name: str = "gate") -> None:
    """Wait for ever, on the event loop."""
    import asyncio

    gate(name)[0].set()
    await asyncio.Event().wait()


def give_object() -> Any:
    """Something that no record can hold whole."""
    return threading.Lock()


def is_lock(value: Any) -> bool:
    """Whether the live object came through."""
    return hasattr(value, "acquire")


def change(rows: list[int]) -> list[int]:
    """Change what was given."""
    rows.append(99)
    return rows
