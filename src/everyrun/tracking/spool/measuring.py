"""How much the spools of this host take up, by their files' sizes alone."""

from contextlib import suppress
from pathlib import Path

from everyrun.domain.views.storage import SpoolUse
from everyrun.tracking.spool.layout import spool_directories


def spool_use(home: Path) -> list[SpoolUse]:
    """What lies in the spools under a home, by the ledger that it is bound for."""
    try:
        destinations = sorted(each for each in (home / "spool").iterdir() if each.is_dir())
    except FileNotFoundError:
        return []
    return [_use_of(destination) for destination in destinations]


def _use_of(destination: Path) -> SpoolUse:
    directories = list(spool_directories(destination))
    name = destination.name
    with suppress(OSError):
        name = (destination / "destination").read_text().strip()
    size = sum(_size_of(directory.path) for directory in directories)
    return SpoolUse(destination=name, spools=len(directories), size_bytes=size)


def _size_of(directory: Path) -> int:
    total = 0
    # A spool that is removed while it is looked at is no longer one.
    with suppress(OSError):
        for each in directory.iterdir():
            with suppress(OSError):
                total += each.stat().st_size
    return total
