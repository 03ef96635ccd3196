"""Compare a package's files with the hashes that were recorded when it was installed.

The rules are those of the specification "Recording installed projects" (packaging.python.org):
``RECORD`` is a CSV file of path, hash and size; a hash is ``algorithm=urlsafe base64 without
padding``, of SHA-256 or better; ``RECORD`` itself and compiled files have none.
"""

import base64
import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from examples.environment_audit.distributions import Package

TRUSTED = frozenset(hashlib.algorithms_guaranteed - {"md5", "sha1", "shake_128", "shake_256"})
COMPILED = ".pyc"
PROBLEMS_NAMED = 5


class FilesDamaged(Exception):
    """Files of this package are not as they were installed."""


class RecordUnreadable(Exception):
    """The package's RECORD does not follow the specification."""


@dataclass(frozen=True)
class RecordedFile:
    """One line of RECORD. ``size`` is in bytes; None means that it says nothing."""

    path: str
    algorithm: str | None = None
    digest: str | None = None
    size: int | None = None


@dataclass
class Verification:
    """What was compared. ``skipped`` counts the files that have no hash, by the reason."""

    has_record: bool = True
    editable: bool = False
    verified: int = 0
    bytes: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    untrusted: list[str] = field(default_factory=list)


def read_record(text: str) -> Iterator[RecordedFile]:
    """The lines of a RECORD. Raises :class:`RecordUnreadable` with the line's number."""
    reader = csv.reader(text.splitlines(), strict=True)
    try:
        for row in reader:
            if row:
                yield _recorded_file(row, reader.line_num)
    except csv.Error as error:
        raise RecordUnreadable(f"RECORD line {reader.line_num}: {error}") from error


def verify(package: Package) -> Verification:
    """Compare every file of the package with its recorded hash.

    Raises :class:`FilesDamaged` naming what was changed or is missing, after looking at all files.
    """
    text = package.text("RECORD")
    if text is None:
        return Verification(has_record=False, editable=_is_editable(package))
    result = Verification(editable=_is_editable(package))
    problems: list[str] = []
    for recorded in read_record(text):
        reason = _reason_to_skip(recorded)
        if reason is not None:
            result.skipped[reason] += 1
        elif recorded.algorithm not in TRUSTED:
            result.untrusted.append(f"{recorded.path} ({recorded.algorithm})")
        else:
            problem = _compare(package.folder / recorded.path, recorded)
            if problem is None:
                result.verified += 1
                result.bytes += recorded.size or 0
            else:
                problems.append(f"{recorded.path} {problem}")
    if problems:
        raise FilesDamaged(_sentence(problems, result.verified + len(problems)))
    return result


def _recorded_file(row: list[str], number: int) -> RecordedFile:
    if len(row) != 3:
        raise RecordUnreadable(f"RECORD line {number}: {len(row)} columns instead of 3")
    path, recorded_hash, size = row
    if size and not size.isdecimal():
        raise RecordUnreadable(f"RECORD line {number}: the size {size!r} is no number")
    if not recorded_hash:
        return RecordedFile(path, size=int(size) if size else None)
    algorithm, separator, digest = recorded_hash.partition("=")
    if not separator or not digest:
        raise RecordUnreadable(f"RECORD line {number}: the hash {recorded_hash!r} has no algorithm")
    return RecordedFile(path, algorithm.lower(), digest, int(size) if size else None)


def _reason_to_skip(recorded: RecordedFile) -> str | None:
    if recorded.path.endswith(COMPILED):
        return "compiled"
    if recorded.digest is None:
        return "no hash"
    return None


def _compare(path: Path, recorded: RecordedFile) -> str | None:
    """What is wrong with the file, None when it is as recorded."""
    try:
        if not path.is_file():
            return "is missing" if not path.exists() else "is not a file"
        size = path.stat().st_size
        if recorded.size is not None and size != recorded.size:
            return f"has {size:,} bytes instead of {recorded.size:,}"
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, str(recorded.algorithm)).digest()
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if not _is_same(digest, str(recorded.digest)):
        return f"was changed: its {recorded.algorithm} differs"
    return None


def _is_same(digest: bytes, recorded: str) -> bool:
    if len(recorded) == 2 * len(digest):  # Debian's builds write it in hexadecimal digits
        return digest.hex() == recorded.lower()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == recorded.rstrip("=")


def _sentence(problems: list[str], compared: int) -> str:
    named = "; ".join(problems[:PROBLEMS_NAMED])
    more = len(problems) - PROBLEMS_NAMED
    rest = f"; and {more} more" if more > 0 else ""
    return f"{named}{rest} ({len(problems)} of {compared} files are not as installed)"


def _is_editable(package: Package) -> bool:
    """Whether the package only points to a source tree (PEP 660)."""
    try:
        origin = json.loads(package.text("direct_url.json") or "{}")
        return bool(origin.get("dir_info", {}).get("editable", False))
    except (ValueError, AttributeError):
        return False
