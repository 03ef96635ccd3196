"""An extractor for tests of the example chain: it is slow, or busy, when a document says so."""

import os
import threading
from pathlib import Path

from examples.document_chain.extracting import Extraction, ExtractorBusy
from examples.document_chain.pages import Document
from examples.document_chain.rules import Rules

EXTRACTOR = f"{__name__}:Moody"
FOLDER = "TEST_EXTRACTOR_FOLDER"
BUSY, HELD, LET_GO = "busy.pdf", "held.pdf", "let-go"


class Moody(Rules):
    """The rules; busy once for ``busy.pdf``, at it with ``held.pdf`` until ``let-go`` is there."""

    def extract(self, document: Document) -> Extraction:
        """What the rules say, sooner or later."""
        folder, name = Path(os.environ[FOLDER]), Path(document.file).name
        if name == BUSY and not (folder / "was-busy").exists():
            (folder / "was-busy").touch()
            raise ExtractorBusy("the model has no time")
        while name == HELD and not (folder / LET_GO).exists():
            threading.Event().wait(0.05)
        return super().extract(document)
