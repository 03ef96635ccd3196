"""PDF files, read by PDFium: their text with its places, or their pages as pictures."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from examples.document_chain.pages import Page, Word, lines_of
from examples.document_chain.tesseract import pages_of_image

PDF_SUFFIX = ".pdf"
POINTS_PER_INCH = 72
DOTS_PER_INCH = 300
"""How fine a page without text is drawn for Tesseract."""


class Unreadable(ValueError):
    """The file is no PDF, is damaged or is locked with a password."""


def pages_of_pdf(path: Path, language: str) -> Iterator[Page]:
    """The pages of a PDF, one after the other. Raises :class:`Unreadable`."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"{path.name} is no PDF that can be read: {error}") from error
    with closing(document):
        for number in range(len(document)):
            with closing(document[number]) as page:
                yield _read(page, number + 1, language)


def _read(page: Any, number: int, language: str) -> Page:
    width, height = page.get_size()
    with closing(page.get_textpage()) as text:
        words = list(_words(text, height))
    if words:
        return Page(number, width, height, "text layer", lines_of(words))
    with tempfile.TemporaryDirectory(prefix="document-chain-") as folder:
        picture = Path(folder) / f"page-{number}.ppm"
        _draw(page, picture)
        [seen] = pages_of_image(picture, language, DOTS_PER_INCH)
    return Page(number, width, height, seen.source, seen.lines)


def _words(text: Any, height: float) -> Iterator[Word]:
    """The words of a page; PDFium counts points from its lower edge."""
    letters = [
        (chr(pdfium.FPDFText_GetUnicode(text, index)), text.get_charbox(index, loose=True))
        for index in range(text.count_chars())
    ]
    for is_space, word in groupby(letters, key=lambda letter: not letter[0].strip()):
        if is_space:
            continue
        characters, boxes = zip(*word, strict=True)
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        yield Word(
            "".join(characters),
            round(min(lefts), 1),
            round(height - max(tops), 1),
            round(max(rights), 1),
            round(height - min(bottoms), 1),
        )


def _draw(page: Any, path: Path) -> None:
    """Draw a page as a PPM file, which needs no imaging library."""
    bitmap = page.render(scale=DOTS_PER_INCH / POINTS_PER_INCH, rev_byteorder=True)
    with closing(bitmap), path.open("wb") as file:
        pixels, step = bitmap.n_channels, bitmap.stride
        file.write(b"P6\n%d %d\n255\n" % (bitmap.width, bitmap.height))
        for row in range(bitmap.height):
            line = bytes(bitmap.buffer[row * step : row * step + bitmap.width * pixels])
            if pixels != 3:
                line = b"".join(line[at : at + 3] for at in range(0, len(line), pixels))
            file.write(line)
