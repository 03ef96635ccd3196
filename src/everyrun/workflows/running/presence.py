"""Whether an engine of this machine is alive: it holds a lock on a file while it is.

The lock goes with the process, however that ends, so that what it left can be taken over at once
instead of when its lease runs out. An engine of another machine, or of another home, has no file
here: only its lease tells.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from everyrun.tracking.spool.ownership import Ownership, claim

FOLDER = "engines"
_OLD_SECONDS = 86_400


class Presence:
    """This process's engine, alive until :meth:`end` or the end of the process."""

    def __init__(self, home: Path, engine_id: str) -> None:
        folder = home / FOLDER
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = folder / engine_id
        self._hold: Ownership | None = claim(self._file, create=True)

    def end(self) -> None:
        """The engine holds nothing any more."""
        hold, self._hold = self._hold, None
        if hold is not None:
            self._file.unlink(missing_ok=True)
            hold.release()


def is_surely_dead(home: Path, engine_id: str, host: str | None, *, tidy: bool = True) -> bool:
    """Whether the engine was of this machine and home, and its process has ended.

    ``tidy`` removes its file then: nobody can tell any more, and only its lease does.
    """
    if host != os.uname().nodename:
        return False
    file = home / FOLDER / engine_id
    hold = claim(file)
    if hold is None:
        return False
    with hold:
        if tidy:
            file.unlink(missing_ok=True)
    return True


def who_is_dead(home: Path) -> Callable[[str, str], bool]:
    """Answers for (engine, host) whether it was of this machine and home, and has ended.

    It can be asked again. What those of long ago left is cleared away here.
    """
    before = time.time() - _OLD_SECONDS
    for file in (home / FOLDER).glob("*"):
        with suppress(OSError):  # another process removes it, too
            if file.stat().st_mtime < before:
                is_surely_dead(home, file.name, os.uname().nodename)
    return lambda engine_id, host: is_surely_dead(home, engine_id, host, tidy=False)
