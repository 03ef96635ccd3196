"""Log lines as text or as JSON lines; quick, as there may be millions."""

import re
import sys
from collections.abc import Iterable
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

import msgspec

from everyrun.cli import terminal, wording
from everyrun.cli.short_ids import SHORTEST_ID
from everyrun.cli.terminal import harmless, one_line
from everyrun.domain.status import LogLevel

if TYPE_CHECKING:
    from everyrun.domain.views.logs import FoundLine, LogLine

_COLOURS = re.compile("(\x1b\\[[0-9;:]*m)")
_OTHER_SEQUENCES = re.compile(
    "\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?|[@-Z\\\\^_])"
)
_RESET, _DIM = "\x1b[0m", "\x1b[90m"
_LEVEL_COLOURS: dict[str, str] = {
    LogLevel.DEBUG: _DIM,
    LogLevel.INFO: "",
    LogLevel.WARNING: "\x1b[33m",
    LogLevel.ERROR: "\x1b[31m",
}
_LEVEL_WIDTH = 7
_CONTINUATION = "\n    "


class LineWriter:
    """Writes lines on standard output, with colour only where a terminal reads them."""

    def __init__(self, zone: tzinfo, *, timestamps: bool, as_json: bool) -> None:
        self.zone = zone
        self.timestamps = timestamps
        self.as_json = as_json
        self.coloured = not as_json and coloured_terminal()

    def write(self, lines: "Iterable[LogLine]") -> None:
        """Write these lines and hand them over at once."""
        for line in lines:
            if self.as_json:
                terminal.write_json_line(line)
            else:
                terminal.write(self.text(line))
        sys.stdout.flush()

    def write_found(self, lines: "Iterable[FoundLine]") -> None:
        """Write the lines of a search, each with its execution."""
        for line in lines:
            if self.as_json:
                terminal.write_json_line(line)
            else:
                origin = f"{line.execution_id[:SHORTEST_ID]} {line.workflow}"
                terminal.write(self.text(line, origin))
        sys.stdout.flush()

    def remark(self, sentence: str) -> None:
        """Tell a person what is not a line of the log; programs are not told."""
        if not self.as_json and terminal.for_people():
            terminal.aside(sentence)

    def text(self, line: "LogLine", origin: str = "") -> str:
        """One log line as text; ``origin`` says whose it is where several executions mix."""
        parts = []
        if self.timestamps or origin:
            parts.append(self._dim(wording.clock_time(line.timestamp, self.zone)))
        colour = _LEVEL_COLOURS.get(line.level, "")
        parts.append(self._painted(f"{line.level:<{_LEVEL_WIDTH}}", colour))
        if origin:
            parts.append(self._dim(one_line(origin)))
        if line.node:
            parts.append(self._dim(f"[{one_line(line.node)}]"))
        parts.append(self._message(line.message, colour))
        if line.data not in (None, {}, []):
            parts.append(self._dim(data_text(line.data)))
        return "  ".join(parts)

    def _message(self, message: str, colour: str) -> str:
        pieces = _COLOURS.split(message.rstrip("\n"))
        if len(pieces) > 1 and self.coloured:
            cleaned = [
                piece if odd else harmless(_OTHER_SEQUENCES.sub("", piece))
                for odd, piece in ((position % 2, piece) for position, piece in enumerate(pieces))
            ]
            text = "".join(cleaned) + _RESET
        else:
            plain = "".join(pieces[::2])
            if "\x1b" in plain:
                plain = _OTHER_SEQUENCES.sub("", plain)
            text = self._painted(harmless(plain), colour)
        return text.replace("\n", _CONTINUATION)

    def _painted(self, text: str, colour: str) -> str:
        return f"{colour}{text}{_RESET}" if colour and self.coloured else text

    def _dim(self, text: str) -> str:
        return self._painted(text, _DIM)


def coloured_terminal() -> bool:
    """Whether standard output wants colour."""
    return (
        terminal.for_people()
        and terminal.out().color_system is not None
        and not (terminal.out().no_color)
    )


def data_text(data: Any) -> str:
    """A line's data on one line: ``rows=3 path="a b"``, or JSON when it is no mapping."""
    if isinstance(data, dict):
        return " ".join(
            f"{one_line(str(key))}={one_line(_json(value))}" for key, value in data.items()
        )
    return one_line(_json(data))


def _json(value: Any) -> str:
    if isinstance(value, str) and value.isprintable() and value and " " not in value:
        return value
    return msgspec.json.encode(value).decode()
