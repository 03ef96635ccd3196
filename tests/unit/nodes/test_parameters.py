"""Parameters of node types: their schema, and what cannot be meant."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta

from everyrun.domain.spans import Span
from everyrun.nodes.base import BadParameters, NodeType
from everyrun.nodes.catalogue import build, problems_in, schema_of


class Header(msgspec.Struct, forbid_unknown_fields=True):
    """One header."""

    name: str


class Fetch(NodeType, kw_only=True):
    """Fetch something.

    From somewhere.
    """

    timeout: Annotated[Span, Meta(description="How long it may take.")] = 30
    pause: Annotated[Span | None, Meta(description="How long to wait.")] = None
    url: Annotated[str, Meta(description="Where from.", min_length=1)]
    count: Annotated[int, Meta(description="How many.", ge=1)] = 1
    method: Literal["GET", "POST"] = "GET"
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    listed: list[Header] = msgspec.field(default_factory=list)
    if_: Annotated[bool, Meta(description="Whether.")] = msgspec.field(default=True, name="if")
    either: str | list[str] = ""

    def __post_init__(self) -> None:
        if self.method == "POST" and self.headers:
            raise BadParameters("headers: a POST has none")

    @classmethod
    def problems_of(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """A POST needs a count."""
        if parameters.get("method") == "POST" and "count" not in parameters:
            return [("method", "a POST needs a count")]
        return []


def is_braced(value: Any) -> bool:
    return isinstance(value, str) and "{{" in value


def test_the_schema_describes_each_parameter() -> None:
    schema = schema_of(Fetch)

    assert "Fetch something.\n\nFrom somewhere." == schema["description"]
    assert ["url"] == schema["required"]
    assert not schema["additionalProperties"]
    assert {
        "description": "How long it may take.",
        "format": "span",
        "type": ["number", "string"],
        "minimum": 0,
        "default": 30,
    } == schema["properties"]["timeout"]
    assert "Whether." == schema["properties"]["if"]["description"]
    assert {"Header"} == schema["$defs"].keys()


def test_changing_a_schema_changes_no_other() -> None:
    schema_of(Fetch)["properties"].clear()

    assert schema_of(Fetch)["properties"]


def test_parameters_are_built() -> None:
    built = build(Fetch, {"url": "x", "timeout": "1h30m", "pause": None, "if": False})

    assert Fetch(url="x", timeout=5400.0, pause=None, if_=False) == built
    assert isinstance(built, Fetch)
    assert 0.5 == build(Fetch, {"url": "x", "pause": "500ms"}).pause  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({}, "parameter 'url' is missing; it is text"),
        ({"url": 3}, "parameter 'url' must be text, not a whole number"),
        ({"url": ""}, "parameter 'url' must be text of length >= 1"),
        ({"url": None}, "parameter 'url' must be text, not null"),
        ({"count": "3"}, "parameter 'count' must be a whole number, not text"),
        ({"count": True}, "parameter 'count' must be a whole number, not true or false"),
        ({"count": 0}, "parameter 'count' must be a whole number >= 1"),
        ({"count": Path()}, "parameter 'count' must be a whole number, not PosixPath"),
        ({"method": "PUT"}, "parameter 'method' cannot be 'PUT'; there are: GET, POST"),
        ({"method": 3}, "parameter 'method' must be text, not a whole number"),
        ({"headers": {"a": 1}}, "parameter 'headers', in [...], must be text"),
        ({"headers": []}, "parameter 'headers' must be a mapping, not a list"),
        ({"listed": [{"name": 1}]}, "parameter 'listed', in [0].name, must be text"),
        ({"either": 1.5}, "parameter 'either' must be text or a list, not a number"),
        ({"timeout": "soon"}, "parameter 'timeout': 'soon' is no span of time: write seconds"),
        ({"pause": -1}, "parameter 'pause': -1 is no span of time"),
        ({"timeout": None}, "parameter 'timeout' must be a number, not null"),
        ({"urll": "x"}, "there is no parameter 'urll'; there are: url, timeout"),
        ({"method": "POST"}, "a POST needs a count"),
    ],
)
def test_bad_parameters_are_named(parameters: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadParameters) as caught:
        build(Fetch, parameters and {"url": "x"} | parameters, "node fetch")

    assert str(caught.value).startswith("node fetch: " + sentence)


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(BadParameters) as caught:
        build(Fetch, {"count": "3", "timeot": 1})

    assert 3 == len(str(caught.value).split("; parameter ")) + str(caught.value).count("there is")


def test_as_written_only_what_is_no_template_is_judged() -> None:
    written = {"count": "{{ 3 }}", "timeout": "{{ x }}", "pause": "x", "nothing": "{{ y }}"}

    assert ["url", "pause", "nothing"] == [
        parameter for parameter, _ in problems_in(Fetch, written, is_braced)
    ]
    assert [] == problems_in(Fetch, {"url": "{{ a }}"}, is_braced)


def test_parameters_are_judged_together_where_all_are_known() -> None:
    together = {"url": "x", "method": "POST", "count": 1, "headers": {"a": "b"}}

    assert [("headers", "headers: a POST has none")] == problems_in(Fetch, together, is_braced)
    assert [] == problems_in(Fetch, together | {"url": "{{ x }}"}, is_braced)
    with pytest.raises(BadParameters, match=r"^fetch: headers: a POST has none$"):
        build(Fetch, together, "fetch")


def test_a_node_type_adds_problems_of_its_own() -> None:
    assert [("method", "a POST needs a count")] == problems_in(
        Fetch, {"url": "x", "method": "POST"}
    )
