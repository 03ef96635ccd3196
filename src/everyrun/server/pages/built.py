"""The page as it was built into this package: its files, held in memory.

They are found by name among those that were built, so that no path leads anywhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("static")
PACKED = ".gz"
_INDEX = "index.html"
_MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True)
class BuiltFile:
    """One file, and what it is when packed with gzip (None where that is not worth it)."""

    content: bytes
    packed: bytes | None
    media_type: str


class BuiltPage:
    """All files of one build. Files in ``assets`` carry a hash of their content in their name."""

    def __init__(self, folder: Path) -> None:
        self.index = (folder / _INDEX).read_text(encoding="utf-8")
        self.assets: Mapping[str, BuiltFile] = {
            path.name: _file(path)
            for path in sorted((folder / "assets").iterdir())
            if path.suffix in _MEDIA_TYPES
        }

    def index_at(self, depth: int, language: str = "en") -> str:
        """The page for an address that lies ``depth`` folders below the server's own.

        Assets are named relative to it, so that the page works under any path of a proxy.
        """
        placed = self.index.replace('"./', f'"{"../" * depth or "./"}')
        return placed.replace('lang="en"', f'lang="{language}"', 1)


@cache
def built_page(folder: Path = FOLDER) -> BuiltPage | None:
    """The page, or None where it has not been built."""
    return BuiltPage(folder) if (folder / _INDEX).is_file() else None


def _file(path: Path) -> BuiltFile:
    packed = path.with_name(path.name + PACKED)
    return BuiltFile(
        content=path.read_bytes(),
        packed=packed.read_bytes() if packed.is_file() else None,
        media_type=_MEDIA_TYPES[path.suffix],
    )
