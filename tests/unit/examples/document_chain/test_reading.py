"""What the chain reads: PDF files, and the table that Tesseract writes of pictures."""

import stat
from pathlib import Path

import pytest

from examples.document_chain.pages import Word, lines_of
from examples.document_chain.pdf_files import Unreadable
from examples.document_chain.reading import UnknownKind, read_document
from examples.document_chain.samples import INVOICE, Text, pdf_of
from examples.document_chain.tesseract import NoTesseract, NotSeen, pages_of_table

COLUMNS = "level page_num block_num par_num line_num word_num left top width height conf text"
FIRST_PAGE = (
    COLUMNS,
    "1 1 0 0 0 0 0 0 2480 3508 -1 ",
    "5 1 1 1 1 1 250 250 350 83 96.5 Total:",
    "5 1 1 1 1 2 650 260 350 70 95 12.75",
    "5 1 1 1 2 1 250 400 10 90 12 |",
)
SECOND_PAGE = ("1 2 0 0 0 0 0 0 2480 3508 -1 ", "5 2 1 1 1 1 0 0 100 50 91 next")


def _table(*rows: str) -> str:
    """As Tesseract 5.3 writes it: dots, and what it believes in per cent."""
    return "".join("\t".join(row.split(" ")) + "\n" for row in rows)


def test_a_pdf_is_read_with_the_places_of_its_words(tmp_path: Path) -> None:
    path = tmp_path / "invoice.pdf"
    path.write_bytes(pdf_of(INVOICE))
    [page] = read_document(path, "eng").pages

    assert ("text layer", 595, 842) == (page.source, page.width, page.height)
    assert "INVOICE" == page.lines[0].text
    assert "Mulberry paper, A3 200 1.20 240.00" in [line.text for line in page.lines]
    assert page.lines[0].words[0].left == pytest.approx(60, abs=3)
    assert page.lines[0].top == pytest.approx(60, abs=8)


def test_words_beside_each_other_are_a_line_from_left_to_right() -> None:
    low, high = Word("b", 50, 12, 60, 20), Word("a", 10, 10, 40, 21)

    assert ["a b", "c"] == [line.text for line in lines_of([Word("c", 0, 30, 9, 40), low, high])]


def test_tesseracts_table_is_read_in_points_without_its_specks() -> None:
    first, second = pages_of_table(_table(*FIRST_PAGE, *SECOND_PAGE), 72 / 300)

    assert (1, 595.2, "tesseract") == (first.number, first.width, first.source)
    assert ["Total: 12.75"] == [line.text for line in first.lines]
    assert Word("Total:", 60, 60, 144, 79.9) == first.lines[0].words[0]
    assert (2, "next") == (second.number, second.lines[0].text)


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"no PDF")
    (tmp_path / "a.docx").write_bytes(b"")

    with pytest.raises(Unreadable, match=r"a\.pdf is no PDF that can be read"):
        read_document(tmp_path / "a.pdf", "eng")
    with pytest.raises(UnknownKind, match=r"a\.docx is none of \.pdf, \.png"):
        read_document(tmp_path / "a.docx", "eng")
    with pytest.raises(FileNotFoundError, match="there is no file"):
        read_document(tmp_path / "b.pdf", "eng")


def test_without_tesseract_a_page_without_text_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "scan.pdf").write_bytes(pdf_of([Text(0, 0, " ")]))

    with pytest.raises(NoTesseract, match="apt-get install tesseract-ocr"):
        read_document(tmp_path / "scan.pdf", "eng")


def test_a_page_without_text_is_drawn_for_tesseract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "tesseract"
    answer = _table(*FIRST_PAGE)
    program.write_text(f'#!/bin/sh\nhead -c 15 "$1" >{tmp_path}/given\ncat <<END\n{answer}END\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    (tmp_path / "scan.pdf").write_bytes(pdf_of([Text(0, 0, " ")]))
    [page] = read_document(tmp_path / "scan.pdf", "eng").pages

    assert ("tesseract", ["Total: 12.75"]) == (page.source, [line.text for line in page.lines])
    assert b"P6\n2480 3509\n25" == (tmp_path / "given").read_bytes()


def test_what_tesseract_complains_of_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\necho 'Error in fopenReadStream' >&2\nexit 1\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    (tmp_path / "a.png").write_bytes(b"no picture")

    with pytest.raises(NotSeen, match=r"cannot read a\.png: Error in fopenReadStream"):
        read_document(tmp_path / "a.png", "eng")
