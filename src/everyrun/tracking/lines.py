"""Making lines of text that comes in pieces, in bounded memory.

A carriage return begins a line anew, as terminals do, so of a progress bar the last state is left.
"""

from codecs import getincrementaldecoder
from collections.abc import Iterator

from everyrun.domain.payloads.capping import note_of_cut

LONGEST_LINE = 16_384
"""Characters kept of one line; the rest is counted."""

LONGEST_WORD = 1_024
"""Characters before a cut among which it looks for the end of a word."""


class LineAssembler:
    """Takes text or UTF-8 in pieces and gives whole lines, without their line ends.

    Bytes that are not UTF-8 are shown as ``\\xff``.
    """

    def __init__(self) -> None:
        self._decoder = getincrementaldecoder("utf-8")("backslashreplace")
        self._begin_line()

    def feed(self, text: str) -> Iterator[str]:
        """The lines that ``text`` brings to their end."""
        *endings, rest = text.split("\n")
        for ending in endings:
            self._add(ending)
            yield from self._take()
        self._add(rest)

    def feed_bytes(self, piece: bytes) -> Iterator[str]:
        """The lines that ``piece`` brings to their end."""
        return self.feed(self._decoder.decode(piece))

    def end(self) -> Iterator[str]:
        """The line that was begun and not ended, if there is one."""
        yield from self.feed(self._decoder.decode(b"", final=True))
        if self._held:
            yield from self._take()

    def _begin_line(self) -> None:
        self._held = ""
        self._missing = 0
        self._returned = False
        self._overwritten = False

    def _add(self, piece: str) -> None:
        states = piece.rstrip("\r")
        if states:
            _, returned, last = states.rpartition("\r")
            if returned or self._returned:
                self._held = ""
                self._missing = 0
                self._overwritten = True
            room = LONGEST_LINE - len(self._held)
            self._held += last[:room]
            self._missing += max(len(last) - room, 0)
            self._returned = False
        self._returned |= len(states) < len(piece)

    def _take(self) -> Iterator[str]:
        line, missing, wiped = self._held, self._missing, self._overwritten
        self._begin_line()
        if missing:
            yield _cut(line, missing)
        elif line.strip() or not wiped:
            yield line


def _cut(line: str, missing: int) -> str:
    """The line without its last word: of a secret that the cut divides, nothing may be left."""
    end = line.rfind(" ", len(line) - LONGEST_WORD)
    kept = line[: end if end != -1 else len(line) - LONGEST_WORD]
    return kept + note_of_cut(missing + len(line) - len(kept))
