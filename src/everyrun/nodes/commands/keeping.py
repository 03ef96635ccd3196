"""Keeping the end of an output, in bounded memory."""

from codecs import decode


class Tail:
    """The last ``room`` bytes of what was added. ``taken`` counts all bytes that came."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._held = bytearray()
        self.taken = 0

    def add(self, chunk: bytes) -> None:
        """Take what came."""
        self.taken += len(chunk)
        self._held += chunk
        if len(self._held) > 2 * self._room:  # seldom, so that not every chunk moves all
            self._trim()

    @property
    def missing(self) -> int:
        """Bytes that are not kept, those before."""
        return max(self.taken - self._room, 0)

    def bytes(self) -> bytes:
        """What is kept."""
        self._trim()
        return bytes(self._held)

    def text(self) -> str:
        """What is kept, without the line ends at its end; what is not UTF-8 is ``\\xff``.

        Its beginning says how much is missing.
        """
        kept = decode(self.bytes(), "utf-8", "backslashreplace").rstrip("\r\n")
        if not self.missing:
            return kept
        return f"[cut: {self.missing:,} bytes before] …{kept}"

    def last_line(self) -> str:
        """The last line that says anything."""
        lines = decode(self.bytes(), "utf-8", "backslashreplace").rstrip().splitlines()
        return lines[-1].strip() if lines else ""

    def _trim(self) -> None:
        del self._held[: max(len(self._held) - self._room, 0)]
