"""Images, seen by Tesseract: its program is called, because that is how Debian ships it."""

import csv
import shutil
import subprocess
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from examples.document_chain.pages import Page, Word, lines_of

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".ppm")
POINTS_PER_INCH = 72
USUAL_DOTS_PER_INCH = 300
SECONDS_A_FILE = 120.0
LEAST_CONFIDENCE = 30.0
"""Per cent; words that Tesseract itself believes in less are specks and lines."""

_WORD = "5"
"""The level of words in Tesseract's table."""


class NoTesseract(RuntimeError):
    """The program is not installed."""


class NotSeen(RuntimeError):
    """Tesseract could not read a picture."""


def pages_of_image(path: Path, language: str, dots: int = USUAL_DOTS_PER_INCH) -> list[Page]:
    """What Tesseract reads in a picture of so many dots an inch; TIFF may hold several pages.

    Raises :class:`NoTesseract` and :class:`NotSeen`.
    """
    program = shutil.which("tesseract")
    if program is None:
        raise NoTesseract(
            f"{path.name} has no text of its own and Tesseract, which would read it, is not "
            "installed; on Debian: apt-get install tesseract-ocr tesseract-ocr-kor"
        )
    command = [program, str(path), "-", "-l", language, "--dpi", str(dots), "tsv"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=SECONDS_A_FILE
        )
    except subprocess.TimeoutExpired as error:
        raise NotSeen(f"{path.name} took Tesseract over {SECONDS_A_FILE:g} s") from error
    if done.returncode != 0:
        raise NotSeen(f"Tesseract cannot read {path.name}: {done.stderr.strip()[-500:]}")
    return list(pages_of_table(done.stdout, POINTS_PER_INCH / dots))


def pages_of_table(table: str, scale: float) -> Iterator[Page]:
    """The pages in Tesseract's table of tab separated values; ``scale`` is points a dot."""
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    for number, of_page in groupby(rows, key=lambda row: int(row["page_num"])):
        whole, *parts = of_page
        _, _, width, height = _box(whole, scale)
        words = [Word(row["text"].strip(), *_box(row, scale)) for row in parts if _is_word(row)]
        yield Page(number, width, height, "tesseract", lines_of(words))


def _is_word(row: dict[str, str]) -> bool:
    if row["level"] != _WORD or not row["text"].strip():
        return False
    return float(row["conf"]) >= LEAST_CONFIDENCE


def _box(row: dict[str, str], scale: float) -> tuple[float, float, float, float]:
    left, top = int(row["left"]), int(row["top"])
    right, bottom = left + int(row["width"]), top + int(row["height"])
    return (
        round(left * scale, 1),
        round(top * scale, 1),
        round(right * scale, 1),
        round(bottom * scale, 1),
    )
