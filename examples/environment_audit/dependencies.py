"""Check that what a package requires is installed beside it, in a version that it accepts."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from examples.environment_audit.distributions import Package

_PYTHON_IN_PATH = re.compile(r"python(3\.\d+)")


@dataclass(frozen=True)
class DependencyCheck:
    """How many requirements hold here, and one sentence for each that is not met."""

    required: int
    unmet: tuple[str, ...]


class Installed:
    """Which packages the programs of each environment can import."""

    def __init__(self, packages: Iterable[Package]) -> None:
        self._versions: dict[str, dict[str, str]] = defaultdict(dict)
        for package in packages:
            self._versions[_environment(package.folder)][package.key] = package.version

    def beside(self, package: Package) -> Mapping[str, str]:
        """Name -> version of what lies in the same environment as the package."""
        return self._versions[_environment(package.folder)]


def check_dependencies(package: Package, installed: Mapping[str, str]) -> DependencyCheck:
    """Compare the package's ``Requires-Dist`` with what is installed beside it.

    Requirements of extras, and those whose marker does not hold here, are not asked for.
    """
    required = 0
    unmet = []
    for line in package.stated("Requires-Dist"):
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            unmet.append(f"{line!r} is no requirement")
            continue
        if _is_asked_for(requirement, package.folder):
            required += 1
            complaint = _complaint(requirement, installed)
            if complaint is not None:
                unmet.append(complaint)
    return DependencyCheck(required, tuple(unmet))


def _is_asked_for(requirement: Requirement, folder: Path) -> bool:
    if requirement.marker is None:
        return True
    environment = {"extra": ""}
    python = _PYTHON_IN_PATH.search(str(folder))
    if python is not None:
        environment["python_version"] = python[1]
        environment["python_full_version"] = f"{python[1]}.0"
    return requirement.marker.evaluate(environment)


def _complaint(requirement: Requirement, installed: Mapping[str, str]) -> str | None:
    version = installed.get(canonicalize_name(requirement.name))
    if version is None:
        return f"{requirement.name} is not installed"
    try:
        accepted = requirement.specifier.contains(Version(version), prereleases=True)
    except InvalidVersion:
        return f"{requirement.name} has the version {version!r}, which cannot be compared"
    if not accepted:
        return f"{requirement.name} {version} is installed, {requirement.specifier} is required"
    return None


def _environment(folder: Path) -> str:
    """The environment that a folder belongs to; Debian's Python reads several folders as one."""
    return "debian" if folder.name == "dist-packages" else str(folder)
