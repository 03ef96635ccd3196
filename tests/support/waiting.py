"""Waiting for what another process does, which tells nobody."""

import threading
import time
from collections.abc import Callable

TIMEOUT = 60.0
_LOOK = 0.01


def wait_until(holds: Callable[[], object], what: str, timeout: float = TIMEOUT) -> None:
    """Look again and again until ``holds`` says yes."""
    deadline = time.monotonic() + timeout
    pause = threading.Event()
    while not holds():
        assert time.monotonic() < deadline, f"not within {timeout} s: {what}"
        pause.wait(_LOOK)
