"""Where output goes: tables for people, plain text for pipes, JSON for programs."""

import os
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TextIO

import msgspec

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Spans = Sequence[tuple[str, str]]
"""Pieces of one line: (text, style)."""

_TERMINAL_SETTINGS = ("FORCE_COLOR", "TTY_COMPATIBLE")
_SPOKEN = {"\t": " ", "\n": "⏎", "\r": "␍"}
_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
_HARMLESS = {
    **{code: chr(0x2400 + code) for code in range(0x20)},
    0x7F: "␡",
    **dict.fromkeys(range(0x80, 0xA0), "\ufffd"),
    **dict.fromkeys((ord(character) for character in _BIDI), None),
}
_ONE_LINE = {**_HARMLESS, **{ord(key): value for key, value in _SPOKEN.items()}}
_LINES = {code: sign for code, sign in _HARMLESS.items() if chr(code) not in "\t\n"}


def one_line(text: str) -> str:
    """Text from the ledger on one line, unable to drive the terminal: control characters shown."""
    return text.translate(_ONE_LINE)


def harmless(text: str) -> str:
    """Text from the ledger with its line breaks and tabs kept, unable to drive the terminal."""
    return text.translate(_LINES)


@cache
def out() -> "Console":
    """Standard output, with colour and width as the terminal has them."""
    return _console(stderr=False)


@cache
def err() -> "Console":
    """Standard error: progress, questions and remarks."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> "Console":
    from rich.console import Console

    class PlainSpoken(Console):
        """Leaves a closed pipe to ``main``, which knows the exit code for it."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return PlainSpoken(stderr=stderr, highlight=False, emoji=False, markup=False)


def for_people() -> bool:
    """Whether standard output is a terminal (or was told to act as one by FORCE_COLOR)."""
    return _may_be_terminal(sys.stdout) and out().is_terminal


def _may_be_terminal(stream: TextIO) -> bool:
    """False where Rich would say the same, without loading it."""
    return stream.isatty() or any(os.environ.get(name) for name in _TERMINAL_SETTINGS)


def write(text: str = "") -> None:
    """One line of plain text on standard output."""
    sys.stdout.write(f"{text}\n")


def write_json(document: Any) -> None:
    """One JSON document, UTF-8, on standard output."""
    _write_bytes(msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n")


def write_json_line(document: Any) -> None:
    """One JSON document on a line of its own."""
    _write_bytes(msgspec.json.encode(document) + b"\n")


def _write_bytes(content: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(content)


def write_rows(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table for a pipe: tab-separated, headings first, one line a row, nothing cut."""
    for row in (headings, *rows):
        write("\t".join(one_line(cell) for cell in row))


def styled(text: str, style: str = "") -> "Text":
    """One line of styled text that no markup or control character in it can change."""
    from rich.text import Text

    return Text(one_line(text), style=style)


def write_text(text: "Text") -> None:
    """Styled text on standard output; plain for a pipe. Long lines are the terminal's to wrap."""
    if for_people():
        out().print(text, soft_wrap=True)
    else:
        write(text.plain)


def write_spans(spans: Spans, *, aside: bool = False) -> None:
    """A line of pieces on standard output, or ``aside``; loads no Rich where no terminal is."""
    stream = sys.stderr if aside else sys.stdout
    if aside:
        sys.stdout.flush()
    console = (err() if aside else out()) if _may_be_terminal(stream) else None
    if console is None or not console.is_terminal:
        stream.write("".join(one_line(text) for text, _style in spans).rstrip() + "\n")
        return
    line = styled("")
    for text, style in spans:
        line.append(one_line(text), style)
    line.rstrip()
    console.print(line, soft_wrap=True)


def aside(text: str) -> None:
    """A remark that is not the answer: on standard error, dim where there is colour."""
    sys.stdout.flush()
    if _may_be_terminal(sys.stderr):
        err().print(text, style="bright_black" if err().is_terminal else "", soft_wrap=True)
    else:
        sys.stderr.write(f"{text}\n")
