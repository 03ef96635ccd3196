"""The audit's report: what it says and what it must not run."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from examples.environment_audit.dependencies import DependencyCheck
from examples.environment_audit.distributions import Package, Unreadable
from examples.environment_audit.findings import Audit, Finding, Outcome
from examples.environment_audit.licences import Licence
from examples.environment_audit.page import amount, write_page
from examples.environment_audit.spreadsheet import write_spreadsheet
from examples.environment_audit.verifying import Verification

MIT = Licence("MIT", "MIT", "License")
SILENT = Licence("none stated", "None stated", "")
MET = DependencyCheck(1, ())


def _finding(name: str, verification: Verification | None, damage: str | None = None) -> Finding:
    package = Package(name, "1.0", Path(f"/site-packages/{name}-1.0.dist-info"))
    return Finding(package, MIT, MET, verification, damage)


def _audit(*findings: Finding, unreadable: tuple[Unreadable, ...] = ()) -> Audit:
    began = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    return Audit(findings, [Path("/site-packages")], began, 1.25, unreadable)


def test_an_audit_counts_outcomes_files_and_families() -> None:
    audit = _audit(
        _finding("whole", Verification(verified=3, bytes=30)),
        _finding("other", Verification(verified=4, bytes=70)),
        _finding("old", Verification(has_record=False)),
        _finding("broken", None, "one file is missing"),
    )

    assert [("intact", 2), ("damaged", 1), ("no record", 1)] == audit.outcomes()
    assert (7, 100, [("MIT", 4)]) == (audit.files, audit.bytes, audit.licence_families())


def test_what_a_person_should_look_at_is_a_warning() -> None:
    package = Package("p", "1.0", Path("/p-1.0.dist-info"))
    unmet = DependencyCheck(1, ("x is not installed",))
    verification = Verification(has_record=False, untrusted=["a.py (md5)"])

    assert [
        "x is not installed",
        "it states no licence",
        "it has no RECORD, so its files cannot be verified",
        "its hash cannot be trusted: a.py (md5)",
    ] == Finding(package, SILENT, unmet, verification).warnings


def test_a_package_without_verification_is_damaged() -> None:
    assert Outcome.DAMAGED == _finding("broken", None, "why").outcome


def test_names_in_the_page_are_text_and_never_markup(tmp_path: Path) -> None:
    audit = _audit(_finding("<script>alert(1)</script>", None, "<b>gone</b>"))
    page = write_page(audit, tmp_path / "report.html").read_text(encoding="utf-8")

    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;b&gt;gone&lt;/b&gt;" in page


def test_the_page_asks_nobody_for_anything(tmp_path: Path) -> None:
    page = write_page(_audit(_finding("한글", Verification(verified=1))), tmp_path / "report.html")
    text = page.read_text(encoding="utf-8")

    assert "한글" in text
    assert not any(word in text for word in ("http://", "https://", "src=", "@import", "url("))


def test_the_page_of_an_empty_machine_says_so(tmp_path: Path) -> None:
    page = write_page(_audit(), tmp_path / "report.html").read_text(encoding="utf-8")

    assert "Nothing to look at." in page


def test_the_page_names_what_could_not_be_read(tmp_path: Path) -> None:
    unreadable = Unreadable(Path("/x-1.dist-info"), "no permission")
    page = write_page(_audit(unreadable=(unreadable,)), tmp_path / "report.html")

    assert "no permission" in page.read_text(encoding="utf-8")


def test_the_workbook_has_its_sheets_its_charts_and_no_formulas(tmp_path: Path) -> None:
    audit = _audit(_finding("=1+1", Verification()), _finding("한글", None, "=cmd()"))
    path = write_spreadsheet(audit, tmp_path / "report.xlsx")
    with zipfile.ZipFile(path) as workbook:
        names = workbook.namelist()
        sheets = [workbook.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2, 3, 4)]
        strings = workbook.read("xl/sharedStrings.xml").decode()

    assert ["xl/charts/chart1.xml", "xl/charts/chart2.xml"] == [
        name for name in names if name.startswith("xl/charts/chart")
    ]
    assert not any("<f>" in sheet for sheet in sheets)
    assert all(text in strings for text in ("=1+1", "=cmd()", "한글"))


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (1_500, "1.5 kB"), (736_700_000, "736.7 MB")],
)
def test_amounts_are_said_in_words(count: int, words: str) -> None:
    assert words == amount(count)


def test_a_large_amount_stays_in_gigabytes() -> None:
    assert "5,000.0 GB" == amount(5_000_000_000_000)
