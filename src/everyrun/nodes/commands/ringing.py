"""Waking a thread that waits for files, from another one."""

import os
import threading
from typing import Self


class Bell:
    """Can be read once it was rung. Ringing after the block has ended does nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reading, self._writing = os.pipe()
        self._silent = False

    def fileno(self) -> int:
        """The file to wait for."""
        return self._reading

    def ring(self) -> None:
        """Wake who waits; once is enough."""
        with self._lock:
            if not self._silent:
                self._silent = True
                os.write(self._writing, b"!")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        with self._lock:
            self._silent = True
            os.close(self._reading)
            os.close(self._writing)
