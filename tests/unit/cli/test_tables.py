"""Tables fit."""

from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from everyrun.cli.tables import Column, draw

COLUMNS = [
    Column(heading="STATUS"),
    Column(heading="WORKFLOW", least=10),
    Column(heading="KIND", expendable=2),
    Column(heading="RUNS", right=True),
    Column(heading="ERROR", least=8, expendable=1),
]


def lines(rows: list[list[str]], width: int) -> list[str]:
    cells = [[Text(cell) for cell in row] for row in rows]
    return [line.plain for line in draw(COLUMNS, cells, width)]


def test_numbers_stand_under_each_other() -> None:
    assert [
        "STATUS  WORKFLOW   RUNS",
        "done    audit         7",
        "done    send      1,234",
    ] == lines([["done", "audit", "", "7", ""], ["done", "send", "", "1,234", ""]], 80)


def test_the_least_needed_column_goes_first() -> None:
    row = ["failed", "audit", "function", "7", "ValueError"]

    assert [
        "failed  audit     function     7  ValueError",
        "failed  audit        7  ValueError",
        "failed  audit        7  ValueEr…",
        "failed  audit        7",
    ] == [lines([row], width)[1] for width in (80, 40, 32, 24)]


def test_what_is_too_long_ends_in_an_ellipsis() -> None:
    row = ["failed", "a-long-name-of-a-workflow", "", "7", ""]

    assert "failed  a-long-na…     7" == lines([row], 24)[1]


def test_wide_characters_take_two_cells() -> None:
    rows = [["완료", "월말 정산", "", "7", ""], ["done", "audit", "", "8", ""]]

    assert ["완료    월말 정산     7", "done    audit         8"] == lines(rows, 80)[1:]


words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z", "M"]), max_size=40)


@given(
    rows=st.lists(st.lists(words, min_size=5, max_size=5), max_size=5), width=st.integers(10, 200)
)
def test_no_line_is_wider_than_the_terminal(rows: list[list[str]], width: int) -> None:
    cells = [[Text(cell) for cell in row] for row in rows]

    assert all(line.cell_len <= width for line in draw(COLUMNS, cells, width))
