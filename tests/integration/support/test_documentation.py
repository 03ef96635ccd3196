"""The reader of pages must notice a page that lies."""

from pathlib import Path

import pytest

from tests.support.documentation import Reader, blocks, keeps

FENCE = "```"


def _page(language: str, text: str) -> str:
    return f"A page\n\n{FENCE}{language}\n{text}\n{FENCE}\n"


@pytest.mark.parametrize(
    ("promised", "printed"),
    [
        ("done", "done\n"),
        ("done  ", "done   \n"),
        ("id … of …", "id 0192 of many\n"),
        ("first\n…\nlast", "first\none\ntwo\nlast\n"),
        ("first\n…", "first\n"),
        ("…\nlast", "last\n"),
        ("…", ""),
        ("…", "one\ntwo\n"),
        ("(a) [b] *", "(a) [b] *\n"),
        ("", ""),
    ],
)
def test_a_kept_promise(promised: str, printed: str) -> None:
    assert keeps(promised, printed)


@pytest.mark.parametrize(
    ("promised", "printed"),
    [
        ("done", "undone"),
        ("done", ""),
        ("", "an error"),
        ("id …", "id\nmore"),
        ("first\n…\nlast", "first\none\nlost"),
        ("a.c", "abc"),
    ],
)
def test_a_broken_promise(promised: str, printed: str) -> None:
    assert not keeps(promised, printed)


def test_blocks_know_their_line_and_commands_their_output() -> None:
    (block,) = blocks(_page("console", "$ first\none\ntwo\n$ second"))

    assert (4, "console") == (block.line, block.language)
    assert [(4, "first", "one\ntwo"), (7, "second", "")] == [
        (command.line, command.words, command.promised) for command in block.commands()
    ]


def test_a_page_is_followed_in_one_folder(tmp_path: Path) -> None:
    page = _page("python", "# tool.py\nprint('한글')") + _page("console", "$ python tool.py\n한글")

    assert [] == Reader(tmp_path, tmp_path / "home").follow(page)


def test_python_that_raises_is_told_with_its_line(tmp_path: Path) -> None:
    (complaint,) = Reader(tmp_path, tmp_path / "home").follow(_page("python", "raise KeyError(7)"))

    assert complaint.startswith("line 4: Traceback")


def test_a_warning_in_a_page_is_an_error(tmp_path: Path) -> None:
    warns = "import warnings\nwarnings.warn('old')"

    assert 1 == len(Reader(tmp_path, tmp_path / "home").follow(_page("python", warns)))


def test_other_output_than_promised_is_told(tmp_path: Path) -> None:
    (complaint,) = Reader(tmp_path, tmp_path / "home").follow(_page("console", "$ echo a\nb"))

    assert "line 4: `echo a` printed\na\n" == complaint


def test_what_is_not_meant_to_be_run_is_not(tmp_path: Path) -> None:
    assert [] == Reader(tmp_path, tmp_path / "home").follow(_page("sh", "exit 1"))
