"""The environment audit, as a user runs it: real processes, a real ledger, read back by the CLI."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.unit.examples.packages import install

ROOT = Path(__file__).resolve().parents[2]


def _run(arguments: list[str], home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        cwd=ROOT,
        env=os.environ | {"EVERYRUN_HOME": str(home), "EVERYRUN_FLUSH_AT_EXIT": "60"},
        capture_output=True,
        text=True,
        check=False,
    )


def _audit(folder: Path, output: Path, home: Path) -> subprocess.CompletedProcess[str]:
    words = ["-m", "examples.environment_audit", "--only", "--path", str(folder)]
    return _run([*words, "--output", str(output), "--workers", "4"], home)


def _recorded(run: subprocess.CompletedProcess[str], home: Path) -> Any:
    (execution_id,) = [
        line.removeprefix("On record as ")
        for line in run.stdout.splitlines()
        if line.startswith("On record as ")
    ]
    shown = _run(["-m", "everyrun.cli", "show", execution_id, "--json"], home)
    return json.loads(shown.stdout)


def _lay_down(folder: Path) -> None:
    """Twelve intact packages: eleven without a licence, and one with an unmet requirement."""
    for number in range(11):
        install(folder, f"whole{number}", files={f"whole{number}.py": b"x"})
    install(folder, "needy", metadata="License: MIT\nRequires-Dist: absent\n")


@dataclass(frozen=True)
class Audited:
    """One audit of intact packages: how its process ended, and its record."""

    run: subprocess.CompletedProcess[str]
    record: Any
    output: Path
    home: Path


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    """An audit that every test here may look at."""
    folder = tmp_path_factory.mktemp("audit")
    _lay_down(folder / "site-packages")
    home = folder / "home"
    run = _audit(folder / "site-packages", folder / "out", home)
    return Audited(run, _recorded(run, home), folder / "out", home)


def test_an_audit_without_damage_is_completed_and_reported(audited: Audited) -> None:
    record = audited.record

    assert (0, "") == (audited.run.returncode, audited.run.stderr)
    assert ("completed", 51, 0) == (
        record["status"],
        record["nodes_completed"],
        record["nodes_failed"],
    )
    assert (12, 12) == (record["progress_current"], record["progress_total"])
    assert (12, 0) == (record["output"]["packages"], record["output"]["damaged"])
    assert {"report.html", "report.xlsx"} == {path.name for path in audited.output.iterdir()}


def test_a_damaged_package_fails_its_node_and_nothing_else(tmp_path: Path) -> None:
    packages = tmp_path / "site-packages"
    _lay_down(packages)
    (packages / "whole3.py").write_bytes(b"y")
    (packages / "whole7.py").unlink()
    run = _audit(packages, tmp_path / "out", tmp_path / "home")
    record = _recorded(run, tmp_path / "home")
    failed = {
        (node["node"], node["iteration"]): node["error"]
        for node in record["nodes"]
        if node["status"] == "failed"
    }

    assert 1 == run.returncode
    assert ("completed", 2) == (record["status"], record["nodes_failed"])
    assert {("verify files", "whole3 1.0"), ("verify files", "whole7 1.0")} == set(failed)
    assert "whole3.py was changed: its sha256 differs" in failed["verify files", "whole3 1.0"]
    assert "whole7.py is missing" in failed["verify files", "whole7 1.0"]


def test_warnings_are_lines_of_the_record(audited: Audited) -> None:
    command = ["-m", "everyrun.cli", "logs", audited.record["id"], "--level", "warning"]
    shown = _run(command, audited.home)

    assert 11 == shown.stdout.count("it states no licence")
    assert 1 == shown.stdout.count("needy 1.0: absent is not installed")


def test_every_check_lies_under_its_package(audited: Audited) -> None:
    nodes = audited.record["nodes"]
    by_id = {node["id"]: node for node in nodes}
    around = {
        (node["node"], by_id[node["parent_node_execution_id"]]["node"])
        for node in nodes
        if node["parent_node_execution_id"] is not None
    }

    assert {
        ("read licence", "check"),
        ("check dependencies", "check"),
        ("verify files", "check"),
    } == around
