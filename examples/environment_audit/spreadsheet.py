"""The report as an Excel workbook: a summary with charts, all packages, and the problems."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from examples.environment_audit.findings import Audit, Finding

_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_COLUMNS = (
    ("Package", 30),
    ("Version", 14),
    ("Files", 12),
    ("Verified", 10),
    ("Licence", 34),
    ("Family", 16),
    ("Requires", 10),
    ("Warnings", 60),
    ("Damage", 80),
    ("Folder", 60),
)


def write_spreadsheet(audit: Audit, path: Path) -> Path:
    """Write the workbook and answer where it lies."""
    with xlsxwriter.Workbook(path, _SAFE) as workbook:
        _write_summary(workbook, audit)
        _write_packages(workbook, "Packages", audit.findings)
        _write_packages(workbook, "Damaged", audit.damaged)
        _write_packages(workbook, "Warnings", audit.with_warnings)
    return path


def _write_summary(workbook: Any, audit: Audit) -> None:
    sheet = workbook.add_worksheet("Summary")
    title = workbook.add_format({"bold": True, "font_size": 18})
    bold = workbook.add_format({"bold": True, "bottom": 1})
    count = workbook.add_format({"num_format": "#,##0", "align": "left"})
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 16)
    sheet.write(0, 0, "Environment audit", title)
    facts = (
        ("Audited", audit.began.isoformat(sep=" ", timespec="seconds")),
        ("Seconds", round(audit.seconds, 1)),
        ("Folders", len(audit.folders)),
        ("Packages", len(audit.findings)),
        ("Files verified", audit.files),
        ("Bytes verified", audit.bytes),
        ("Damaged packages", len(audit.damaged)),
        ("With warnings", len(audit.with_warnings)),
    )
    for row, (name, value) in enumerate(facts, start=2):
        sheet.write(row, 0, name)
        sheet.write(row, 1, value, count)
    first = 3 + len(facts)
    tables = (("Files are", audit.outcomes()), ("Licence", audit.licence_families()))
    for (heading, rows), place, kind in zip(tables, ("D2", "D18"), ("pie", "bar"), strict=True):
        last = _write_counts(sheet, bold, first, heading, rows)
        sheet.insert_chart(place, _chart(workbook, kind, heading, first + 1, last))
        first = last + 2


def _write_counts(
    sheet: Any, bold: Any, first: int, heading: str, rows: Sequence[tuple[str, int]]
) -> int:
    """Write a small table and answer its last row."""
    sheet.write_row(first, 0, (heading, "Packages"), bold)
    for row, counted in enumerate(rows, start=first + 1):
        sheet.write_row(row, 0, counted)
    return first + len(rows)


def _chart(workbook: Any, kind: str, heading: str, first: int, last: int) -> Any:
    chart = workbook.add_chart({"type": kind})
    colours = [{"fill": {"color": colour}} for colour in ("#2f9e44", "#e03131", "#868e96")]
    chart.add_series(
        {
            "name": heading,
            "categories": ["Summary", first, 0, last, 0],
            "values": ["Summary", first, 1, last, 1],
            "data_labels": {"value": True},
            **({"points": colours} if kind == "pie" else {"fill": {"color": "#1971c2"}}),
        }
    )
    chart.set_title({"name": f"Packages by {heading.lower()}", "name_font": {"size": 12}})
    chart.set_size({"width": 560, "height": 300})
    if kind == "bar":
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})
    return chart


def _write_packages(workbook: Any, name: str, findings: Sequence[Finding]) -> None:
    sheet = workbook.add_worksheet(name)
    bold = workbook.add_format({"bold": True, "bottom": 1})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    for column, (heading, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width, wrapped)
        sheet.write(0, column, heading, bold)
    for row, finding in enumerate(findings, start=1):
        sheet.write_row(row, 0, _cells(finding))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(findings), 1), len(_COLUMNS) - 1)
    red = workbook.add_format({"font_color": "#c92a2a", "bold": True})
    rule = {"type": "cell", "criteria": "==", "value": '"damaged"', "format": red}
    sheet.conditional_format(1, 2, max(len(findings), 1), 2, rule)


def _cells(finding: Finding) -> tuple[str | int, ...]:
    return (
        finding.package.name,
        finding.package.version,
        finding.outcome.value,
        finding.files,
        finding.licence.name,
        finding.licence.family,
        finding.dependencies.required,
        "\n".join(finding.warnings),
        finding.damage or "",
        str(finding.package.folder),
    )
