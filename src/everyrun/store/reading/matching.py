"""Finding text in text: literally, whatever signs it holds, and without regard to case."""

from sqlalchemy import ColumnElement, or_

from everyrun.domain.errors import InvalidQuery

LONGEST_TEXT = 1_000
_ESCAPE = "\\"


def _pattern(text: str) -> str:
    for sign in (_ESCAPE, "%", "_"):
        text = text.replace(sign, _ESCAPE + sign)
    return f"%{text}%"


def contains(column: ColumnElement[str], text: str, dialect: str) -> ColumnElement[bool]:
    """Whether ``column`` contains ``text``, in any case.

    SQLite folds only ASCII letters; for others it compares the usual spellings (as given, lower,
    upper, capitalised, titled). Raises :class:`InvalidQuery` beyond 1,000 characters.
    """
    if len(text) > LONGEST_TEXT:
        raise InvalidQuery(f"a text to search for has at most {LONGEST_TEXT:,} characters")
    if dialect == "postgresql":
        return column.ilike(_pattern(text), escape=_ESCAPE)
    spellings = {text}
    if not text.isascii():
        spellings |= {text.lower(), text.upper(), text.capitalize(), text.title()}
    return or_(*(column.like(_pattern(spelling), escape=_ESCAPE) for spelling in sorted(spellings)))
