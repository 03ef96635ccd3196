"""One thing that the command line says."""

from typing import NamedTuple


class Sentence(NamedTuple):
    """One sentence, heading or unit in each language."""

    english: str
    korean: str
