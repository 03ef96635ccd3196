"""A lock that a fork waits for: a child would inherit what is locked, and nobody to unlock it."""

import os
from threading import Lock, get_ident
from weakref import WeakSet


class ForkLock:
    """To be held where a thread of ours goes through others' code, which has locks of its own.

    A fork waits for it for up to ``patience`` seconds.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._lock = Lock()
        self._forking: set[int] = set()
        """The threads that fork now and hold it meanwhile."""
        _locks.add(self)

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def before_fork(self) -> None:
        """Wait until nobody holds it."""
        if self._lock.acquire(timeout=self._patience):
            self._forking.add(get_ident())

    def after_fork_in_parent(self) -> None:
        """Go on."""
        if get_ident() in self._forking:
            self._forking.remove(get_ident())
            self._lock.release()

    def after_fork_in_child(self) -> None:
        """Begin anew."""
        self._lock = Lock()
        self._forking.clear()


_locks: WeakSet[ForkLock] = WeakSet()


def _before_fork() -> None:
    for lock in list(_locks):
        lock.before_fork()


def _after_fork_in_parent() -> None:
    for lock in list(_locks):
        lock.after_fork_in_parent()


def _after_fork_in_child() -> None:
    for lock in list(_locks):
        lock.after_fork_in_child()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork_in_parent,
        after_in_child=_after_fork_in_child,
    )
