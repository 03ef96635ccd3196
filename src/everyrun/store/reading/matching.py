"""Finding text in text: literally, whatever signs it holds, and without regard to case."""

from sqlalchemy import ColumnElement, or_

from everyrun.domain.errors import InvalidQuery
from everyrun.domain.payloads import clean_text

LONGEST_TEXT = 1_000
_ESCAPE = "\\"


def _pattern(text: str) -> str:
    for sign in (_ESCAPE, "%", "_"):
        text = text.replace(sign, _ESCAPE + sign)
    return f"%{text}%"


def as_stored(text: str) -> str:
    """``text`` spelled as the ledger would hold it: without NUL and lone surrogates."""
    return clean_text(text)


def contains(column: ColumnElement[str], text: str, dialect: str) -> ColumnElement[bool]:
    """Whether ``column`` contains ``text``, in any case.

    SQLite, and PostgreSQL in the C locale, fold ASCII letters only; for others the usual spellings
    are compared (as given, lower, upper, capitalised, titled). Raises :class:`InvalidQuery` beyond
    1,000 characters.
    """
    if len(text) > LONGEST_TEXT:
        raise InvalidQuery(f"a text to search for has at most {LONGEST_TEXT:,} characters")
    text = as_stored(text)
    spellings = {text}
    if not text.isascii():
        spellings |= {text.lower(), text.upper(), text.capitalize(), text.title()}
    like = column.ilike if dialect == "postgresql" else column.like
    return or_(*(like(_pattern(spelling), escape=_ESCAPE) for spelling in sorted(spellings)))
