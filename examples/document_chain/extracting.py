"""The LLM stage's border: whoever can say what a document is about implements :class:`Extractor`.

``DOCUMENT_CHAIN_EXTRACTOR=module:name`` names another one than the rules that come along; it is
called without arguments to make one.
"""

import os
from importlib import import_module
from typing import Protocol

import msgspec

from examples.document_chain.pages import Document

SETTING = "DOCUMENT_CHAIN_EXTRACTOR"
USUAL = "examples.document_chain.rules:Rules"


class Field(msgspec.Struct, frozen=True):
    """One thing that a document says, and where; ``rule`` is what found it."""

    name: str
    value: str
    page: int
    line: int
    rule: str


class Extraction(msgspec.Struct, frozen=True):
    """What a document is, and what it says."""

    kind: str
    fields: tuple[Field, ...]
    extractor: str


class ExtractorBusy(Exception):
    """It has no time now: the stage asks again a little later."""


class NothingToRead(ValueError):
    """The document has no words."""


class UnknownExtractor(ValueError):
    """The setting names nothing that can be loaded."""


class Extractor(Protocol):
    """Says what a document is about. A language model, or rules."""

    def extract(self, document: Document) -> Extraction:
        """What this document is and says.

        Raises :class:`ExtractorBusy` to be asked again; any other error fails the stage.
        """
        ...


def chosen_extractor() -> Extractor:
    """The extractor that the setting names. Raises :class:`UnknownExtractor`."""
    place = os.environ.get(SETTING) or USUAL
    module, _, name = place.partition(":")
    try:
        made: Extractor = getattr(import_module(module), name)()
    except (ImportError, AttributeError, ValueError) as error:
        raise UnknownExtractor(f"{SETTING}={place!r} cannot be loaded: {error}") from error
    return made


def extract(document: Document) -> Extraction:
    """What a document is and says. Raises what the extractor does, and :class:`NothingToRead`."""
    if not document.words:
        raise NothingToRead(f"there is not a word in {document.file}")
    return chosen_extractor().extract(document)
