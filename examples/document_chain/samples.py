"""Documents made up here, for whoever wants to see the chain run before it gets real ones.

They are whole PDF files of one page with PDFium's usual text, written by hand as ISO 32000-1 says,
7.5.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

WIDTH, HEIGHT = 595, 842
"""A4 in points."""


class Text(NamedTuple):
    """A piece of text; ``left`` and ``top`` are points from the page's upper left corner."""

    left: float
    top: float
    text: str
    size: float = 10


def write_samples(folder: Path) -> list[Path]:
    """Write two whole documents and a damaged one; answers their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    invoice, receipt = folder / "invoice.pdf", folder / "receipt.pdf"
    damaged = folder / "damaged.pdf"
    invoice.write_bytes(pdf_of(INVOICE))
    receipt.write_bytes(pdf_of(RECEIPT))
    damaged.write_bytes(b"this was a PDF once")
    return [invoice, receipt, damaged]


def pdf_of(texts: Sequence[Text]) -> bytes:
    """A PDF file of one page with these texts, in Helvetica and Latin letters."""
    drawn = "\n".join(_drawing(text) for text in texts).encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>" % (WIDTH, HEIGHT),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    file = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    file += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    file += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(file)


def _drawing(text: Text) -> str:
    escaped = text.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    baseline = HEIGHT - text.top - text.size
    return f"BT /F1 {text.size:g} Tf {text.left:g} {baseline:g} Td ({escaped}) Tj ET"


def _rows(top: float, columns: Sequence[float], rows: Sequence[Sequence[str]]) -> list[Text]:
    return [
        Text(left, top + 18 * number, text)
        for number, row in enumerate(rows)
        for left, text in zip(columns, row, strict=True)
    ]


INVOICE = [
    Text(60, 60, "INVOICE", 20),
    Text(60, 110, "Hanok Paper Works, 12 Bukchon-ro, Seoul"),
    Text(60, 126, "Business number: 120-81-47521"),
    Text(60, 142, "E-mail: billing@hanok-paper.example"),
    Text(360, 110, "Invoice no: HP-2026-0417"),
    Text(360, 126, "Date: 2026-04-17"),
    Text(360, 142, "Due date: 2026-05-17"),
    *_rows(
        200,
        (60, 300, 380, 480),
        (
            ("Item", "Quantity", "Price", "Amount"),
            ("Mulberry paper, A3", "200", "1.20", "240.00"),
            ("Bookbinding thread", "12", "3.50", "42.00"),
            ("Courier to Busan", "1", "18.00", "18.00"),
        ),
    ),
    Text(380, 300, "VAT 10%: 30.00"),
    Text(380, 318, "Total: USD 330.00"),
    Text(60, 380, "Payable by transfer. Thank you for your order."),
]

RECEIPT = [
    Text(60, 60, "Receipt", 16),
    Text(60, 100, "Harbour Tea Room"),
    Text(60, 116, "Receipt no: 88231"),
    Text(60, 132, "Date: 3 March 2026"),
    *_rows(
        170,
        (60, 260),
        (("Green tea", "4.50"), ("Rice cake", "3.25"), ("Persimmon punch", "5.00")),
    ),
    Text(60, 240, "Total: $12.75"),
]
