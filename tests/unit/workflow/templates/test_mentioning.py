"""What templates mention is known before anything runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.workflows.templates import References, references, syntax_problem


def known(**kinds: set[str]) -> References:
    return References(**{kind: frozenset(keys) for kind, keys in kinds.items()})


@pytest.mark.parametrize(
    ("expected", "template"),
    [
        (known(names={"nodes"}, nodes={"a"}), "{{ nodes.a.output }}"),
        (known(names={"nodes"}, nodes={"my-node"}), "{{ nodes['my-node'].output.x[0] }}"),
        (known(names={"nodes"}, nodes={"a"}), "{{ nodes.a.output | length + nodes['a'].x }}"),
        (
            known(
                names={"inputs", "variables", "secrets"},
                inputs={"i"},
                variables={"v"},
                secrets={"S"},
            ),
            "{{ inputs.i }}{{ variables['v'].w }}{{ secrets.S }}",
        ),
        (known(names={"nodes", "item"}), "{{ nodes[item].output }}"),
        (known(names={"nodes", "inputs"}, inputs={"key"}), "{{ nodes[inputs.key].output }}"),
        (
            known(names={"nodes"}, nodes={"a"}),
            "{% for row in nodes.a.output %}{{ row.x }}{% endfor %}",
        ),
        (known(names={"inputs"}, inputs={"x"}), "{% set y = inputs.x %}{{ y.z ~ loop.index }}"),
        (
            known(names={"inputs"}, inputs={"n"}),
            "{% for i in range(inputs.n) %}{{ i }}{% endfor %}",
        ),
        (known(names={"x"}), "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(x) }}"),
        (known(), "no template"),
        (known(), "{{ 1 + }}"),
        (known(), "{# {{ x }} #}{{ 'x' }}"),
    ],
)
def test_names_and_keys_are_found(expected: References, template: str) -> None:
    assert expected == references(template)


def test_they_are_found_wherever_they_stand() -> None:
    written = {"a": ["{{ inputs.x }}", {"b": "{{ nodes.y.output }}"}], "c": 3}

    assert known(names={"inputs", "nodes"}, inputs={"x"}, nodes={"y"}) == references(written)


def test_a_bare_expression_is_asked_for() -> None:
    assert known() == references("nodes.poll.output.done")
    assert known(names={"nodes"}, nodes={"poll"}) == references("nodes.poll.output.done", bare=True)
    assert known(names={"nodes"}, nodes={"poll"}) == references("{{ nodes.poll.x }}", bare=True)


@pytest.mark.parametrize("text", ["plain", "{{ x }}", "{{ x + 1 }}", "{% if x %}{% endif %}", "{#"])
def test_what_can_be_read_is_no_problem(text: str) -> None:
    assert syntax_problem(text) is None


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("this template cannot be read: unexpected 'end of print statement'", "{{ 1 + }}"),
        ("this template cannot be read: unexpected end of template", "{% if x"),
        ("this template cannot be read in line 2: Encountered unknown tag 'iff'", "\n{% iff x %}"),
        ("this template cannot be read: there is no filter uper; there are: upper", "{{ x|uper }}"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(sentence: str, text: str) -> None:
    assert (syntax_problem(text) or "").startswith(sentence)


@pytest.mark.parametrize(
    "text", ["", " ", "x y", "x {{ y }}", "{{ x }} {{ y }}", "{{ 1 + }}", "1 +"]
)
def test_a_bare_expression_is_exactly_one(text: str) -> None:
    assert syntax_problem(text, bare=True)


@pytest.mark.parametrize("text", ["x", "{{ x }}", " {{ x + 1 }} ", "x.y > 1", "'}}'", "{'a': 1}"])
def test_a_bare_expression_may_have_braces(text: str) -> None:
    assert syntax_problem(text, bare=True) is None


@given(st.text("{}%#-+ \n'\"x.|([1", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    problem, found = syntax_problem(text), references(text)

    assert problem is None or found == known()
