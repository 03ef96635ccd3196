"""The audit: find the packages, check each of them in parallel, join what was found into reports.

Every step is on record: which packages were found, how each check went, what it took, what was
warned of and what failed. A damaged package fails its ``verify files`` and nothing else.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import everyrun
from examples.environment_audit.dependencies import (
    DependencyCheck,
    Installed,
    check_dependencies,
)
from examples.environment_audit.distributions import (
    Package,
    Unreadable,
    find_packages,
)
from examples.environment_audit.findings import Audit, Finding
from examples.environment_audit.licences import Licence, read_licence
from examples.environment_audit.page import write_page
from examples.environment_audit.spreadsheet import write_spreadsheet
from examples.environment_audit.telling import (
    tell_dependencies,
    tell_found,
    tell_licence,
    tell_verification,
)
from examples.environment_audit.verifying import (
    FilesDamaged,
    RecordUnreadable,
    Verification,
    verify,
)

PAGE = "report.html"
SPREADSHEET = "report.xlsx"


@dataclass(frozen=True)
class Report:
    """Where the reports lie, what they say in short, and the execution that wrote them."""

    execution_id: str
    page: Path
    spreadsheet: Path
    packages: int
    files: int
    damaged: int
    with_warnings: int


def audit_environment(
    output: Path, folders: Sequence[Path], workers: int, staged: Sequence[Path] = ()
) -> Report:
    """Audit the packages in ``folders`` and write the reports into ``output``.

    ``staged`` are those of the folders whose packages were damaged on purpose.
    """
    given = {"folders": len(folders), "workers": workers, "output": str(output)}
    with everyrun.execution("environment audit", input=given, tags=["audit"]) as run:
        began = time.perf_counter()
        packages, unreadable = find(folders)
        findings = check_all(run, packages, workers)
        audit = Audit(
            findings=sorted(findings, key=lambda finding: finding.package.place),
            folders=folders,
            began=datetime.now(UTC),
            seconds=time.perf_counter() - began,
            unreadable=unreadable,
            staged=staged,
        )
        output.mkdir(parents=True, exist_ok=True)
        report = Report(
            execution_id=run.id,
            page=write_report_page(audit, output / PAGE),
            spreadsheet=write_report_spreadsheet(audit, output / SPREADSHEET),
            packages=len(audit.findings),
            files=audit.files,
            damaged=len(audit.damaged),
            with_warnings=len(audit.with_warnings),
        )
        run.output = {
            "packages": report.packages,
            "files": report.files,
            "damaged": report.damaged,
            "with_warnings": report.with_warnings,
            "page": str(report.page),
            "spreadsheet": str(report.spreadsheet),
        }
    return report


@everyrun.node(name="find packages")
def find(folders: Sequence[Path]) -> tuple[list[Package], list[Unreadable]]:
    """Find the packages; an unreadable one is a warning."""
    packages, unreadable = find_packages(folders)
    tell_found(packages, unreadable, folders)
    return packages, unreadable


def check_all(run: everyrun.Execution, packages: Sequence[Package], workers: int) -> list[Finding]:
    """Check the packages in ``workers`` threads; the findings come as they are ready."""
    checker = Checker(run, Installed(packages))
    with ThreadPoolExecutor(workers) as pool:
        checks = [pool.submit(everyrun.bind(checker.check), package) for package in packages]
        ready = everyrun.progress(as_completed(checks), total=len(checks))
        return [check.result() for check in ready]


class Checker:
    """Checks one package after the other against what is installed on this machine."""

    def __init__(self, run: everyrun.Execution, installed: Installed) -> None:
        self._run = run
        self._installed = installed

    def check(self, package: Package) -> Finding:
        """All checks of one package. Damage is a finding; the other checks go on."""
        with self._step("check", package):
            licence = self.read_licence(package)
            dependencies = self.check_dependencies(package)
            try:
                verification = self.verify_files(package)
            except (FilesDamaged, RecordUnreadable) as damage:
                return Finding(package, licence, dependencies, damage=str(damage))
            return Finding(package, licence, dependencies, verification)

    def read_licence(self, package: Package) -> Licence:
        """Read the licence; none at all, or a copyleft one, is a warning."""
        with self._step("read licence", package) as step:
            licence = read_licence(package)
            tell_licence(package, licence)
            step.output = licence
        return licence

    def check_dependencies(self, package: Package) -> DependencyCheck:
        """Check what the package requires; what is not met is a warning."""
        with self._step("check dependencies", package) as step:
            result = check_dependencies(package, self._installed.beside(package))
            tell_dependencies(package, result)
            step.output = result
        return result

    def verify_files(self, package: Package) -> Verification:
        """Compare the files with RECORD; the step fails when they are not as installed."""
        with self._step("verify files", package) as step:
            result = verify(package)
            tell_verification(package, result)
            step.output = result
        return result

    def _step(self, name: str, package: Package) -> everyrun.NodeExecution:
        given = {"folder": str(package.folder)}
        return self._run.node(name, input=given, iteration=package.title)


@everyrun.node(name="write page")
def write_report_page(audit: Audit, path: Path) -> Path:
    """Write the HTML report."""
    return write_page(audit, path)


@everyrun.node(name="write spreadsheet")
def write_report_spreadsheet(audit: Audit, path: Path) -> Path:
    """Write the Excel report."""
    return write_spreadsheet(audit, path)
