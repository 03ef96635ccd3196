"""Functions from Python files: ``steps.py:parse``.

A file that belongs to no package is a module of the name ``file:/its/path``, which any process can
import that has loaded this module: objects of its classes can be pickled, and sent to a process of
their own and back. It is read again once it has changed.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from threading import RLock
from types import CodeType, ModuleType

SUFFIX = ".py"

_PACKAGE = "__init__.py"
"""The file that makes a folder a package."""

_PREFIX = "file:"
_ESCAPES = (("%", "%25"), (".", "%2E"))
"""A dot in a module's name would ask for a package."""

_lock = RLock()
_versions: dict[str, tuple[int, int, int]] = {}
_folders: set[str] = set()


def load_file(path: Path) -> ModuleType:
    """The module of a file, loaded once as long as the file does not change.

    While it loads, its folder is the first that modules are imported from. A file of a package is
    imported as that package's module, once, so that it can import what lies around it. Raises
    ``OSError`` where it cannot be read, and whatever its code raises.
    """
    location = _absolute(path)
    version = _version_of(location)
    folder = Path(location).parent
    if (folder / _PACKAGE).is_file():
        return _load_packaged(folder, Path(location).stem)
    name = _PREFIX + _escaped(location.removesuffix(SUFFIX))
    with _lock:
        if _versions.get(name, version) != version:
            sys.modules.pop(name, None)
    return import_module(name)


def _load_packaged(folder: Path, name: str) -> ModuleType:
    while (folder / _PACKAGE).is_file():
        folder, name = folder.parent, f"{folder.name}.{name}"
    return load_module(name, folder)


def load_module(name: str, folder: Path) -> ModuleType:
    """A module by its name, from ``folder`` where it is there. Raises ``ImportError``."""
    home = _absolute(folder)
    loaded = sys.modules.get(name)
    if loaded is None or _is_of_another(name, loaded, home):
        with _folder_first(home):
            return import_module(name)
    return import_module(name)  # waits where another thread is still at it


def _absolute(path: str | Path) -> str:
    """Links are not followed: one that leads to another release tomorrow is a file that changed."""
    return os.path.abspath(path)  # noqa: PTH100


@contextmanager
def _folder_first(folder: str) -> Iterator[None]:
    """Import from this folder before any other, for the length of a block.

    A module of the same name that was imported from another workflow's folder is forgotten: two
    workflows may each have a ``common.py``.
    """
    with _lock:
        _folders.add(folder)
        for name, module in list(sys.modules.items()):
            if _is_of_another(name, module, folder):
                del sys.modules[name]
        sys.path.insert(0, folder)
        try:
            yield
        finally:
            sys.path.remove(folder)


def _is_of_another(name: str, module: ModuleType, folder: str) -> bool:
    """Whether a module came from another workflow's folder, and this one has its own."""
    if not _folders - {folder} or name.startswith(_PREFIX):
        return False
    file = getattr(module, "__file__", None)
    if not file:
        return False
    depth = name.count(".") + (Path(file).name == _PACKAGE)
    home = _absolute(Path(file).parents[depth]) if depth < len(Path(file).parents) else ""
    return home != folder and home in _folders and _is_in(folder, name.partition(".")[0])


def _version_of(location: str) -> tuple[int, int, int]:
    state = Path(location).stat()
    return state.st_mtime_ns, state.st_size, state.st_ino


def _is_in(folder: str, name: str) -> bool:
    place = Path(folder, name)
    return place.with_name(name + SUFFIX).is_file() or (place / _PACKAGE).is_file()


def _escaped(location: str) -> str:
    for character, escape in _ESCAPES:
        location = location.replace(character, escape)
    return location


def _unescaped(name: str) -> str:
    for character, escape in reversed(_ESCAPES):
        name = name.replace(escape, character)
    return name


class _Loader(SourceFileLoader):
    """Loads a file as it is now: compiled files only tell seconds apart."""

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self.get_data(self.path), self.path)

    def exec_module(self, module: ModuleType) -> None:
        with _folder_first(str(Path(self.path).parent)):
            _versions[module.__name__] = _version_of(self.path)
            super().exec_module(module)


class _Finder(MetaPathFinder):
    """Finds the modules of files, wherever their names turn up: in a pickle, say."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The file that a module's name says."""
        if not fullname.startswith(_PREFIX):
            return None
        location = _unescaped(fullname.removeprefix(_PREFIX)) + SUFFIX
        return spec_from_file_location(fullname, location, loader=_Loader(fullname, location))


sys.meta_path.append(_Finder())
