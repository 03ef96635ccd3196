"""Telling the recorder's own work from the host's, so that it does not record itself."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_here = threading.local()


@contextmanager
def in_background() -> Iterator[None]:
    """What this thread does inside is shipping, not the host's doing."""
    before = is_background()
    _here.ships = True
    try:
        yield
    finally:
        _here.ships = before


def is_background() -> bool:
    """Whether the calling thread ships. What a sink logs there must not be recorded again."""
    return getattr(_here, "ships", False)
