"""What a workflow or a schedule may be called."""

from everyrun.domain.errors import EveryrunError
from everyrun.domain.payloads import clean_text

LONGEST_NAME = 1_000


class InvalidName(EveryrunError, ValueError):
    """Nothing can be called this."""

    status_code = 422


def checked_name(name: str) -> str:
    """The name itself. Raises :class:`InvalidName` for one that is blank, too long or not text."""
    if not name.strip():
        raise InvalidName("a name cannot be blank")
    if len(name) > LONGEST_NAME:
        raise InvalidName(f"a name has at most {LONGEST_NAME:,} characters, not {len(name):,}")
    if clean_text(name) != name:
        raise InvalidName("a name cannot hold the character NUL or half of a surrogate pair")
    return name
