"""Looking for files by a path or a pattern."""

import glob
from pathlib import Path

Sight = tuple[int, int]
"""Of a file: its size, and when it was last written (ns)."""


def look(directory: Path, pattern: str) -> dict[Path, Sight]:
    """The files that ``pattern`` names, ``**`` being any folders; relative ones in ``directory``.

    A file whose name is the pattern to the letter is that file.
    """
    place = directory / Path(pattern).expanduser()
    exact = _sight(place)
    if exact is not None:
        return {place: exact}
    found = {Path(name): _sight(Path(name)) for name in glob.glob(str(place), recursive=True)}  # noqa: PTH207 - takes absolute patterns
    return {path: sight for path, sight in found.items() if sight is not None}


def _sight(path: Path) -> Sight | None:
    try:
        status = path.stat()
    except OSError:  # gone again, or not for us to see
        return None
    return status.st_size, status.st_mtime_ns
