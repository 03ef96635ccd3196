"""YAML is read as its version 1.2 says, with places, and nothing in it can hurt the reader."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from everyrun.workflows.defining import reading_yaml
from everyrun.workflows.defining.core_schema import plain_value
from everyrun.workflows.defining.gathering import DEEPEST
from everyrun.workflows.defining.places import Places
from everyrun.workflows.defining.reading_yaml import read_yaml
from everyrun.workflows.problems import Code, Findings


@pytest.fixture(params=["C", "pure"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML with its C parser, and without."""
    if request.param == "pure":
        monkeypatch.setattr(yaml, "__with_libyaml__", False)


def places_of(text: str) -> Places:
    findings = Findings()
    places = read_yaml(text, None, findings)

    assert [] == findings.found
    assert places is not None
    return places


def value_of(text: str) -> Any:
    return places_of(text).written.value


def found_in(text: str) -> list[tuple[Code, int, int]]:
    findings = Findings()
    places = read_yaml(text, None, findings)
    return [
        (problem.code, problem.line or 0, problem.column or 0)
        for problem in findings.placed(places)
    ]


@pytest.mark.parametrize(
    "word", ["yes", "no", "on", "off", "y", "n", "2026-11-20", "12:30", "1_000"]
)
def test_what_only_older_yaml_converts_is_text(word: str) -> None:
    assert {"a": word} == value_of(f"a: {word}")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("False", False),
        ("", None),
        ("~", None),
        ("null", None),
        ("12", 12),
        ("-7", -7),
        ("010", 10),
        ("0o10", 8),
        ("0xfF", 255),
        ("9223372036854775807", 9223372036854775807),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        ("-1.5E-3", -0.0015),
        ("!!str 12", "12"),
        ("!!int 12", 12),
        ("!!float 12", 12.0),
        ("!!bool true", True),
        ("!!null null", None),
        ("! 12", "12"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!seq [1]", [1]),
        ("!!map {b: 1}", {"b": 1}),
    ],
)
def test_scalars_mean_what_the_core_schema_says(written: str, value: object) -> None:
    read = value_of(f"a: {written}")["a"]

    assert value == read
    assert type(value) is type(read)


def test_keys_are_text_as_they_are_written() -> None:
    assert {"on": 1, "true": 2, "1": 3, "null": 4} == value_of("on: 1\ntrue: 2\n1: 3\nnull: 4")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("a: 1\nb: 2\na: 3\n", 3, 1), ("{a: 1,\n a: 2}", 2, 2), ("a:\n  - {b: 1, b: 2}", 2, 12)],
)
def test_a_key_that_stands_twice_is_a_problem(text: str, line: int, column: int) -> None:
    assert [(Code.DUPLICATE_KEY, line, column)] == found_in(text)


def test_every_duplicate_is_found_and_the_rest_read() -> None:
    assert [(Code.DUPLICATE_KEY, 2, 1), (Code.DUPLICATE_KEY, 4, 1)] == found_in(
        "a: 1\na: 2\nb: 1\nb: {c: 1}\n"
    )


def test_an_alias_has_the_value_of_its_anchor() -> None:
    assert {"a": [1], "b": [1], "c": "x", "d": "x"} == value_of("a: &l [1]\nb: *l\nc: &s x\nd: *s")


def test_a_merge_key_fills_in_what_is_not_there() -> None:
    text = "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {y: 0, <<: [*a, *b]}\nd:\n  <<: *a\n  w: 5\n"

    assert {"y": 0, "x": 1, "z": 4} == value_of(text)["c"]
    assert {"w": 5, "x": 1, "y": 2} == value_of(text)["d"]


def test_a_quoted_merge_key_is_a_key() -> None:
    assert {"<<": 1} == value_of('"<<": 1')


