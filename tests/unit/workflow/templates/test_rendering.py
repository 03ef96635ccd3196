"""What templates give: values that keep their type, and text."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.workflows.templates import TemplateError, Templates, is_template

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
NAMES: dict[str, Any] = {
    "inputs": {"day": "007", "count": 3, "items": [1, 2], "none": None, "keys": "kept"},
    "nodes": {
        "fetch": {"output": {"rows": [{"a": 1}, {"a": 2}]}, "status": "completed"},
        "my-node": {"output": 7},
    },
    "item": {"name": "x y"},
    "execution": {"started_at": datetime(2026, 1, 15, 12, tzinfo=UTC)},
}


def rendered(value: Any, names: Mapping[str, Any] = NAMES) -> Any:
    return Templates().render(value, names, "fetch")


@pytest.mark.parametrize(
    ("value", "template"),
    [
        ("007", "{{ inputs.day }}"),
        (3, "{{inputs.count}}"),
        (3, "{{- inputs.count -}}"),
        (None, "{{ inputs.none }}"),
        ([1, 2], "{{ inputs.items }}"),
        ("kept", "{{ inputs.keys }}"),
        (["day", "count", "items", "none", "keys"], "{{ inputs | list }}"),
        (7, "{{ nodes['my-node'].output }}"),
        (7, '{{ nodes["my-node"]["output"] }}'),
        ({"a": 2}, "{{ nodes.fetch.output.rows[1] }}"),
        ([{"a": 2}], "{{ nodes.fetch.output.rows[1:] }}"),
        ([1, 2], "{{ nodes.fetch.output.rows | map(attribute='a') }}"),
        ([("a", 1)], "{{ nodes.fetch.output.rows[0].items() }}"),
        ([0, 1, 2], "{{ range(3) }}"),
        ("7", "{{ '7' }}"),
        (7, "{{ '7' | int }}"),
        (4, "{{ inputs.count + 1 }}"),
        ("x1", "{{ 'x' ~ 1 }}"),
        (True, "{{ inputs.count > 2 and inputs.day is defined }}"),
        ("otherwise", "{{ inputs.nothing | default('otherwise') }}"),
        (False, "{{ nothing is defined }}"),
        ({"a": 1}, "{{ {'a': 1} }}"),
        ("{'a': 1}", "{{ '{' ~ \"'a': 1}\" }}"),
        ("[1]", "{{ '[1]' }}"),
        ("none", "{{ 'none' }}"),
    ],
)
def test_one_expression_gives_its_own_value(value: object, template: str) -> None:
    result = rendered(template)

    assert value == result
    assert type(value) is type(result)


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("day 007", "day {{ inputs.day }}"),
        ("3 ", "{{ inputs.count }} "),
        ("33", "{{ inputs.count }}{{ inputs.count }}"),
        ("007\n", "{{ inputs.day }}\n"),
        ("yes", "{% if inputs.count %}yes{% endif %}"),
        ("1,2,", "{% for n in inputs['items'] %}{{ n }},{% endfor %}"),
        ("true null 1.0", "{{ true }} {{ none }} {{ 1.0 }}"),
        ('[1, "é"] {"a": null}', "{{ [1, 'é'] }} {{ {'a': none} }}"),
        ("at 2026-01-15T12:00:00+00:00", "at {{ execution.started_at }}"),
        ("{{ x }}", "{% raw %}{{ x }}{% endraw %}"),
        ("<b>", "{% set b = '<b>' %}{{ b }}"),
        ("aa", "{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}{{ twice('a') }}"),
        ("0:a 1:b ", "{% for x in 'ab' %}{{ loop.index0 }}:{{ x }} {% endfor %}"),
        ("rm 'x y'", "rm {{ item.name | quote }}"),
        ("b,a", "{{ ['b', 'a'] | join(',') }}{# a remark #}"),
    ],
)
def test_other_text_is_rendered_to_text(text: str, template: str) -> None:
    assert text == rendered(template)


@pytest.mark.parametrize("value", ["plain", "${#array}", "{# no #}", "100 %}", 3, None, True, 1.5])
def test_what_is_no_template_is_left_alone(value: object) -> None:
    assert not is_template(value)
    assert value == rendered(value)


def test_templates_are_rendered_wherever_they_stand() -> None:
    written = {"a": ["{{ inputs.count }}", {"b": "n={{ inputs.count }}"}], "{{ key }}": 1}

    assert is_template(written)
    assert {"a": [3, {"b": "n=3"}], "{{ key }}": 1} == rendered(written)


@given(JSON)
def test_any_value_passes_one_expression_unchanged(value: Any) -> None:
    names = {"inputs": {"value": value}}

    for template in ("{{ inputs.value }}", "{{ (inputs.value) }}", "{{ inputs['value'] }}"):
        assert rendered(template, names) is value


@given(JSON, st.lists(st.text("ab", min_size=1, max_size=2) | st.integers(0, 3), max_size=4))
def test_a_path_means_the_same_as_in_any_expression(value: Any, steps: list[str | int]) -> None:
    path = "value" + "".join(f".{s}" if isinstance(s, str) else f"[{s}]" for s in steps)

    assert outcome_of("{{ " + path + " }}", value) == outcome_of("{{ (" + path + ") }}", value)


def outcome_of(template: str, value: Any) -> tuple[str, Any]:
    try:
        return ("value", rendered(template, {"value": value}))
    except TemplateError as error:
        return ("error", error.sentence.replace("(", "").replace(")", ""))


@given(st.text())
def test_text_without_braces_is_never_changed(text: str) -> None:
    if not is_template(text):
        assert text == rendered({"a": [text]})["a"][0]


@pytest.mark.parametrize(
    ("value", "expression"),
    [
        (True, "inputs.count > 2"),
        (True, "{{ inputs.count > 2 }}"),
        (3, " {{ inputs.count }} "),
        (3, "inputs.count"),
        ("}}", "'}}'"),
    ],
)
def test_an_expression_is_evaluated_with_braces_or_without(value: object, expression: str) -> None:
    templates = Templates()

    assert value == templates.evaluate(expression, NAMES, "repeat")
    assert value == templates.evaluate(expression, NAMES, "repeat")


@pytest.mark.parametrize("expression", ["{{ 1 }} and {{ 0 }}", "", "x y", "{% if 1 %}1{% endif %}"])
def test_what_is_not_one_expression_is_not_evaluated(expression: str) -> None:
    with pytest.raises(TemplateError):
        Templates().evaluate(expression, NAMES, "repeat")


class Lazy(Mapping[str, Any]):
    """A mapping that says itself what is missing."""

    def __getitem__(self, key: str) -> Any:
        return {"there": 1}[key]

    def __iter__(self) -> Iterator[str]:
        return iter(["there"])

    def __len__(self) -> int:
        return 1

    def about_missing(self, key: str) -> str:
        return f"{key} has not run yet"


def test_a_mapping_is_handed_on_as_a_plain_one() -> None:
    assert {"there": 1} == rendered("{{ nodes }}", {"nodes": Lazy()})
    assert [1] == rendered("{{ nodes.values() }}", {"nodes": Lazy()})


def test_a_mapping_may_say_itself_what_is_missing() -> None:
    with pytest.raises(TemplateError, match=r"^fetch: parse has not run yet$"):
        rendered("{{ nodes.parse.output }}", {"nodes": Lazy()})


class Day:
    """An object of somebody's own."""

    number = 15
    _hidden = 1

    def next(self) -> int:
        return self.number + 1


def test_attributes_of_objects_are_read_and_their_methods_not_called() -> None:
    names = {"day": Day(), "since": date(2026, 1, 15)}

    assert 15 == rendered("{{ day.number }}", names)
    assert [15] == rendered("{{ [day] | map(attribute='number') }}", names)
    assert "2026-01-15" == rendered("{{ since.isoformat() }}", names)
    with pytest.raises(TemplateError, match="next cannot be called in a template"):
        rendered("{{ day.next() }}", names)
    with pytest.raises(TemplateError, match="next is a method, not a value"):
        rendered("{{ day.next }}", names)


def test_a_path_needs_no_jinja() -> None:
    program = (
        "import sys; from everyrun.workflows.templates import Templates, references;"
        "names = {'nodes': {'a': {'output': [1]}}};"
        "assert 1 == Templates().render('{{ nodes.a.output[0] }}', names, 'b');"
        "assert {'a'} == references('{{ nodes.a.output[0] }}').nodes;"
        "assert 'jinja2' not in sys.modules"
    )

    subprocess.run([sys.executable, "-c", program], check=True)
