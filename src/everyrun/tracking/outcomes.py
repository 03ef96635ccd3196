"""Which status an exception settles a run with. Every way out of a function has one."""

import sys

from everyrun.domain.payloads import CapturedError
from everyrun.domain.status import Status
from everyrun.tracking import recording


def status_of(error: BaseException) -> Status:
    """The status of code that was left by ``error``.

    An ``Exception`` is a failure. ``KeyboardInterrupt``, asyncio's ``CancelledError`` and a
    coroutine closed before its end are cancellations, and so is a group of nothing else.
    ``SystemExit`` is judged by its code, as the shell judges a program.
    """
    if isinstance(error, Exception):
        return Status.FAILED
    if isinstance(error, SystemExit):
        return Status.COMPLETED if error.code in (None, 0) else Status.FAILED
    if isinstance(error, BaseExceptionGroup):
        statuses = {status_of(member) for member in error.exceptions}
        return Status.CANCELLED if statuses == {Status.CANCELLED} else Status.FAILED
    return Status.CANCELLED if is_cancellation(error) else Status.FAILED


def is_cancellation(error: BaseException) -> bool:
    """Whether somebody asked the code to stop."""
    if isinstance(error, KeyboardInterrupt | GeneratorExit):
        return True
    # Nobody who has not imported these can have raised their exceptions.
    for module, name in (("asyncio", "CancelledError"), ("trio", "Cancelled")):
        loaded = sys.modules.get(module)
        if loaded is not None and isinstance(error, getattr(loaded, name)):
            return True
    return False


def captured(error: BaseException) -> CapturedError:
    """What ``error`` was. ``SystemExit`` says ``exit code N``, or its text."""
    told = recording.current().capturer.error(error)
    if isinstance(error, SystemExit) and isinstance(error.code, int):
        return CapturedError(told.type, f"exit code {error.code}", told.traceback)
    return told
