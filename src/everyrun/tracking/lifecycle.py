"""What the life of the process means for its recorders: fork, and the end."""

import atexit
import os
import sys
import threading
from typing import Protocol
from weakref import WeakSet

from everyrun.tracking.spool import ownership


class Living(Protocol):
    """What a recorder does when its process forks or ends."""

    def before_fork(self) -> None: ...

    def after_fork_in_parent(self) -> None: ...

    def after_fork_in_child(self) -> None: ...

    def close(self) -> bool: ...


_living: WeakSet[Living] = WeakSet()
_held: dict[int, list[Living]] = {}
"""Forking thread -> the recorders that it holds; several threads may fork at once."""
_ending = False
_finalized_in = 0


def watch(recorder: Living) -> None:
    """Fork and close this recorder with its process, for as long as it is in use."""
    _living.add(recorder)


def is_ending() -> bool:
    """Whether the process has begun to end: too late to start threads."""
    return _ending


def close_with_multiprocessing() -> None:
    """Also close when a ``multiprocessing`` child ends: it leaves without running ``atexit``."""
    global _finalized_in  # noqa: PLW0603 - once a process
    util = sys.modules.get("multiprocessing.util")
    process = sys.modules.get("multiprocessing.process")
    if util is None or process is None or _finalized_in == os.getpid():
        return
    if process.parent_process() is not None:
        _finalized_in = os.getpid()
        util.Finalize(None, _close_all, exitpriority=-100)  # after the child's own queues


def _close_all() -> None:
    global _ending  # noqa: PLW0603 - a process ends once
    _ending = True
    for recorder in list(_living):
        recorder.close()


def _before_fork() -> None:
    """Let every append finish, so that the child inherits no half-done one."""
    held = _held[threading.get_ident()] = list(_living)
    for recorder in held:
        recorder.before_fork()
    ownership.before_fork()


def _after_fork_in_parent() -> None:
    ownership.after_fork_in_parent()
    for recorder in _held.pop(threading.get_ident()):
        recorder.after_fork_in_parent()


def _after_fork_in_child() -> None:
    ownership.after_fork_in_child()
    for recorder in _held.pop(threading.get_ident()):
        recorder.after_fork_in_child()
    _held.clear()  # of the threads that the child has not got


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork_in_parent,
        after_in_child=_after_fork_in_child,
    )
