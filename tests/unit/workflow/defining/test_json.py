"""JSON is read with the places of everything in it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.workflows.defining.gathering import DEEPEST
from everyrun.workflows.defining.places import Places
from everyrun.workflows.defining.reading_json import read_json
from everyrun.workflows.problems import Code, Findings


def places_of(text: str) -> Places:
    findings = Findings()
    places = read_json(text, None, findings)

    assert [] == findings.found
    assert places is not None
    return places


def found_in(text: str) -> list[tuple[Code, int | None, int | None]]:
    findings = Findings()
    places = read_json(text, None, findings)
    return [(problem.code, problem.line, problem.column) for problem in findings.placed(places)]


def test_places_are_found() -> None:
    places = places_of('{\n "a": 1,\n "b": ["x", {"ключ": -2.5e3}]\n}')

    assert (2, 2) == places.find(("a",), at_key=True)[1]
    assert (2, 7) == places.find(("a",))[1]
    assert (3, 7) == places.find(("b",))[1]
    assert (3, 14) == places.find(("b", 1, "ключ"), at_key=True)[1]
    assert (3, 22) == places.find(("b", 1, "ключ"))[1]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1,}', (Code.SYNTAX_ERROR, 1, 9)),
        ('{"a": 1\n "b"}', (Code.SYNTAX_ERROR, 2, 2)),
        ("", (Code.SYNTAX_ERROR, 1, 1)),
        ('{"a": 1,\n "a": 2}', (Code.DUPLICATE_KEY, 2, 2)),
        ('{"a": NaN}', (Code.NOT_STORABLE, 1, 7)),
        ('{"a": -Infinity}', (Code.NOT_STORABLE, 1, 7)),
        ('{"a": 1e999}', (Code.NOT_STORABLE, 1, 7)),
        (f'{{"a": {"9" * 5000}}}', (Code.NOT_STORABLE, 1, 7)),
        ('{"a": "\\u0000"}', (Code.NOT_STORABLE, 1, 7)),
        ('{"a": "\\ud800"}', (Code.NOT_STORABLE, 1, 7)),
        ('{"\\ud800": 1}', (Code.NOT_STORABLE, 1, 2)),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), (Code.TOO_DEEP, 1, DEEPEST + 1)),
        ("[" * 99_999, (Code.TOO_DEEP, None, None)),
    ],
)
def test_what_cannot_be_taken_is_a_problem(
    text: str, found: tuple[Code, int | None, int | None]
) -> None:
    assert [found] == found_in(text)


def test_a_surrogate_pair_is_one_character() -> None:
    assert ["😀"] == places_of('["\\ud83d\\ude00"]').written.value


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(plain, st.sampled_from([None, 2]), st.booleans())
def test_what_python_writes_reads_back(value: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)

    assert value == places_of(text).written.value


@given(plain)
def test_every_string_is_found_where_it_stands(value: Any) -> None:
    text = json.dumps({"found": value, "last": "x"}, indent=1)
    line, column = places_of(text).find(("last",))[1]

    assert text.splitlines()[line - 1][column - 1 :].startswith('"x"')


@given(st.text(st.sampled_from(list('{}[],:"\\ax1e-. \n')), max_size=40))
def test_no_text_raises(text: str) -> None:
    read_json(text, None, Findings())