def test_what_a_merge_brought_has_its_own_place() -> None:
    places = places_of("a: &a\n  x: 1\nb:\n  <<: *a\n")

    assert (2, 6) == places.find(("b", "x"))[1]
    assert (2, 3) == places.find(("b", "x"), at_key=True)[1]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: *b", Code.BAD_ALIAS),
        ("a: &a [*a]", Code.BAD_ALIAS),
        ("a: &a {b: {c: *a}}", Code.BAD_ALIAS),
        ("a: {<<: 3}", Code.WRONG_TYPE),
        ("a: {<<: [{x: 1}, 3]}", Code.WRONG_TYPE),
        ("a: !!python/object:os.system x", Code.UNKNOWN_TAG),
        ("a: !!python/object/apply:os.system [ls]", Code.UNKNOWN_TAG),
        ("a: !secret x", Code.UNKNOWN_TAG),
        ("a: !!set {x, y}", Code.UNKNOWN_TAG),
        ("a: !!int x", Code.WRONG_TYPE),
        ("a: !!bool 1", Code.WRONG_TYPE),
        ("a: .nan", Code.NOT_STORABLE),
        ("a: -.inf", Code.NOT_STORABLE),
        ("a: 1e999", Code.NOT_STORABLE),
        ("a: 9223372036854775808", Code.NOT_STORABLE),
        (f"a: {'9' * 5000}", Code.NOT_STORABLE),
        ('a: "x\\0"', Code.NOT_STORABLE),
        ("a: [1, 2", Code.SYNTAX_ERROR),
        ("a: b: c", Code.SYNTAX_ERROR),
        ("? [a]\n: b", Code.SYNTAX_ERROR),
        ("a: 1\n---\nb: 2", Code.SYNTAX_ERROR),
        ("url: {{ inputs.day }}", Code.UNQUOTED_TEMPLATE),
    ],
)
def test_what_cannot_be_taken_is_a_problem(text: str, code: Code) -> None:
    assert [code] == [code for code, _, _ in found_in(text)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\nb: [1, 2\nc: 3", (3, 2)),
        ("a: 1\nb: x: y", (2, 5)),
        ("ä: é\nb: \x01", (2, 4)),
        ("a:\n  - b\n c", (3, 2)),
    ],
)
def test_a_syntax_error_has_its_place(text: str, place: tuple[int, int]) -> None:
    (problem,) = found_in(text)

    assert Code.SYNTAX_ERROR == problem[0]
    assert place[0] == problem[1]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_ends_neither_the_reading_nor_the_process(opening: str) -> None:
    column = len(opening) * DEEPEST + 1

    assert [(Code.TOO_DEEP, 1, column)] == found_in(opening * 20_000)


def test_aliases_cannot_become_a_billion_values() -> None:
    lines = ["a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 20)]

    assert [Code.TOO_LARGE] == [code for code, _, _ in found_in("\n".join(lines))]


def test_every_value_has_its_place() -> None:
    places = places_of("a: 1\nb:\n  - x\n  - {c: 3}\n")

    assert (1, 4) == places.find(("a",))[1]
    assert (1, 1) == places.find(("a",), at_key=True)[1]
    assert (4, 9) == places.find(("b", 1, "c"))[1]
    assert (4, 6) == places.find(("b", 1, "c"), at_key=True)[1]


def test_a_place_that_the_text_lacks_is_that_of_what_is_around_it() -> None:
    places = places_of("a:\n  b: 3\n")

    assert (("a", "b"), (2, 6)) == places.find(("a", "b", "max_retries"))
    assert ((), (1, 1)) == places.find(("x", "y"))


def test_columns_count_characters() -> None:
    assert (1, 8) == places_of("ключ: {日: 1}").find(("ключ", "日"), at_key=True)[1]


def test_an_empty_text_has_no_value() -> None:
    assert None is value_of("")
    assert None is value_of("# nothing but a comment\n")


def _is_text_in_both(text: str) -> bool:
    """Whether YAML 1.2 takes it for text too: PyYAML writes by 1.1, where 0E0 is none."""
    return isinstance(plain_value(text), str) if len(text) < 20 else True


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs", "Cc"])).filter(_is_text_in_both),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs", "Cc"])), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(plain, st.booleans())
def test_what_pyyaml_writes_reads_back(value: Any, flow: bool) -> None:
    written = yaml.safe_dump({"a": value}, default_flow_style=flow, allow_unicode=True)

    assert {"a": value} == value_of(written)


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    read_yaml(text, None, Findings())


@given(
    st.lists(
        st.sampled_from(
            [
                "a",
                "b",
                ":",
                "-",
                "[",
                "]",
                "{",
                "}",
                ",",
                "&",
                "*",
                "!",
                "|",
                ">",
                "'",
                '"',
                "#",
                "\n",
                "\t",
                "?",
                "<<:",
                "*a",
                "&a",
                "1",
            ]
        )
    )
)
def test_no_combination_of_signs_raises(parts: list[str]) -> None:
    read_yaml("".join(parts), None, Findings())


def test_the_module_says_which_parser_it_takes() -> None:
    wanted = "CParser" if yaml.__with_libyaml__ else "_PureParser"

    assert wanted == type(reading_yaml._parser("a: 1")).__name__
