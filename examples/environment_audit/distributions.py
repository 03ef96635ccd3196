"""Find the packages that are installed on this machine, for every Python it has."""

import site
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path

from packaging.utils import canonicalize_name

OTHER_PYTHONS = (
    "/usr/lib/python3/dist-packages",
    "/usr/lib/python3*/site-packages",
    "/usr/local/lib/python3*/dist-packages",
    "/usr/local/lib/python3*/site-packages",
    "/opt/*/lib/python3*/site-packages",
    "~/.local/lib/python3*/site-packages",
    "~/.local/pipx/venvs/*/lib/python3*/site-packages",
    "~/.local/share/pipx/venvs/*/lib/python3*/site-packages",
    "~/.local/share/uv/python/*/lib/python3*/site-packages",
    "~/.local/share/uv/tools/*/lib/python3*/site-packages",
    "~/.pyenv/versions/*/lib/python3*/site-packages",
    "~/.virtualenvs/*/lib/python3*/site-packages",
)
"""Where Debian, pip, pipx, pyenv, uv and virtualenvwrapper keep what they install."""

INFO_FOLDERS = ("*.dist-info", "*.egg-info")


@dataclass(frozen=True)
class Package:
    """One installed distribution: its name and version, and the folder that describes it."""

    name: str
    version: str
    info: Path

    @property
    def folder(self) -> Path:
        """The ``site-packages`` folder that the package lies in."""
        return self.info.parent

    @property
    def title(self) -> str:
        """``name version``, as people write it."""
        return f"{self.name} {self.version}"

    @property
    def key(self) -> str:
        """The name in the one spelling that requirements are compared in."""
        return canonicalize_name(self.name)

    @property
    def place(self) -> tuple[str, str, Path]:
        """Where the package stands in a list: by name, whatever its capitals."""
        return self.key, self.version, self.info

    def text(self, file: str) -> str | None:
        """The text of one of the describing files (``RECORD``), None when it has none."""
        return Distribution.at(self.info).read_text(file)

    def stated(self, field: str) -> list[str]:
        """What the package's metadata says under a field's name, in their order."""
        return Distribution.at(self.info).metadata.get_all(field) or []


@dataclass(frozen=True)
class Unreadable:
    """A describing folder that names no package, and why it could not be read."""

    info: Path
    reason: str


def site_folders(extra: Iterable[Path] = ()) -> list[Path]:
    """Every folder of this and the machine's other Pythons, and ``extra``; each once."""
    own = [*site.getsitepackages(), site.getusersitepackages(), *sys.path]
    candidates = [
        *(Path(entry) for entry in own if entry.endswith(("site-packages", "dist-packages"))),
        *(found for pattern in OTHER_PYTHONS for found in _matching(pattern)),
        *extra,
    ]
    return sorted({path.resolve() for path in candidates if path.is_dir()})


def find_packages(folders: Iterable[Path]) -> tuple[list[Package], list[Unreadable]]:
    """The packages that lie in the folders, in the order of their names, and what is unreadable."""
    packages: list[Package] = []
    unreadable: list[Unreadable] = []
    for folder in folders:
        for info in _info_folders(folder):
            try:
                found = _read(info)
            except (OSError, UnicodeDecodeError) as error:
                found = Unreadable(info, str(error))
            if isinstance(found, Package):
                packages.append(found)
            else:
                unreadable.append(found)
    return sorted(packages, key=lambda package: package.place), unreadable


def _info_folders(folder: Path) -> Iterator[Path]:
    for pattern in INFO_FOLDERS:
        yield from sorted(folder.glob(pattern))


def _read(info: Path) -> Package | Unreadable:
    metadata = Distribution.at(info).metadata
    names, versions = metadata.get_all("Name"), metadata.get_all("Version")
    if not names or not versions:
        return Unreadable(info, "it does not say its name and version")
    return Package(names[0], versions[0], info)


def _matching(pattern: str) -> Iterator[Path]:
    path = Path(pattern).expanduser()
    return Path(path.anchor).glob(str(path.relative_to(path.anchor)))
