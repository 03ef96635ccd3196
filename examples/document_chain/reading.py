"""The OCR stage: a PDF's own text where it has some, what Tesseract sees where it has none."""

from collections.abc import Iterator
from pathlib import Path

from examples.document_chain.pages import Document, Page
from examples.document_chain.pdf_files import PDF_SUFFIX, pages_of_pdf
from examples.document_chain.tesseract import IMAGE_SUFFIXES, pages_of_image

SUFFIXES = (PDF_SUFFIX, *IMAGE_SUFFIXES)


class UnknownKind(ValueError):
    """The file is none that can be read."""


def read_document(path: Path, language: str) -> Document:
    """Read a PDF or an image. ``language`` is Tesseract's, such as ``eng+kor``.

    Raises :class:`UnknownKind`, :class:`FileNotFoundError`, ``pdf_files.Unreadable``,
    ``tesseract.NoTesseract`` and ``tesseract.NotSeen``.
    """
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")
    return Document(str(path), tuple(_pages(path, language)))


def _pages(path: Path, language: str) -> Iterator[Page]:
    suffix = path.suffix.lower()
    if suffix == PDF_SUFFIX:
        yield from pages_of_pdf(path, language)
    elif suffix in IMAGE_SUFFIXES:
        yield from pages_of_image(path, language)
    else:
        raise UnknownKind(f"{path.name} is none of {', '.join(SUFFIXES)}")
