"""Make damaged copies of small installed packages, so that an audit has something to find.

The installed packages themselves are never touched.
"""

import shutil
from pathlib import Path

from examples.environment_audit.distributions import Package, find_packages
from examples.environment_audit.verifying import RecordedFile, read_record

FEWEST_MODULES = 2
MOST_BYTES = 1_000_000


def make_damaged_copies(origin: Path, folder: Path) -> tuple[Package, Package]:
    """Copy the two smallest fitting packages of ``origin`` into ``folder`` and damage the copies.

    Answers the one with a changed file and the one with a missing file. Raises ``LookupError``
    when no two packages fit.
    """
    packages, _ = find_packages([origin])
    fitting = sorted(filter(_fits, packages), key=_size)
    if len(fitting) < 2:
        raise LookupError(f"{origin} has no two small packages to copy")
    first, second = fitting[:2]
    changed, bereft = _copy(first, folder), _copy(second, folder)
    victim = _modules(changed)[0]
    path = folder / victim.path
    content = path.read_bytes()
    path.write_bytes(bytes([content[0] ^ 1]) + content[1:])  # the size stays, the hash does not
    (folder / _modules(bereft)[0].path).unlink()
    return changed, bereft


def _size(package: Package) -> int:
    return sum(file.size or 0 for file in read_record(package.text("RECORD") or ""))


def _fits(package: Package) -> bool:
    """Whether it is small, has modules to damage, and lies wholly in one folder."""
    return (
        _size(package) <= MOST_BYTES
        and len(_modules(package)) >= FEWEST_MODULES
        and not any(
            file.path.startswith(("..", "/")) for file in read_record(package.text("RECORD") or "")
        )
    )


def _modules(package: Package) -> list[RecordedFile]:
    return [
        file
        for file in read_record(package.text("RECORD") or "")
        if file.path.endswith(".py") and file.size
    ]


def _copy(package: Package, folder: Path) -> Package:
    shutil.copytree(package.info, folder / package.info.name)
    for file in read_record(package.text("RECORD") or ""):
        source = package.folder / file.path
        if source.is_file():
            target = folder / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    return Package(package.name, package.version, folder / package.info.name)
