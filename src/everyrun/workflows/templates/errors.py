"""What can be wrong with a template."""

from everyrun.domain.errors import EveryrunError
from everyrun.domain.payloads.registering import REGISTRY

LONGEST_SENTENCE = 1_000
LONGEST_SOURCE = 80


class TemplateError(EveryrunError, ValueError):
    """A template gave no value.

    ``place`` is the node and the parameter (``fetch, url``), ``sentence`` says what is wrong. No
    secret that was read is in them.
    """

    status_code = 422

    def __init__(self, place: str, sentence: str) -> None:
        self.place = place
        self.sentence = shortened(REGISTRY.mask(sentence), LONGEST_SENTENCE)
        super().__init__(f"{place}: {self.sentence}" if place else self.sentence)


class Refused(EveryrunError, ValueError):
    """A template asked for what templates may not do."""

    status_code = 422


class Absent(EveryrunError, LookupError):
    """A template named what is not there: ``key`` of something, or a name.

    ``is_hyphenated`` where a key with a hyphen was read as a subtraction.
    """

    status_code = 422

    def __init__(self, message: str, key: object = None, *, is_hyphenated: bool = False) -> None:
        super().__init__(message)
        self.key = key
        self.is_hyphenated = is_hyphenated


def shortened(text: str, most: int = LONGEST_SOURCE) -> str:
    """The text, without its end where it is longer than ``most`` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"
