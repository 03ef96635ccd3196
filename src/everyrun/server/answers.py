"""Answers that were made a moment ago, for the next who ask the same while nothing has changed."""

from threading import Lock
from typing import NamedTuple

MOST_BYTES = 16 << 20
LONGEST_ANSWER = 256 << 10


class Answer(NamedTuple):
    """An answer and the state that it shows."""

    etag: str
    content: bytes
    media_type: str


class Answers:
    """The last answer to each target, kept in at most :data:`MOST_BYTES` of memory.

    Only for answers that are the same for all who may see them. Safe to share between threads.
    """

    def __init__(self) -> None:
        self._answers: dict[bytes, Answer] = {}
        self._bytes = 0
        self._lock = Lock()

    def get(self, target: bytes, etag: str) -> Answer | None:
        """The answer of this state, if it was made here."""
        found = self._answers.get(target)
        return found if found is not None and found.etag == etag else None

    def note(self, target: bytes, answer: Answer) -> None:
        """Remember an answer, unless it is too long for that."""
        if len(answer.content) > LONGEST_ANSWER:
            return
        with self._lock:
            before = self._answers.pop(target, None)
            if before is not None:
                self._bytes -= _size(target, before)
            self._bytes += _size(target, answer)
            if self._bytes > MOST_BYTES:
                self._answers.clear()
                self._bytes = _size(target, answer)
            self._answers[target] = answer


def _size(target: bytes, answer: Answer) -> int:
    return len(target) + len(answer.content) + 200
