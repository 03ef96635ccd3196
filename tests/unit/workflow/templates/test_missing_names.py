"""A wrong name is an error that says which names there are; whatever else goes wrong says where."""

from typing import Any

import pytest

from everyrun.domain.errors import EveryrunError
from everyrun.workflows.templates import TemplateError, Templates

NAMES: dict[str, Any] = {
    "inputs": {"day": "today", "count": 3, "list": [1], "none": None},
    "nodes": {
        "fetch": {"output": {"rows": []}, "status": "completed"},
        "parse": {"output": 1},
        "my-node": {"output": 7},
    },
}


@pytest.mark.parametrize(
    ("sentence", "template"),
    [
        (
            "there is no nodes.fecth; there are: fetch, parse, my-node; did you mean fetch?",
            "{{ nodes.fecth.output }}",
        ),
        (
            "there is no nodes.fetch.outptu; there are: output, status; did you mean output?",
            "rows: {{ nodes.fetch.outptu.rows | length }}",
        ),
        (
            "there is no inputs['dya']; there are: day, count, list, none; did you mean day?",
            "{{ inputs['dya'] ~ 1 }}",
        ),
        ("there is no input; there are: inputs, nodes; did you mean inputs?", "{{ input.day }}"),
        ("there is no x; there are: inputs, nodes", "{{ [x] }}"),
        ("there is no inputs.a; there are:", "{{ {'k': [1, inputs.a]} }}"),
        ("there is no inputs.a; there are:", "{{ inputs.a | tojson }}"),
        ("there is no inputs.a; there are:", "{{ not inputs.a }}"),
        ("there is no inputs.a; there are:", "{% if inputs.a == 1 %}{% endif %}"),
        ("there is no inputs.a; there are:", "{% for x in inputs.a %}{% endfor %}"),
        ("there is no inputs.a; there are:", "{{ inputs.a in [1] }}"),
        ("there is no inputs.list[3]: the list has 1 item", "{{ inputs.list[3] }}"),
        ("there is no inputs.none.x: what should hold it is null", "{{ inputs.none.x }}"),
        ("there is no inputs.day.x: what should hold it is text", "{{ inputs.day.x }}"),
        (
            "there are: fetch, parse, my-node; a key with a hyphen is written ['my-node']",
            "{{ nodes.my-node.output }}",
        ),
        ("there is no x; there are: inputs, nodes", "{{ range(x) }}"),
        ("there is no 'x'; there are: a", "{{ [{'a': 1}] | map(attribute='x') | list }}"),
    ],
)
def test_a_wrong_name_says_which_there_are(sentence: str, template: str) -> None:
    with pytest.raises(TemplateError) as caught:
        Templates().render(template, NAMES, "alert")

    assert sentence in caught.value.sentence
    assert str(caught.value).startswith("alert: ")


@pytest.mark.parametrize(
    ("sentence", "template"),
    [
        (
            "{{ inputs.count + inputs.day }}: TypeError: unsupported operand",
            "{{ inputs.count + inputs.day }}",
        ),
        ("{{ 1 / 0 }}: ZeroDivisionError: division by zero", "{{ 1 / 0 }}"),
        ("{{ 'x' | int }}: 'x' is no whole number", "{{ 'x' | int }}"),
        ("{{ [] | first }}: No first item", "{{ [] | first }}"),
        ("this template cannot be read: unexpected 'end of print statement'", "{{ 1 + }}"),
        ("this template cannot be read in line 3: unexpected 'end", "a\nb\n{{ 1 + }}"),
        ("there is no filter uper; there are: upper, abs", "{{ 'a' | uper }}"),
        ("there is no test evn; there are: even, odd", "{{ 1 is evn }}"),
        ("{% include %} cannot be used: a template stands alone", "{% include 'other' %}"),
        ("{% extends %} cannot be used", "{% extends 'other' %}"),
        ("{% from %} cannot be used", "{% from 'other' import x %}"),
        ("{% block %} cannot be used", "{% block a %}{% endblock %}"),
        ("more than 100,000 characters", "{{ 1" + " + 1" * 30_000 + " }}"),
        ("nested too deeply", "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}"),
        ("this template cannot be read: Exceeds the limit", "{{ " + "9" * 5000 + " }}"),
        ("nested too deeply", "{% for x in y %}" * 30 + "{% endfor %}" * 30),
        ("put () behind it", "{{ inputs.keys }}"),
        ("put () behind it", "{{ (range) }}"),
    ],
)
def test_what_cannot_work_says_why(sentence: str, template: str) -> None:
    with pytest.raises(TemplateError) as caught:
        Templates().render(template, NAMES, "alert")

    assert sentence in caught.value.sentence


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("alert", "{{ x }}"),
        ("alert, url", {"url": "{{ x }}"}),
        ("alert, arguments.rows[1]", {"arguments": {"rows": [1, "{{ x }}"]}}),
    ],
)
def test_the_place_leads_to_the_template(place: str, value: Any) -> None:
    with pytest.raises(TemplateError) as caught:
        Templates().render(value, NAMES, "alert")

    assert place == caught.value.place
    assert f"{place}: there is no x; there are: inputs, nodes" == str(caught.value)


class Gone(EveryrunError, LookupError):
    """This output is gone."""


class GoneNodes(dict[str, Any]):
    """Nodes whose output cannot be had any more."""

    def __getitem__(self, key: str) -> Any:
        raise Gone


@pytest.mark.parametrize("template", ["{{ nodes.a.output }}", "{{ (nodes.a.output) }}"])
def test_an_error_that_explains_itself_passes_through(template: str) -> None:
    with pytest.raises(Gone):
        Templates().render(template, {"nodes": GoneNodes()}, "alert")


def test_long_sentences_are_cut() -> None:
    with pytest.raises(TemplateError) as caught:
        Templates().render("{{ " + "'" + "x" * 5000 + "' | int }}", NAMES, "alert")

    assert len(str(caught.value)) < 1100
