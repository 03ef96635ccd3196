"""Writes that keep Python's global lock.

``os.write`` lets other threads run during the call; next to a busy thread, such as the one that
ships, getting the lock back can take the switch interval (5 ms) for a call of one microsecond.
"""

import errno
import os
import sys
import threading
from collections.abc import Callable
from typing import NamedTuple


class Writes(NamedTuple):
    """``write`` and ``write_at`` answer the bytes written, or -1: then ``error`` says why."""

    write: Callable[[int, bytes, int], int]
    """(descriptor, data, size)"""
    write_at: Callable[[int, bytes, int, int], int]
    """(descriptor, data, size, offset)"""
    error: Callable[[], OSError]
    """Why this thread's last write failed."""


def unyielding_writes() -> Writes:
    """The C library's calls where they can be had so, else the ones of ``os``."""
    try:
        import ctypes  # here and not above: it costs 2 ms, and whoever records nothing needs none

        library = ctypes.PyDLL(None, use_errno=True)
        # Elsewhere off_t may be wider than long, or PyDLL may mean something else.
        if sys.implementation.name != "cpython" or ctypes.sizeof(ctypes.c_long) != 8:
            return yielding_writes()
        write, write_at = library.write, library.pwrite
        write.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t)
        write_at.argtypes = (*write.argtypes, ctypes.c_long)
        write.restype = write_at.restype = ctypes.c_ssize_t
    except (ImportError, OSError, AttributeError, TypeError):
        return yielding_writes()
    return Writes(write, write_at, lambda: _error(ctypes.get_errno()))


def yielding_writes() -> Writes:
    """The same by ``os.write`` and ``os.pwrite``."""
    last = threading.local()

    def write(descriptor: int, data: bytes, size: int) -> int:
        try:
            return os.write(descriptor, data[:size])
        except OSError as error:
            last.number = error.errno
            return -1

    def write_at(descriptor: int, data: bytes, size: int, offset: int) -> int:
        try:
            return os.pwrite(descriptor, data[:size], offset)
        except OSError as error:
            last.number = error.errno
            return -1

    return Writes(write, write_at, lambda: _error(getattr(last, "number", errno.EIO)))


def _error(number: int) -> OSError:
    return OSError(number, os.strerror(number))
