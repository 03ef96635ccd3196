"""Who owns a spool: whoever holds the lock on its ``lock`` file, until released or dead.

The lock belongs to the open file, which a forked child shares. A child therefore closes what it
inherited, else its life would keep its dead parent's spool from being adopted.
"""

import fcntl
import os
import threading
from pathlib import Path

_held: dict[int, "Ownership"] = {}
_changing = threading.RLock()


class Ownership:
    """An exclusive hold on one spool directory."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def release(self) -> None:
        """Let others have it; releasing again changes nothing."""
        with _changing:
            descriptor, self._descriptor = self._descriptor, -1
            # In a forked child the number may be another file's by now.
            if _held.get(descriptor) is self:
                del _held[descriptor]
                # Closing alone would leave it locked while a child has yet to close its copy.
                fcntl.flock(descriptor, fcntl.LOCK_UN)
                os.close(descriptor)

    def __enter__(self) -> "Ownership":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def claim(lock_file: Path, *, create: bool = False) -> Ownership | None:
    """Own the spool of this lock file, or None when somebody does or it is gone.

    Raises ``OSError`` other than for a missing file.
    """
    flags = os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if create else 0)
    with _changing:
        try:
            descriptor = os.open(lock_file, flags, 0o600)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Its owner may have removed or renamed it between the opening and the locking.
            unchanged = lock_file.stat().st_ino == os.fstat(descriptor).st_ino
        except (BlockingIOError, FileNotFoundError):
            unchanged = False
        except BaseException:
            os.close(descriptor)
            raise
        if not unchanged:
            os.close(descriptor)
            return None
        _held[descriptor] = owned = Ownership(descriptor)
        return owned


def before_fork() -> None:
    """Wait until no lock is being taken or released."""
    _changing.acquire()


def after_fork_in_parent() -> None:
    """Go on."""
    _changing.release()


def after_fork_in_child() -> None:
    """Close every inherited lock file; the parent's locks stay the parent's."""
    global _changing  # noqa: PLW0603 - a lock that was copied locked can only be replaced
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()
    _changing = threading.RLock()
