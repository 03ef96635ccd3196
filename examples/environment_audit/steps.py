"""The audit's steps as a graph takes them (``audit.yaml``): plain JSON in, plain JSON out.

They do what the decorated form does (``auditing.py``), with the same functions.
"""

import shutil
import sysconfig
import tempfile
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

import everyrun
from examples.environment_audit import dependencies, licences, verifying
from examples.environment_audit.auditing import PAGE, SPREADSHEET
from examples.environment_audit.distributions import Package, find_packages, site_folders
from examples.environment_audit.findings import Audit
from examples.environment_audit.page import write_page
from examples.environment_audit.spreadsheet import write_spreadsheet
from examples.environment_audit.tampering import make_damaged_copies
from examples.environment_audit.telling import (
    tell_dependencies,
    tell_found,
    tell_licence,
    tell_verification,
)

Plain = Any
"""What JSON can say."""
Shape = TypeVar("Shape")

_looking = threading.Lock()


def stage_damage() -> str:
    """Lay down two damaged copies of small packages, and answer the folder that they lie in."""
    folder = Path(tempfile.mkdtemp(prefix="damaged-copies-")).resolve()
    changed, bereft = make_damaged_copies(Path(sysconfig.get_path("purelib")), folder)
    everyrun.log.info(
        f"two damaged copies were added on purpose, in {folder}: "
        f"{changed.title} with a changed file, {bereft.title} with a missing one"
    )
    return str(folder)


def find(paths: Sequence[str], only: bool, staged: str | None) -> Plain:
    """Find the packages in this machine's folders and those named; with ``only`` in these alone."""
    began = datetime.now(UTC)
    asked = [Path(path).resolve() for path in [*paths, *([staged] if staged else [])]]
    folders = asked if only else site_folders(asked)
    packages, unreadable = find_packages(folders)
    tell_found(packages, unreadable, folders)
    return {
        "began": began.isoformat(),
        "folders": _plain(folders),
        "packages": _plain(packages),
        "unreadable": _plain(unreadable),
        "staged": _plain([Path(staged)] if staged else []),
    }


def read_licence(package: Plain) -> Plain:
    """Read the licence; none at all, or a copyleft one, is a warning."""
    subject = _shaped(package, Package)
    licence = licences.read_licence(subject)
    tell_licence(subject, licence)
    return _plain(licence)


def check_dependencies(package: Plain, folders: Sequence[str]) -> Plain:
    """Check what the package requires against what lies beside it in ``folders``."""
    subject = _shaped(package, Package)
    with _looking:
        installed = _installed_in(tuple(folders))
    result = dependencies.check_dependencies(subject, installed.beside(subject))
    tell_dependencies(subject, result)
    return _plain(result)


def verify_files(package: Plain) -> Plain:
    """Compare the files with RECORD; fails when they are not as installed."""
    subject = _shaped(package, Package)
    result = verifying.verify(subject)
    tell_verification(subject, result)
    return _plain(result)


def put_together(findings: Sequence[Plain], found: Plain) -> Plain:
    """Join what was found of each package into one audit, and count."""
    audit = _shaped(
        {
            "findings": findings,
            "folders": found["folders"],
            "unreadable": found["unreadable"],
            "staged": found["staged"],
            "began": found["began"],
            "seconds": _seconds_since(found["began"]),
        },
        Audit,
    )
    return {
        "audit": _plain(audit),
        "packages": len(audit.findings),
        "files": audit.files,
        "with_warnings": len(audit.with_warnings),
        "damaged": [
            {"package": finding.package.title, "damage": finding.damage}
            for finding in audit.damaged
        ],
    }


def write_report_page(audit: Plain, output: str) -> str:
    """Write the HTML report into the folder, and answer where it lies."""
    return str(write_page(_shaped(audit, Audit), _folder(output) / PAGE))


def write_report_spreadsheet(audit: Plain, output: str) -> str:
    """Write the Excel report into the folder, and answer where it lies."""
    return str(write_spreadsheet(_shaped(audit, Audit), _folder(output) / SPREADSHEET))


def name_damage(damaged: Sequence[Plain]) -> int:
    """Put an error on record for each damaged package, and answer how many there are."""
    for each in damaged:
        everyrun.log.error(f"{each['package']}: {each['damage']}")
    return len(damaged)


def remove(folder: str) -> None:
    """Remove the damaged copies."""
    shutil.rmtree(folder)


@cache
def _installed_in(folders: tuple[str, ...]) -> dependencies.Installed:
    """What can be imported, looked up once a process rather than once a package."""
    packages, _ = find_packages(map(Path, folders))
    return dependencies.Installed(packages)


def _seconds_since(began: str) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(began)).total_seconds()


def _folder(output: str) -> Path:
    folder = Path(output).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _plain(value: object) -> Plain:
    return msgspec.to_builtins(value, enc_hook=str)


def _shaped(plain: object, shape: type[Shape]) -> Shape:
    return msgspec.convert(plain, shape, dec_hook=lambda wanted, value: wanted(value))
