"""Names of users and of what they make: what may stand in them, and which two are the same."""

import unicodedata

from everyrun.domain.errors import EveryrunError

LONGEST_NAME = 200


class BadName(EveryrunError, ValueError):
    """A name has 1 to 200 characters, and none that cannot be seen."""

    status_code = 422


def checked_name(text: str) -> str:
    """The name as it is kept: in Unicode's composed form (NFC), without spaces around it.

    Raises :class:`BadName`.
    """
    if not is_name(text):
        raise BadName
    return unicodedata.normalize("NFC", text).strip()


def is_name(text: str) -> bool:
    """Whether this can be a name."""
    name = unicodedata.normalize("NFC", text).strip()
    return 1 <= len(name) <= LONGEST_NAME and not any(map(_is_unseen, name))


def name_key(text: str) -> str:
    """What two names share that nobody could tell apart: NFC, without regard to case."""
    folded = unicodedata.normalize("NFC", text.strip()).casefold()
    return unicodedata.normalize("NFC", folded)


def _is_unseen(character: str) -> bool:
    """Whether it is a control, formatting, surrogate or unassigned character, or a line break."""
    category = unicodedata.category(character)
    return category[0] == "C" or category in {"Zl", "Zp"}
