"""``python -m examples.environment_audit``: run the audit and say in short what it found.

Ends with 1 when a package is damaged.
"""

import argparse
import os
import sysconfig
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import everyrun
from examples.environment_audit.auditing import Report, audit_environment
from examples.environment_audit.distributions import site_folders
from examples.environment_audit.tampering import make_damaged_copies

SECONDS_TO_SHIP = 30.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the audit as the command line asks. Answers the exit code."""
    asked = _parser().parse_args(arguments)
    report = run(asked.output, asked.path, asked.workers, tamper=asked.tamper, only=asked.only)
    everyrun.flush(SECONDS_TO_SHIP)
    print(f"On record as {report.execution_id}")
    print(f"Report: {report.page}")
    print(f"        {report.spreadsheet}")
    return 1 if report.damaged else 0


def run(
    output: Path, paths: Sequence[Path], workers: int, *, tamper: bool, only: bool = False
) -> Report:
    """Audit this machine's packages and those in ``paths`` (with ``only``: in these alone)."""
    with ExitStack() as cleaned_up:
        staged: list[Path] = []
        if tamper:
            staged.append(_stage_damage(cleaned_up))
        asked = [path.resolve() for path in paths] + staged
        folders = asked if only else site_folders(asked)
        print(f"Auditing the packages in {len(folders)} folders with {workers} threads …")
        report = audit_environment(output.resolve(), folders, workers, staged)
    print(
        f"{report.packages:,} packages, {report.files:,} files as installed, "
        f"{report.damaged} packages damaged, {report.with_warnings} with warnings"
    )
    return report


def _stage_damage(cleaned_up: ExitStack) -> Path:
    folder = cleaned_up.enter_context(tempfile.TemporaryDirectory(prefix="damaged-copies-"))
    copies = Path(folder).resolve()
    changed, bereft = make_damaged_copies(Path(sysconfig.get_path("purelib")), copies)
    print(
        f"Two damaged copies were added on purpose, in {copies}: "
        f"{changed.title} with a changed file, {bereft.title} with a missing one."
    )
    return copies


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m examples.environment_audit",
        description="Check the Python packages that are installed on this machine.",
    )
    parser.add_argument("--output", type=Path, default=Path("output"), help="where reports go")
    parser.add_argument("--workers", type=int, default=min(8, 2 * (os.cpu_count() or 1)))
    parser.add_argument(
        "--path", type=Path, action="append", default=[], help="a further folder of packages"
    )
    parser.add_argument("--only", action="store_true", help="audit the --path folders alone")
    parser.add_argument(
        "--tamper", action="store_true", help="add two damaged copies of small packages"
    )
    return parser
