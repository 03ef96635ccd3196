"""Run commands as if in a terminal and keep what they show as one SVG picture.

Usage: python scripts/take_picture.py PICTURE.svg [--columns N] "COMMAND" ["COMMAND" …]
The picture names no font to download, so it shows the same wherever it is looked at.
"""

import argparse
import inspect
import io
import os
import re
import shlex
import subprocess
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

FONT_TO_DOWNLOAD = re.compile(r"@font-face \{\{.*?\}\}\s*", re.DOTALL)
THEME = TerminalTheme(
    (22, 24, 27),
    (222, 226, 230),
    [
        (60, 64, 70),
        (255, 107, 107),
        (105, 219, 124),
        (255, 212, 59),
        (116, 192, 252),
        (218, 119, 242),
        (102, 217, 232),
        (206, 212, 218),
    ],
    [
        (134, 142, 150),
        (255, 135, 135),
        (140, 233, 154),
        (255, 224, 102),
        (145, 205, 255),
        (229, 153, 247),
        (153, 233, 242),
        (248, 249, 250),
    ],
)


def shown_by(command: str, columns: int) -> str:
    """What a command writes to a terminal that is so wide."""
    terminal = {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": str(columns)}
    return subprocess.run(
        shlex.split(command),
        env=os.environ | terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    ).stdout


def main() -> None:
    """Take the picture that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--columns", type=int, default=110)
    parser.add_argument("command", nargs="+", help="with its arguments, as one word")
    asked = parser.parse_args()
    console = Console(record=True, width=asked.columns, file=io.StringIO())
    for command in asked.command:
        console.print(Text(f"$ {command}", style="bold"))
        for line in shown_by(command, asked.columns).splitlines():
            console.print(Text.from_ansi(line), soft_wrap=True)
        console.print()
    usual = inspect.signature(Console.export_svg).parameters["code_format"].default
    drawing = console.export_svg(
        title="everyrun",
        theme=THEME,
        code_format=FONT_TO_DOWNLOAD.sub("", usual),
        unique_id="everyrun",
    )
    asked.picture.write_text(drawing.replace("Fira Code", "ui-monospace"), encoding="utf-8")


if __name__ == "__main__":
    main()
