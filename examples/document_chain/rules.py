"""An extractor that needs no key and no network: rules for business papers, English and Korean."""

import re
from collections.abc import Iterator

from examples.document_chain.extracting import Extraction, Field
from examples.document_chain.pages import Document

KINDS = {
    "invoice": ("invoice", "세금계산서", "청구서"),
    "receipt": ("receipt", "영수증"),
    "quotation": ("quotation", "quote", "견적서"),
    "purchase order": ("purchase order", "발주서"),
    "contract": ("contract", "agreement", "계약서"),
    "report": ("report", "보고서"),
}
OTHER = "document"
LINES_OF_A_TITLE = 12

_DATE = (
    r"\d{4}[-./]\s?\d{1,2}[-./]\s?\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}|"
    r"\d{4}년\s?\d{1,2}월\s?\d{1,2}일|\d{1,2}\s[A-Z][a-z]{2,8}\.?\s\d{4}|"
    r"[A-Z][a-z]{2,8}\.?\s\d{1,2},\s\d{4}"
)
_AMOUNT = r"(?:[$€£₩]|USD|EUR|GBP|KRW)?\s?-?\d[\d,.' ]*\d(?:\s?(?:[$€£₩원]|USD|EUR|GBP|KRW))?"

PATTERNS = {
    "number": (
        r"(?:invoice|receipt|order|quotation|document)\s*(?:no\.?|number|#)\s*:?\s*"
        r"([\w][\w/-]*\d[\w/-]*)|(?:문서|송장|승인)\s?번호\s*:?\s*([\w/-]+)"
    ),
    "due date": rf"(?:due|payable by|납기일?|지급\s?기한)\D{{0,12}}?({_DATE})",
    "date": rf"(?<!due )(?:date|issued|발행일|작성일자?)\D{{0,12}}?({_DATE})",
    "total": rf"(?:^|\s)(?:total due|amount due|total|합계|총액)\s*:?\s*({_AMOUNT})\s*$",
    "tax": rf"(?:^|\s)(?:vat|tax|부가세)\s*(?:\(?\d+\s?%\)?)?\s*:?\s*({_AMOUNT})\s*$",
    "business number": r"\b(\d{3}-\d{2}-\d{5})\b",
    "e-mail": r"([\w.+-]+@[\w-]+(?:\.[\w-]+)+)",
    "IBAN": r"\b([A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?)\b",
}
_LABELLED = re.compile(r"^(?P<label>[^\W\d][\w /.-]{1,38}?)\s*:\s+(?P<value>\S.{0,199})$")
_COMPILED = {name: re.compile(text, re.IGNORECASE) for name, text in PATTERNS.items()}


class Rules:
    """Finds what it has a rule for, and whatever stands as ``label: value``."""

    def extract(self, document: Document) -> Extraction:
        """What this document is and says; never busy."""
        return Extraction(_kind_of(document), tuple(_fields(document)), "rules")


def _kind_of(document: Document) -> str:
    """The kind that is named first among the topmost lines, where titles stand."""
    top = "\n".join(line.text for line in document.pages[0].lines[:LINES_OF_A_TITLE]).lower()
    places = {kind: _first_place(top, words) for kind, words in KINDS.items()}
    kind, place = min(places.items(), key=lambda found: found[1])
    return kind if place < len(top) else OTHER


def _first_place(text: str, words: tuple[str, ...]) -> int:
    found = re.search(rf"(?<![a-z])(?:{'|'.join(words)})(?![a-z])", text)
    return len(text) if found is None else found.start()


def _fields(document: Document) -> Iterator[Field]:
    seen: set[tuple[str, str]] = set()
    for page in document.pages:
        for number, line in enumerate(page.lines, start=1):
            for name, value, rule in _said_in(line.text):
                if (name, value) not in seen:
                    seen.add((name, value))
                    yield Field(name, value, page.number, number, rule)


def _said_in(text: str) -> list[tuple[str, str, str]]:
    """Name, value and rule of each thing that a line says."""
    said = []
    for name, pattern in _COMPILED.items():
        for found in pattern.finditer(text):
            value = next(group for group in found.groups() if group is not None)
            said.append((name, " ".join(value.split()), name))
    if not said:
        labelled = _LABELLED.match(text)
        if labelled is not None:
            said.append((labelled["label"].strip().lower(), labelled["value"], "label: value"))
    return said
