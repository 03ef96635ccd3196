"""The environment audit as a graph file: what ``everyrun run`` and ``make demo`` make of it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.terminals import CTRL_C, Terminal
from tests.unit.examples.packages import install

ROOT = Path(__file__).resolve().parents[2]
GRAPH = ROOT / "examples/environment_audit/audit.yaml"


def surroundings(folder: Path) -> dict[str, str]:
    """The environment of a process whose ledger and temporary files lie in a folder."""
    own = {"EVERYRUN_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT / "src")}
    return os.environ | own | {"TMPDIR": str(folder)}


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Python with these arguments, in a folder that is not the repository's."""
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        cwd=folder,
        env=surroundings(folder),
        capture_output=True,
        text=True,
        check=False,
    )


def audited(packages: Path, folder: Path) -> Any:
    """The record of an audit of these packages alone."""
    inputs = {"only": True, "paths": [str(packages)], "output": "out"}
    (folder / "inputs.json").write_text(json.dumps(inputs))
    done = run(
        ["-m", "everyrun.cli", "run", str(GRAPH), "--input-file", "inputs.json", "--json"], folder
    )
    assert 0 == done.returncode, done.stderr
    shown = run(["-m", "everyrun.cli", "show", json.loads(done.stdout)["id"], "--json"], folder)
    return json.loads(shown.stdout)


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """Three intact packages, one of which needs a fourth."""
    folder = tmp_path / "site-packages"
    install(folder, "plain", files={"plain.py": b"x"})
    install(folder, "other", metadata="License: MIT\n", files={"other.py": b"x"})
    install(folder, "needy", metadata="License: MIT\nRequires-Dist: absent\n")
    return folder


def test_intact_packages_are_audited_and_reported(packages: Path, tmp_path: Path) -> None:
    record = audited(packages, tmp_path)
    statuses = {
        node["node"]: node["status"] for node in record["nodes"] if node["iteration"] is None
    }

    assert ("completed", 0) == (record["status"], record["nodes_failed"])
    assert {"page", "spreadsheet", "check"} <= {
        key for key, status in statuses.items() if status == "completed"
    }
    assert {"stage_damage", "tidy", "name_damage"} == {
        key for key, status in statuses.items() if status == "skipped"
    }
    assert (3, 2, 0, 2) == tuple(
        record["output"][name] for name in ("packages", "files", "damaged", "with_warnings")
    )
    assert {"report.html", "report.xlsx"} == {path.name for path in (tmp_path / "out").iterdir()}


def test_damage_is_a_finding_and_stops_nothing(packages: Path, tmp_path: Path) -> None:
    (packages / "plain.py").write_bytes(b"y")
    record = audited(packages, tmp_path)
    failed = {node["node"]: node["error"] for node in record["nodes"] if node["status"] == "failed"}
    logs = run(["-m", "everyrun.cli", "logs", record["id"], "--level", "error"], tmp_path)

    assert ("completed", 1) == (record["status"], record["output"]["damaged"])
    assert ["check.files"] == list(failed)
    assert "plain.py was changed" in failed["check.files"]
    assert "[name_damage]" in logs.stdout
    assert "plain 1.0: plain.py was changed" in logs.stdout


def demonstration(packages: Path) -> list[str]:
    """The arguments of Python that demonstrate the audit of these packages alone."""
    code = "import sys; sys.path.insert(0, sys.argv[1])\n"
    code += "from examples.environment_audit.demo import main; sys.exit(main(sys.argv[2:]))"
    inputs = ("--input", "only=true", "--input", f"paths={json.dumps([str(packages)])}")
    return ["-c", code, str(ROOT), *inputs]


def test_without_a_terminal_the_demonstration_audits_fetches_the_page_and_ends(
    packages: Path, tmp_path: Path
) -> None:
    done = run(demonstration(packages), tmp_path)

    assert (0, "") == (done.returncode, done.stderr)
    assert "needy 1.0: absent is not installed" in done.stdout
    assert [] == list(tmp_path.glob("damaged-copies-*"))
    assert all(f"$ everyrun {words}" in done.stdout for words in ("run", "list", "show", "logs"))
    assert (tmp_path / "output" / "report.html").is_file()
    assert re.search(r"The page: +http://127.0.0.1:\d+/executions/\S+ \(fetched\)", done.stdout)


def test_a_demonstration_that_goes_wrong_says_so_by_its_status(tmp_path: Path) -> None:
    done = run([*demonstration(tmp_path), "--input", "output=/dev/null"], tmp_path)

    assert 1 == done.returncode
    assert "The report" not in done.stdout


def test_on_a_terminal_the_page_is_open_while_it_audits_and_served_until_ctrl_c(
    packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = surroundings(tmp_path) | {"BROWSER": "true"}
    command = [sys.executable, "-W", "error", *demonstration(packages)]
    monkeypatch.chdir(tmp_path)
    with Terminal(command, environment, columns=200) as terminal:
        link = re.search(r"on the running audit: (http://\S+)", terminal.until("tab%3Dgraph"))
        shown = terminal.until("until Ctrl-C")
        address = re.search(r"The page is served at (http://\S+) until", shown)
        assert link is not None
        assert address is not None
        with httpx.Client(follow_redirects=True) as browser:
            page = browser.get(link[1])
        terminal.press(CTRL_C)

        assert 0 == terminal.wait()

    assert '<div id="root">' in page.text
    assert str(page.url).startswith(f"{address[1]}/executions/")
    with pytest.raises(httpx.ConnectError):
        httpx.get(address[1])
