"""Writing a file so that nobody ever sees half of it."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file beside ``path`` to write into; it takes its place once the block ends well.

    It has the rights of a file that was there. After an error the old file is as it was.
    """
    beside = path.with_name(f".everyrun-{secrets.token_hex(8)}.tmp")
    file = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
    try:
        try:
            if path.exists():
                os.fchmod(file, stat.S_IMODE(path.stat().st_mode))
            yield beside
            os.fsync(file)
        finally:
            os.close(file)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def append(path: Path, data: bytes) -> None:
    """Add ``data`` to the end of a file, which stays as it was when not all can be written."""
    file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o666)
    try:
        before = os.fstat(file).st_size
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(file, left) :]
            os.fsync(file)
        except OSError:  # the disk is full
            os.ftruncate(file, before)
            raise
    finally:
        os.close(file)


def ends_a_line(path: Path) -> bool:
    """Whether the last byte of a file that is not empty is a line's end."""
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() in (b"\n", b"\r")
