"""What the chain finds in documents, and how it lays it out."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from examples.document_chain.extracting import (
    SETTING,
    Extraction,
    Field,
    NothingToRead,
    UnknownExtractor,
    extract,
)
from examples.document_chain.layout import lay_out
from examples.document_chain.pages import Document, Line, Page, Word
from examples.document_chain.reading import read_document
from examples.document_chain.rules import Rules
from examples.document_chain.samples import INVOICE, RECEIPT, Text, pdf_of
from examples.document_chain.workbook import write_workbook


def _saying(*lines: str) -> Document:
    """A document of one page with these lines."""
    written = tuple(
        Line((Word(text, 10, 20 * number, 200, 20 * number + 10),))
        for number, text in enumerate(lines)
    )
    return Document("a.pdf", (Page(1, 595, 842, "text layer", written),))


def _read(tmp_path: Path, texts: list[Text]) -> Document:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_of(texts))
    return read_document(path, "eng")


def _found(document: Document) -> dict[str, str]:
    return {field.name: field.value for field in extract(document).fields}


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("Invoice No. 2026/0417-A", "number", "2026/0417-A"),
        ("송장 번호: KR-17", "number", "KR-17"),
        ("발행일: 2026년 4월 17일", "date", "2026년 4월 17일"),
        ("Payable by 17 May 2026", "due date", "17 May 2026"),
        ("합계 330,000원", "total", "330,000원"),
        ("Grand total: € 1.234,50", "total", "€ 1.234,50"),
        ("VAT (10%) 30.00", "tax", "30.00"),
        ("사업자등록번호 120-81-47521", "business number", "120-81-47521"),
        ("IBAN DE89 3704 0044 0532 0130 00", "IBAN", "DE89 3704 0044 0532 0130 00"),
        ("Delivered to: Busan", "delivered to", "Busan"),
    ],
)
def test_rules_find_what_business_papers_say(line: str, name: str, value: str) -> None:
    assert {name: value} == _found(_saying(line))


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Purchase order", "purchase order"),
        ("전자 세금계산서", "invoice"),
        ("Dear Kim", "document"),
    ],
)
def test_a_title_tells_the_kind(title: str, kind: str) -> None:
    assert kind == extract(_saying(title, "invoices and receipts may follow")).kind


def test_a_document_without_a_word_is_nothing_to_read() -> None:
    with pytest.raises(NothingToRead, match=r"not a word in a\.pdf"):
        extract(_saying())


def test_another_extractor_is_named_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "examples.document_chain.rules:Rules")
    assert "rules" == extract(_saying("a")).extractor
    monkeypatch.setenv(SETTING, "examples.document_chain.rules:Model")
    with pytest.raises(UnknownExtractor, match="DOCUMENT_CHAIN_EXTRACTOR='examples"):
        extract(_saying("a"))


def test_what_stands_in_columns_is_a_table(tmp_path: Path) -> None:
    document = _read(tmp_path, INVOICE)
    layout = lay_out(document, Rules().extract(document))

    assert [3, 4] == [len(table.rows) for table in layout.tables]
    assert (
        ("Item", "Quantity", "Price", "Amount"),
        ("Mulberry paper, A3", "200", "1.20", "240.00"),
        ("Bookbinding thread", "12", "3.50", "42.00"),
        ("Courier to Busan", "1", "18.00", "18.00"),
    ) == layout.tables[1].rows


def test_a_cell_that_is_missing_leaves_its_column_empty(tmp_path: Path) -> None:
    rows = [Text(60, 60, "Tea"), Text(200, 60, "hot"), Text(340, 60, "4.50")]
    rows += [Text(60, 80, "Cake"), Text(340, 80, "3.25")]
    document = _read(tmp_path, rows)

    assert (("Tea", "hot", "4.50"), ("Cake", "", "3.25")) == (
        lay_out(document, Rules().extract(document)).tables[0].rows
    )


def test_the_workbook_holds_all_of_it_as_text(tmp_path: Path) -> None:
    document = _read(tmp_path, RECEIPT)
    evil = Field("=1+1", "=HYPERLINK(1)", 1, 1, "rule")
    layout = lay_out(document, Extraction("receipt", (evil,), "rules"))
    write_workbook(layout, tmp_path / "out" / "a.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "out" / "a.xlsx"))

    assert ["Fields", "Table 1 (page 1)", "Text"] == book.sheet_names
    fields = book.get_sheet_by_name("Fields").to_python()
    assert ["Kind", "receipt"] == fields[1][:2]
    assert ["=1+1", "=HYPERLINK(1)", "1", "1", "rule"] == fields[5]
    assert ["Green tea", "4.50"] == book.get_sheet_by_name("Table 1 (page 1)").to_python()[0]
    assert 1 == len(list((tmp_path / "out").iterdir()))
