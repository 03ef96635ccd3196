"""The example chain's command, as a user runs it: its own Redis, a real worker, a real record."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from examples.document_chain.samples import RECEIPT, pdf_of

ROOT = Path(__file__).resolve().parents[2]


def _run(arguments: list[str], home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | {"EVERYRUN_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_one_command_makes_spreadsheets_and_says_what_failed(tmp_path: Path) -> None:
    (tmp_path / "receipt.pdf").write_bytes(pdf_of(RECEIPT))
    (tmp_path / "damaged.pdf").write_bytes(b"no PDF")
    home, output = tmp_path / "home", tmp_path / "out"
    files = [str(tmp_path / "damaged.pdf"), str(tmp_path / "receipt.pdf")]
    words = ["-m", "examples.document_chain", *files, "--output", str(output), "--by", "kim"]
    done = _run([*words, "--processes", "1"], home)
    listed = _run(["-m", "everyrun.cli", "list", "--json"], home)
    rows: list[Any] = json.loads(listed.stdout)["items"]

    assert (1, "") == (done.returncode, done.stderr)
    assert "receipt.pdf: completed" in done.stdout
    assert "damaged.pdf: failed\n    Task pipeline.ocr_stage failed: damaged.pdf is" in done.stdout
    assert [("completed", 4), ("failed", 0)] == [
        (row["status"], row["nodes_completed"]) for row in rows
    ]
    assert {("cr_extract_workflow", "celery")} == {(row["workflow"], row["kind"]) for row in rows}
    book = CalamineWorkbook.from_path(str(output / "receipt.pdf.xlsx"))
    assert ["total", "$12.75"] == book.get_sheet_by_name("Fields").to_python()[-1][:2]
