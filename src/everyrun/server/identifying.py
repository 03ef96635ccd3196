"""Ids in paths: what is no id names nothing."""

from everyrun.domain.errors import InvalidQuery, NotOnRecord
from everyrun.domain.identifiers import canonical_id


def id_in_path(text: str) -> str:
    """The canonical id. Raises :class:`NotOnRecord`."""
    try:
        return canonical_id(text)
    except ValueError:
        raise NotOnRecord(f"nothing on record has the id {text[:100]!r}") from None


def id_in_query(text: str | None) -> str | None:
    """The canonical id of a filter, None where there is none. Raises :class:`InvalidQuery`."""
    try:
        return None if text is None else canonical_id(text)
    except ValueError:
        raise InvalidQuery(f"{text!r} is no id") from None
