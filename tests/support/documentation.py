"""The code of a Markdown page, run as the page says, in the page's order and in one folder.

- A ``python`` block whose first line is ``# name.py`` is that file; any other is run.
- A ``yaml`` block whose first line is ``# name.yaml`` is that file; others are parts of one.
- A ``console`` block has commands after ``$ `` and their output below. In the output ``…`` stands
  for any text within a line, and a line of ``…`` alone for any lines.
- Other blocks (``sh``, ``sql``, ``text``) are not run.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SECONDS_FOR_A_COMMAND = 120.0

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE_NAME = re.compile(r"# ([\w/-]+\.(?:py|yaml))\n")


@dataclass(frozen=True)
class Command:
    """One command of a console block and the output that the page promises."""

    line: int
    words: str
    promised: str


@dataclass(frozen=True)
class Block:
    """One fenced block of a page. ``line`` is that of its first line of code."""

    line: int
    language: str
    text: str

    def commands(self) -> Iterator[Command]:
        """The commands of a console block."""
        line, words, output = 0, None, list[str]()
        for number, text in enumerate(self.text.splitlines(), start=self.line):
            if text.startswith("$ "):
                if words is not None:
                    yield Command(line, words, "\n".join(output))
                line, words, output = number, text[2:], []
            else:
                output.append(text)
        if words is not None:
            yield Command(line, words, "\n".join(output))


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page that name their language."""
    return [
        Block(page.count("\n", 0, found.start(2)) + 1, found[1], found[2])
        for found in _BLOCK.finditer(page)
    ]


def keeps(promised: str, printed: str) -> bool:
    """Whether a command printed what the page promises; blanks at the ends of lines are free."""
    pattern = "".join(_line_pattern(line) for line in promised.strip().splitlines())
    said = "".join(f"{line.rstrip()}\n" for line in printed.strip().splitlines())
    return re.fullmatch(pattern, said) is not None


def _line_pattern(line: str) -> str:
    if line.strip() == "…":
        return r"(?:.*\n)*"
    return ".*".join(re.escape(part) for part in line.rstrip().split("…")) + r"\n"


class Reader:
    """Somebody who does what a page says, in a folder of their own."""

    def __init__(
        self, folder: Path, home: Path, variables: Mapping[str, str] | None = None
    ) -> None:
        self._folder = folder
        programs = Path(sys.executable).parent
        kept = {name: os.environ[name] for name in ("LANG", "TZ", "TMPDIR") if name in os.environ}
        self._environment = kept | {
            "PATH": os.pathsep.join((str(programs), os.environ["PATH"])),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "HOME": str(folder),
            "EVERYRUN_HOME": str(home),
            "EVERYRUN_FLUSH_AT_EXIT": "60",  # a busy machine may need longer than the usual
            "FORCE_COLOR": "1",
            "TERM": "dumb",  # a terminal of 80 columns without colours
            "LC_ALL": "C.UTF-8",
            "PYTHONUTF8": "1",
            **(variables or {}),
        }

    def follow(self, page: str) -> list[str]:
        """Do all that the page says. Answers what did not go as promised, with its line."""
        complaints: list[str] = []
        for block in blocks(page):
            if self._is_file(block):
                continue
            if block.language == "python":
                complaints += self._do_python(block)
            elif block.language == "console":
                for command in block.commands():
                    complaints += self._do_command(command)
        return complaints

    def _is_file(self, block: Block) -> bool:
        """Write the file that a block is; False for any other block."""
        name = _FILE_NAME.match(block.text)
        if name is None or block.language not in {"python", "yaml"}:
            return False
        (self._folder / name[1]).write_text(block.text, encoding="utf-8")
        return True

    def _do_python(self, block: Block) -> Iterator[str]:
        done = self._run([sys.executable, "-W", "error", "-c", block.text])
        if done.returncode != 0:
            yield f"line {block.line}: {done.stdout}"

    def _do_command(self, command: Command) -> Iterator[str]:
        printed = self._run(["bash", "-c", command.words]).stdout
        if not keeps(command.promised, printed):
            yield f"line {command.line}: `{command.words}` printed\n{printed}"

    def _run(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS_FOR_A_COMMAND,
            check=False,
        )
