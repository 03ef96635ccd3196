"""What a fork must not find: a connection of an SQLite ledger that is open.

A child would inherit SQLite's own notes of which locks its process holds, without the locks: it
would wait for ever for a lock that its parent held at that moment, and others would take the log of
changes away beneath it once its parent has gone (https://www.sqlite.org/howtocorrupt.html, 2.6). So
a fork waits for what is under way, and all connections are closed before it.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, get_ident
from typing import Protocol
from weakref import WeakSet

PATIENCE_SECONDS = 10.0
"""How long a fork waits for what is under way; after that it goes on without."""

_log = logging.getLogger("everyrun.store")


class Closable(Protocol):
    """What holds connections open, and opens others when it is used again."""

    def let_go(self) -> None:
        """Close the connections."""
        ...


class ForkGate:
    """Lets threads use connections, and none of them while the process forks."""

    def __init__(self) -> None:
        self._moving = Condition()
        self._inside: dict[int, int] = {}
        """Threads that use connections, and how many."""
        self._forks = 0
        self._holders: WeakSet[Closable] = WeakSet()
        _gates.add(self)

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Within, connections are used; it is not entered while the process forks."""
        me = get_ident()
        with self._moving:
            while self._forks and me not in self._inside:
                self._moving.wait()
            self._inside[me] = self._inside.get(me, 0) + 1
        try:
            yield
        finally:
            with self._moving:
                self._inside[me] -= 1
                if not self._inside[me]:
                    del self._inside[me]
                    self._moving.notify_all()

    def watch(self, holder: Closable) -> None:
        """Have this let go of its connections before a fork, for as long as it is in use."""
        self._holders.add(holder)

    def before_fork(self) -> None:
        """Wait until nothing is used by other threads, and close what is open."""
        me = get_ident()
        with self._moving:
            self._forks += 1
            is_still = self._moving.wait_for(
                lambda: not self._inside.keys() - {me}, PATIENCE_SECONDS
            )
        if not is_still or me in self._inside:
            _log.warning("a fork while the ledger is used: the child may wait for it in vain")
            return
        for holder in list(self._holders):
            holder.let_go()

    def after_fork_in_parent(self) -> None:
        """Go on."""
        with self._moving:
            self._forks -= 1
            self._moving.notify_all()

    def after_fork_in_child(self) -> None:
        """Begin anew, without the threads that the child has not got."""
        me = get_ident()
        self._moving = Condition()
        self._inside = {me: self._inside[me]} if me in self._inside else {}
        self._forks = 0


_gates: WeakSet[ForkGate] = WeakSet()
_shut: dict[int, list[ForkGate]] = {}
"""Forking thread -> the gates that it shut; several threads may fork at once."""


def _before_fork() -> None:
    shut = _shut[get_ident()] = list(_gates)
    for gate in shut:
        gate.before_fork()


def _after_fork_in_parent() -> None:
    for gate in _shut.pop(get_ident()):
        gate.after_fork_in_parent()


def _after_fork_in_child() -> None:
    for gate in list(_gates):
        gate.after_fork_in_child()
    _shut.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork_in_parent,
        after_in_child=_after_fork_in_child,
    )
