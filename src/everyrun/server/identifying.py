"""Ids in paths: what is no id names nothing."""

from everyrun.domain.errors import NotOnRecord
from everyrun.domain.identifiers import canonical_id


def id_in_path(text: str) -> str:
    """The canonical id. Raises :class:`NotOnRecord`."""
    try:
        return canonical_id(text)
    except ValueError:
        raise NotOnRecord(f"nothing on record has the id {text[:100]!r}") from None
