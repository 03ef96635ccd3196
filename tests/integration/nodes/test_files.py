"""``file_read`` and ``file_write``: real files of every kind, whole or not at all."""

import os
import stat
import threading
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from everyrun.nodes.base import BadParameters, NodeFailed, NodeType
from everyrun.nodes.file_read import FileRead
from everyrun.nodes.file_write import FileWrite
from everyrun.nodes.files import replacing
from everyrun.testing.node_contexts import NodeContext, node_context
from tests.support.running_nodes import output_of, problem_with

KOREAN = st.text(
    st.one_of(
        st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3),
        st.sampled_from("=+-@'\",;\t\n\r 1.0aé"),
        st.characters(exclude_categories=["C"]),
    ),
    max_size=20,
)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
NAMES = st.lists(KOREAN.filter(bool), min_size=1, max_size=4, unique=True)


@pytest.fixture
def context(tmp_path: Path) -> NodeContext:
    return node_context(tmp_path)


def _read(context: NodeContext, path: str, **parameters: Any) -> Any:
    return output_of(FileRead, context, path=path, **parameters)


def _write(context: NodeContext, path: str, content: Any, **parameters: Any) -> Any:
    return output_of(FileWrite, context, path=path, content=content, **parameters)


def _tables(cells: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return NAMES.flatmap(
        lambda names: st.lists(
            st.fixed_dictionaries(dict.fromkeys(names, cells)), min_size=1, max_size=5
        )
    )


def _names(folder: Path) -> list[str]:
    """What is in a folder besides the test's own home."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith(".everyrun-h"))


@given(text=TEXT, encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]))
def test_text_comes_back_as_it_was(context: NodeContext, text: str, encoding: str) -> None:
    text = text.removeprefix("\ufeff")
    _write(context, "a.txt", text, encoding=encoding)

    assert text == _read(context, "a.txt", encoding=encoding)


@given(records=_tables(KOREAN), delimiter=st.sampled_from([",", ";", "\t", "|"]))
def test_csv_comes_back_as_it_was(
    context: NodeContext, records: list[dict[str, str]], delimiter: str
) -> None:
    output = _write(context, "a.csv", records, delimiter=delimiter)

    assert records == _read(context, "a.csv", delimiter=delimiter)
    assert len(records) == output["rows"]


@given(
    records=_tables(
        st.one_of(
            KOREAN.filter(bool),
            st.none(),
            st.booleans(),
            st.integers(-(10**15) + 1, 10**15 - 1),
            st.integers(-(10**14), 10**14).map(lambda number: number / 100),
            st.dates(date(1901, 1, 1)),
            st.datetimes(datetime(1901, 1, 1)).map(lambda at: at.replace(second=1, microsecond=0)),  # noqa: DTZ001
        )
    )
)
def test_a_sheet_comes_back_as_it_was(context: NodeContext, records: list[dict[str, Any]]) -> None:
    assume(any(value is not None for value in records[-1].values()))  # sheets end where they do
    _write(context, "a.xlsx", records)

    assert records == _read(context, "a.xlsx")


@given(
    value=st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | TEXT,
        lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    )
)
def test_json_comes_back_as_it_was(context: NodeContext, value: Any) -> None:
    _write(context, "a.json", value)

    assert value == _read(context, "a.json")


@given(content=st.binary())
def test_bytes_come_back_as_they_were(context: NodeContext, content: bytes) -> None:
    _write(context, "a.bin", content, format="bytes")

    assert content == _read(context, "a.bin", format="bytes")


def test_korean_in_its_old_encoding(context: NodeContext, tmp_path: Path) -> None:
    (tmp_path / "옛.csv").write_bytes("이름,값\n가나,1\n".encode("cp949"))

    assert [{"이름": "가나", "값": "1"}] == _read(context, "옛.csv", encoding="cp949")


def test_a_mark_that_windows_begins_with_is_passed_over(
    context: NodeContext, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbfname\n\xea\xb0\x80\n")
    (tmp_path / "a.json").write_bytes(b"\xef\xbb\xbf[1]")

    assert [{"name": "가"}] == _read(context, "a.csv")
    assert [1] == _read(context, "a.json")


def test_plain_rows_have_no_header(context: NodeContext) -> None:
    _write(context, "a.csv", [["a", 1], ["b", None]], header=False)
    _write(context, "a.xlsx", [["a", 1], ["b", 2]], header=False)

    assert [["a", "1"], ["b", ""]] == _read(context, "a.csv", header=False)
    assert [["a", 1], ["b", 2]] == _read(context, "a.xlsx", header=False)


def test_columns_are_chosen_and_named(context: NodeContext) -> None:
    _write(context, "a.csv", [{"a": 1, "b": 2}, {"c": 3}], columns=["c", "a"])
    _write(context, "b.csv", [[1, 2]], columns=["x", "y"])
    _write(context, "c.csv", [{"a": 1}, {"b": 2}])

    assert [["c", "a"], ["", "1"], ["3", ""]] == _read(context, "a.csv", header=False)
    assert [{"x": "1", "y": "2"}] == _read(context, "b.csv")
    assert [{"a": "1", "b": ""}, {"a": "", "b": "2"}] == _read(context, "c.csv")


def test_values_in_csv_are_written_as_json_has_them(context: NodeContext, tmp_path: Path) -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    row = [True, None, 1.5, Decimal("1.10"), date(2026, 1, 2), at, [1, "a"], float("nan")]
    _write(context, "a.tsv", [row], header=False)

    assert (
        'true\t\t1.5\t1.10\t2026-01-02\t2026-01-02T03:04:05Z\t"[1,""a""]"\tnan\n'
        == (tmp_path / "a.tsv").read_text()
    )


def test_what_a_sheet_would_round_or_shift_is_text(context: NodeContext) -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    row = [10**15, Decimal("0.1"), Decimal("0.12345678901234567890"), at, date(1850, 1, 1), time(1)]
    _write(context, "a.xlsx", [row], header=False)

    assert [
        [str(10**15), 0.1, "0.12345678901234567890", "2026-01-02T03:04:05Z", "1850-01-01", time(1)]
    ] == _read(context, "a.xlsx", header=False)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "http://a.example", "0123"])
def test_text_stays_text_in_a_sheet(context: NodeContext, tmp_path: Path, text: str) -> None:
    from zipfile import ZipFile

    _write(context, "a.xlsx", [{"a": text}])
    with ZipFile(tmp_path / "a.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()

    assert [{"a": text}] == _read(context, "a.xlsx")
    assert "<f>" not in sheet


def test_formulas_in_csv_are_escaped_when_asked(context: NodeContext) -> None:
    row = ["=1+1", "@a", "-a", -1, "a"]
    _write(context, "a.csv", [row], header=False)
    _write(context, "b.csv", [row], header=False, escape_formulas=True)

    assert [["=1+1", "@a", "-a", "-1", "a"]] == _read(context, "a.csv", header=False)
    assert [["'=1+1", "'@a", "'-a", "-1", "a"]] == _read(context, "b.csv", header=False)


def test_sheets_are_found_by_name_and_number(context: NodeContext) -> None:
    _write(context, "a.xlsx", [{"a": 1}], sheet="값")

    assert [{"a": 1}] == _read(context, "a.xlsx", sheet="값")
    assert [{"a": 1}] == _read(context, "a.xlsx", sheet=1)


def test_columns_without_a_name_are_numbered(context: NodeContext) -> None:
    _write(context, "a.xlsx", [["a", None, "c"], [1, 2, 3]], header=False)

    assert [{"a": 1, "column 2": 2, "c": 3}] == _read(context, "a.xlsx")


def test_text_is_added_at_the_end(context: NodeContext) -> None:
    for line in ("하나\n", "둘\n"):
        _write(context, "log.txt", line, append=True, encoding="utf-8-sig")

    assert "하나\n둘\n" == _read(context, "log.txt")


def test_rows_are_added_under_the_header_that_is_there(
    context: NodeContext, tmp_path: Path
) -> None:
    _write(context, "a.csv", [{"a": 1, "b": 2}], append=True)
    _write(context, "a.csv", [{"b": 4, "a": 3}], append=True)
    (tmp_path / "a.csv").write_text((tmp_path / "a.csv").read_text().rstrip("\n"))
    _write(context, "a.csv", [{"b": 6}], append=True)

    assert "a,b\n1,2\n3,4\n,6\n" == (tmp_path / "a.csv").read_text()


def test_columns_that_the_file_lacks_are_not_added(context: NodeContext, tmp_path: Path) -> None:
    _write(context, "a.csv", [{"a": 1}], append=True)
    with pytest.raises(BadParameters, match="columns: the file has no column 'b' to add to"):
        _write(context, "a.csv", [{"b": 1}], append=True)

    assert "a\n1\n" == (tmp_path / "a.csv").read_text()


def test_only_what_is_written_anew_may_be_repeated() -> None:
    assert FileRead(path="a").repeatable()
    assert FileWrite(path="a", content="").repeatable()
    assert not FileWrite(path="a", content="", append=True).repeatable()


def test_folders_are_made_when_asked(context: NodeContext, tmp_path: Path) -> None:
    with pytest.raises(NodeFailed, match=r"path: there is no folder .*; folders: true makes it"):
        _write(context, "새/폴더/a.txt", "a")
    output = _write(context, "새/폴더/a.txt", "가", folders=True)

    assert {"path": str(tmp_path / "새/폴더/a.txt"), "bytes": 3} == output


def test_a_reader_never_sees_half_a_file(context: NodeContext, tmp_path: Path) -> None:
    whole = {"a" * 1_000_000, "b" * 500_000}
    (tmp_path / "a.txt").write_text("b" * 500_000)
    seen: set[str] = set()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.add((tmp_path / "a.txt").read_text())

    reader = threading.Thread(target=look)
    reader.start()
    for text in [*whole] * 20:
        _write(context, "a.txt", text)
    done.set()
    reader.join()

    assert seen <= whole
    assert ["a.txt"] == _names(tmp_path)


def test_after_an_error_the_old_file_is_as_it_was(context: NodeContext, tmp_path: Path) -> None:
    _write(context, "a.xlsx", [{"a": 1}])
    before = (tmp_path / "a.xlsx").read_bytes()
    for content, parameters in (
        ([{"a": "x" * 40_000}], {}),
        ([{"a": object()}], {}),
        ([{"a": 1}], {"sheet": "a/b"}),
    ):
        with pytest.raises(BadParameters):
            _write(context, "a.xlsx", content, **parameters)

    assert before == (tmp_path / "a.xlsx").read_bytes()
    assert ["a.xlsx"] == _names(tmp_path)


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    import resource
    import signal

    path = tmp_path / "a.txt"
    path.write_text("before")
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, former[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            replacing.append(path, b"x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
        signal.signal(signal.SIGXFSZ, handler)

    assert "before" == path.read_text()


def test_rights_and_links_stay(context: NodeContext, tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "real.txt").chmod(0o640)
    (tmp_path / "link.txt").symlink_to("real.txt")
    _write(context, "link.txt", "new")

    assert (tmp_path / "link.txt").is_symlink()
    assert "new" == (tmp_path / "real.txt").read_text()
    assert 0o640 == stat.S_IMODE((tmp_path / "real.txt").stat().st_mode)


def test_a_new_file_has_the_usual_rights(context: NodeContext, tmp_path: Path) -> None:
    former = os.umask(0o027)
    try:
        _write(context, "a.txt", "a")
    finally:
        os.umask(former)

    assert 0o640 == stat.S_IMODE((tmp_path / "a.txt").stat().st_mode)


@pytest.mark.parametrize(
    ("name", "content", "parameters", "sentence"),
    [
        ("gone.txt", None, {}, "path: there is no file"),
        ("folder", None, {"format": "text"}, "is a folder"),
        ("/dev/zero", None, {"format": "bytes"}, "is a device or a pipe, not a file"),
        ("a.txt", b"x" * 11, {"max_bytes": 10}, "has 11 bytes, more than the 10 that are read"),
        ("a.xlsx", b"x" * 11, {"max_bytes": 10}, "max_bytes: "),
        ("a.txt", b"\xb0\xa1", {}, "is not utf-8: byte 0 is 0xb0; old Korean files"),
        ("a.json", b'{"a": }', {}, "is no JSON: Expecting value: line 1 column 7"),
        ("a.csv", b'a,b\n1,"2\n', {}, "format: line 2 of"),
        ("a.csv", b"a,b\n1,2,3\n", {}, "header: row 2 of"),
        ("a.csv", b"a,a\n1,2\n", {}, "header: several columns of"),
        ("a.xlsx", b"no sheet", {}, "format: "),
        ("a.dat", b"", {}, "format: the name a.dat does not say what is in the file"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_names_the_parameter(
    context: NodeContext,
    tmp_path: Path,
    name: str,
    content: bytes | None,
    parameters: dict[str, Any],
    sentence: str,
) -> None:
    (tmp_path / "folder").mkdir()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises((NodeFailed, BadParameters)) as caught:
        _read(context, name, **parameters)

    assert sentence in str(caught.value)


def test_a_sheet_that_is_not_there_is_an_error_that_names_those_that_are(
    context: NodeContext,
) -> None:
    _write(context, "a.xlsx", [{"a": 1}], sheet="값")
    with pytest.raises(NodeFailed, match=r"sheet: .* has no sheet '밸'; there are: 값"):
        _read(context, "a.xlsx", sheet="밸")
    with pytest.raises(NodeFailed, match=r"sheet: .* has 1 sheets, not 2"):
        _read(context, "a.xlsx", sheet=2)


@pytest.mark.parametrize(
    ("path", "content", "parameters", "sentence"),
    [
        ("a.txt", {"a": 1}, {}, "content: text is wanted, not a mapping"),
        ("a.csv", "a,b", {}, "content: a table is a list of mappings or of lists, not text"),
        ("a.csv", [{"a": 1}, [1]], {}, "content: item 1 is a list, others are mappings"),
        ("a.csv", [1], {}, "content: item 0 is int; a row is a mapping or a list"),
        ("a.csv", [[b"a"]], {}, "content: bytes have no place in a table"),
        ("a.bin", "a", {"format": "bytes"}, "content: bytes are wanted, not text"),
        ("a.json", object(), {}, "content: it cannot be written as JSON"),
        ("a.txt", "😀", {"encoding": "cp949"}, "encoding: cp949 has no '😀'"),
        ("a.xls", [], {}, "path: spreadsheets are written as .xlsx, not .xls"),
        ("a.json", 1, {"append": True}, "append: nothing can be added to json"),
        ("a.xlsx", [[1]], {"sheet": "a/b"}, "sheet: "),
        ("a.xlsx", [["x" * 40_000]], {}, "content: row 1, column 1 has 40,000 characters"),
        ("a.dat", 1, {}, "format: the name a.dat does not say"),
        ("folder", "a", {"format": "text"}, "is a folder"),
        ("/dev/null", "a", {"format": "text"}, "is a device or a pipe, not a file"),
    ],
)
def test_what_cannot_be_written_is_an_error_that_names_the_parameter(
    context: NodeContext,
    tmp_path: Path,
    path: str,
    content: Any,
    parameters: dict[str, Any],
    sentence: str,
) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises((NodeFailed, BadParameters)) as caught:
        _write(context, path, content, **parameters)

    assert sentence in str(caught.value)
    assert ["folder"] == _names(tmp_path)


@pytest.mark.parametrize(
    ("node_type", "parameters", "sentence"),
    [
        (FileRead, {}, "parameter 'path' is missing"),
        (FileRead, {"path": ""}, "parameter 'path' is empty"),
        (FileRead, {"path": "a\0"}, "parameter 'path': there is a NUL in it"),
        (FileRead, {"path": "a", "format": "yaml"}, "parameter 'format' cannot be 'yaml'"),
        (FileRead, {"path": "a", "encoding": "utf-9"}, "parameter 'encoding': there is no"),
        (FileRead, {"path": "a", "encoding": "base64"}, "parameter 'encoding': there is no"),
        (FileRead, {"path": "a", "delimiter": ",,"}, "parameter 'delimiter' must be one character"),
        (FileRead, {"path": "a", "max_bytes": 0}, "parameter 'max_bytes' must be"),
        (FileRead, {"path": "a", "sheet": []}, "parameter 'sheet' must be"),
        (FileWrite, {"path": "a"}, "parameter 'content' is missing"),
        (FileWrite, {"path": "a", "content": 1, "columns": []}, "parameter 'columns' must be"),
        (FileWrite, {"path": "a", "content": 1, "append": "yes"}, "parameter 'append' must be"),
        (
            FileWrite,
            {"path": "a", "content": 1, "append": True, "format": "excel"},
            "parameter 'append': nothing can be added to excel",
        ),
        (
            FileWrite,
            {"path": "a", "content": 1, "append": True, "encoding": "utf-16"},
            "parameter 'encoding': say in which order, utf-16-le or utf-16-be",
        ),
    ],
)
def test_a_bad_parameter_is_named(
    node_type: type[NodeType], parameters: dict[str, Any], sentence: str
) -> None:
    assert sentence in problem_with(node_type, parameters)
