"""Ids that a person gave, checked before they reach the database."""

from everyrun.domain.errors import NotOnRecord
from everyrun.domain.identifiers import canonical_id


def record_id(given: str) -> str:
    """The canonical form. Raises :class:`NotOnRecord`, for what is no id names nothing."""
    try:
        return canonical_id(given)
    except ValueError:
        raise NotOnRecord(f"nothing on record has the id {given!r}") from None
