"""Nothing that goes wrong in recording reaches the code that is recorded."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from everyrun.tracking import recording
from everyrun.tracking.trouble import Trouble, tell_once

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
    """Count the exception that is being handled, which goes no further, and warn of the first."""
    recording.current().swallowed += 1
    error = sys.exc_info()[1]
    tell_once(Trouble.SWALLOWED, f"{type(error).__name__}: {error}")
