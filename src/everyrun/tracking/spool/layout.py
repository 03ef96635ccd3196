"""What lies where in a spool: directories, file names, and which names mean what."""

import re
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from everyrun.domain.events import RecorderInfo

_SEGMENT = re.compile(r"(\d{8,})\.seg")
_SECRET_PARAMETER = re.compile(r"pass|secret|token|key", re.IGNORECASE)
_SPOOL = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MAKING, LEAVING, DAMAGED = ".new-", ".gone-", ".corrupt"


def spools_of(home: Path, url: str) -> Path:
    """Where the spools bound for ``url`` lie. Credentials are no part of a destination."""
    parts = urlsplit(url)
    identity = [
        parts.scheme.partition("+")[0],
        parts.hostname or "",
        str(parts.port or ""),
        parts.path.rstrip("/"),
        *sorted(
            f"{name}={value}"
            for name, value in parse_qsl(parts.query)
            if not _SECRET_PARAMETER.search(name)
        ),
    ]
    return home / "spool" / sha256("\n".join(identity).encode()).hexdigest()[:16]


def readable_url(url: str) -> str:
    """The URL without its password and other secrets."""
    parts = urlsplit(url)
    user, at, place = parts.netloc.rpartition("@")
    shown = [
        (name, "***" if _SECRET_PARAMETER.search(name) else value)
        for name, value in parse_qsl(parts.query)
    ]
    query = f"?{urlencode(shown, safe='/*')}" if shown else ""
    return f"{parts.scheme}://{user.partition(':')[0]}{at}{place}{parts.path}{query}"


class SpoolDirectory:
    """One recorder's directory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.recorder = path / "recorder"
        self.lock = path / "lock"
        self.state = path / "state"
        self.rejected = path / "rejected"
        self.closed = path / "closed"

    def segment(self, number: int) -> Path:
        """The file of a segment; the first is number 1."""
        return self.path / f"{number:08}.seg"

    def segments(self) -> list[int]:
        """The numbers of the segments there are, in order."""
        found = (_SEGMENT.fullmatch(each.name) for each in self.path.iterdir())
        return sorted(int(match[1]) for match in found if match)

    def damaged(self) -> list[Path]:
        """Segments that were set aside because they could not be read on."""
        return sorted(self.path.glob(f"*{DAMAGED}"))

    def has_leftovers(self) -> bool:
        """Whether something lies here that a person may want to look at."""
        return self.rejected.exists() or bool(self.damaged())

    def last_written_at(self) -> float:
        """When a process last wrote something here, in seconds since 1970. Raises ``OSError``."""
        written = [self.state, *(self.segment(number) for number in self.segments())]
        return max(each.stat().st_mtime for each in written)

    def info(self) -> RecorderInfo:
        """Who recorded. Raises ``OSError`` or ``msgspec.DecodeError``."""
        return msgspec.json.decode(self.recorder.read_bytes(), type=RecorderInfo)

    def set_aside(self) -> None:
        """Rename the directory so that nobody takes it for a spool."""
        self.path.rename(self.path.with_name(self.path.name + DAMAGED))

    def remove(self) -> None:
        """Remove it with all that is in it; killed half-way, what is left is swept later."""
        leaving = self.path.with_name(LEAVING + self.path.name)
        self.path.rename(leaving)
        sweep(leaving)


def spool_directories(destination: Path) -> list[SpoolDirectory]:
    """The spools of a destination, oldest first; none when it does not exist."""
    try:
        names = sorted(each.name for each in destination.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [SpoolDirectory(destination / name) for name in names if _SPOOL.fullmatch(name)]


def sweep(directory: Path) -> None:
    """Delete a directory of files, leaving what others deleted meanwhile alone."""
    try:
        for each in directory.iterdir():
            each.unlink(missing_ok=True)
        directory.rmdir()
    except FileNotFoundError:
        return


def private_directory(path: Path) -> None:
    """Make a directory and its parents for this user alone. Raises ``OSError``."""
    if path.is_dir():
        return
    private_directory(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
