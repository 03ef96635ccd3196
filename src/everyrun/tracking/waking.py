"""Waking a thread, safely from a signal handler."""

import threading


class Alarm:
    """Like an Event for one waiter, but ``ring`` never blocks.

    ``Event.set`` takes a lock that a signal handler would wait for in vain when it interrupted
    another ``set`` in the same thread.
    """

    def __init__(self) -> None:
        self._quiet = threading.Lock()
        self._quiet.acquire()

    def ring(self) -> None:
        """Let the waiter go on, now or at its next wait; ringing twice is ringing once."""
        try:
            self._quiet.release()
        except RuntimeError:
            return

    def wait(self, seconds: float) -> bool:
        """Wait until it rings or ``seconds`` have passed; whether it rang."""
        return self._quiet.acquire(timeout=max(seconds, 0))
