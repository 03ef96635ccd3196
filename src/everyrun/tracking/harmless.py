"""Nothing that goes wrong in recording reaches the code that is recorded."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import ParamSpec

from everyrun.tracking import recording

P = ParamSpec("P")


def harmless(act: Callable[P, None]) -> Callable[P, None]:
    """``act``, whose exceptions are counted by the recorder (``swallowed``) and go no further."""

    @wraps(act)
    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            act(*args, **kwargs)
        except Exception:  # noqa: BLE001 - the host's function is worth more than its record
            count_swallowed()

    return call


def count_swallowed() -> None:
    """Count an exception that went no further."""
    with suppress(Exception):
        recording.current().swallowed += 1
