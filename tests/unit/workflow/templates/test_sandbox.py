"""What a template must never reach, and how much it may make."""

import os
from datetime import UTC, datetime
from typing import Any

import pytest

from everyrun.workflows.templates import TemplateError, Templates


class Live:
    """An object that came out of a node."""

    _private = "private"
    module = os

    def method(self) -> str:
        return "called"


def function() -> str:
    return "called"


def generator() -> Any:
    yield 1


NAMES: dict[str, Any] = {
    "inputs": {"text": "x", "list": [1, 2], "mapping": {"a": 1}},
    "live": Live(),
    "function": function,
    "generator": generator(),
    "kind": Live,
    "error": ValueError("x"),
    "execution": {"started_at": datetime(2026, 1, 15, tzinfo=UTC)},
}

ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ ''['__class__'] }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ inputs.list.__class__.__base__ }}",
    "{{ inputs.__init__ }}",
    "{{ inputs['__init__'] }}",
    "{{ inputs.mapping.__getitem__ }}",
    "{{ [''] | map(attribute='__class__') | list }}",
    "{{ [''] | sort(attribute='__class__') }}",
    "{{ [''] | groupby('__class__') }}",
    "{{ [''] | selectattr('__class__') | list }}",
    "{{ [''] | sum(attribute='__class__') }}",
    "{{ '' | attr('__class__') }}",
    "{{ '{0.__class__}'.format('') }}",
    "{{ '{0[__class__]}'.format('') }}",
    "{{ '{x.__class__}'.format_map({'x': 1}) }}",
    "{{ ('{0.__class__}' | format)('') }}",
    "{{ ['{0.__class__}'] | map('format', '') | list | first | length > 99 or nope }}",
    "{{ ''.format.__self__ }}",
    "{{ range.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ dict.__subclasses__() }}",
    "{{ dict.fromkeys('ab') }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__['os'].environ }}",
    "{{ joiner.__init__ }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ request.application.__globals__ }}",
    "{% for x in [1] %}{{ loop.__init__ }}{% endfor %}",
    "{% for x in [1] %}{{ loop._iterator }}{% endfor %}",
    "{% macro m() %}{% endmacro %}{{ m._func }}",
    "{% macro m() %}{% endmacro %}{{ m._environment }}",
    "{% macro m() %}{{ caller.__init__ }}{% endmacro %}{% call m() %}{% endcall %}",
    "{% set ns = namespace() %}{{ ns.__class__ }}",
    "{% set ns = namespace() %}{{ ns.__init__.__globals__ }}",
    "{{ inputs.list.append(3) }}",
    "{{ inputs.mapping.update(b=1) }}",
    "{{ inputs.mapping.clear() }}",
    "{{ inputs.list.sort() }}",
    "{{ inputs.text.encode() }}",
    "{{ inputs.text.translate({}) }}",
    "{{ inputs.text.maketrans('a', 'b') }}",
    "{{ (1).to_bytes(2, 'big') }}",
    "{{ live._private }}",
    "{{ live['_private'] }}",
    "{{ live.method() }}",
    "{{ live.module.environ }}",
    "{{ live.module['environ'] }}",
    "{{ function() }}",
    "{{ function.__globals__ }}",
    "{{ function.func_globals }}",
    "{{ kind() }}",
    "{{ kind.mro() }}",
    "{{ kind.module }}",
    "{{ generator.gi_frame }}",
    "{{ generator.gi_frame.f_globals }}",
    "{{ generator.send(none) }}",
    "{{ error.__traceback__ }}",
    "{{ error.with_traceback(none) }}",
    "{% import 'os' as os %}{{ os }}",
    "{{ secrets }}",
]


@pytest.mark.parametrize("template", ESCAPES)
def test_nothing_inside_is_reached(template: str) -> None:
    with pytest.raises(TemplateError):
        Templates().render(template, NAMES, "node")


def test_nothing_that_is_given_is_changed() -> None:
    given = {"list": [1], "mapping": {"a": [1]}}
    Templates().render("{{ [[2], [3]] | sum(start=inputs.list) }}", {"inputs": given}, "node")
    Templates().render("{{ inputs.mapping.a + [2] }}", {"inputs": given}, "node")

    assert {"list": [1], "mapping": {"a": [1]}} == given


GREEDY = [
    "{{ range(10**9) }}",
    "{{ range(10**9) | list }}",
    "{% for i in range(10**9) %}{% endfor %}",
    "{{ 'a' * 10**10 }}",
    "{{ 10**10 * 'a' }}",
    "{{ [1] * 10**9 }}",
    "{{ (1, 2) * 10**9 }}",
    "{{ 10 ** (10 ** 10) }}",
    "{{ 7 ** 77777 }}",
    "{{ (10**1000) * (10**1000) * (10**1000) * (10**1000) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '%.1000000000f' % 1 }}",
    "{{ '%*d' % (1000000000, 1) }}",
    "{{ '%(a)1000000000d' % {'a': 1} }}",
    "{{ '%1000000000d' | format(1) }}",
    "{{ '{:1000000000}'.format(1) }}",
    "{{ '{:{}}'.format(1, 1000000000) }}",
    "{{ '{0:.1000000000f}'.format(1.5) }}",
    "{{ 'a'.ljust(10**10) }}",
    "{{ 'a'.rjust(10**10) }}",
    "{{ 'a'.center(10**10) }}",
    "{{ '1'.zfill(10**10) }}",
    "{{ '\t'.expandtabs(10**9) }}",
    "{{ '\t'.expandtabs(tabsize=10**9) }}",
    "{{ ('a' * 100000).replace('a', 'b' * 100000) }}",
    "{{ ('a' * 100000) | replace('a', 'b' * 100000) }}",
    "{{ ('a' * 100000) | replace('', 'b' * 100000) }}",
    "{{ ('b' * 100000).join(range(100000)) }}",
    "{{ range(100000) | join('b' * 100000) }}",
    "{{ 'a' | indent(10**9) }}",
    "{{ [1] | batch(10**9, 0) }}",
    "{{ [1] | tojson(indent=10**9) }}",
    "{{ 1.5 | round(10**9, 'ceil') }}",
    "{% set n = namespace(s='a') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
    "{% set n = namespace(s='a') %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
    "{% set n = namespace(s=[1]) %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
    "{% set n = namespace(s=2) %}{% for i in range(99) %}{% set n.s = n.s * n.s %}{% endfor %}",
    "{% for i in range(99999) %}long text " + "and more " * 30 + "{% endfor %}",
    "{% set x %}{% for i in range(9999) %}{{ 'a' * 9999 }}{% endfor %}{% endset %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{{ '%(a)9999d' * 9999 % {'a': 1} }}",
    "{{ ('%(a)s' * 9999) % {'a': 'x' * 9999} }}",
    "{{ ('{0}' * 9999).format('x' * 9999) }}",
    "{{ ('{0:9999}' * 9999).format(1) }}",
    "{{ execution.started_at.strftime('%1000000000Y') }}",
    "{{ execution.started_at.strftime('%9999Y' * 9999) }}",
    "{{ execution.started_at | strftime('%1000000000Y') }}",
    "{{ '{:%1000000000Y}'.format(execution.started_at) }}",
    "{{ [['x' * 9999] * 9999] | tojson }}",
    "{{ [['x' * 9999] * 9999] }}!",
    "{{ [[['x'] * 9999] * 9999] }}",
    "{{ [1] | batch(9999, 'x' * 9999) }}",
    *(
        "{% set n = namespace(l=[1]) %}"
        "{% for i in range(60) %}{% set n.l = [n.l, n.l] %}{% endfor %}" + use
        for use in (
            "{{ n.l }}",
            "{{ n }}",
            "{{ n.l ~ '' }}",
            "{{ n.l | tojson }}",
            "{{ n.l | string }}",
            "{{ n.l | upper }}",
            "{{ n.l | trim }}",
            "{{ n.l | truncate }}",
            "{{ n.l | wordcount }}",
            "{{ n.l | urlencode }}",
            "{{ {'a': n.l} | urlencode }}",
            "{{ n.l | quote }}",
            "{{ n.l | indent }}",
            "{{ n.l | replace('1', '2') }}",
            "{{ n.l | join(',') }}",
            "{{ n.l | int }}",
            "{{ '%s' % n.l }}",
            "{{ '%r' % n.l }}",
            "{{ '%s' % (n.l,) }}",
            "{{ '%(a)s' % {'a': n.l} }}",
            "{{ '%s' | format(n.l) }}",
            "{{ '{}'.format(n.l) }}",
            "{{ '{!r}'.format(n.l) }}",
            "{{ '{!s:>9}'.format(n.l) }}",
            "{{ {'a': n.l}.values() }}",
            "{{ {'a': n.l}.items() }}!",
            "{{ {'a': 1, 'b': n.l, 'c': 2}.items() }}!",
            "{{ n.l * 3 }}",
        )
    ),
    "{% macro m() %}{% for i in range(9999) %}{{ 2999 * 'a' }}{% endfor %}{% endmacro %}{{ m() }}",
]


@pytest.mark.parametrize("template", GREEDY)
def test_a_template_makes_no_more_than_it_may(template: str) -> None:
    with pytest.raises(TemplateError):
        Templates().render(template, NAMES, "node")


@pytest.mark.parametrize("template", GREEDY)
def test_reading_a_template_computes_nothing(template: str) -> None:
    from everyrun.workflows.templates import references, syntax_problem

    assert syntax_problem(template) is None
    assert {"execution"} >= references(template).names


def test_what_is_given_passes_at_any_size() -> None:
    large = "x" * 30_000_000

    assert large is Templates().render("{{ inputs.a }}", {"inputs": {"a": large}}, "node")
    assert large is Templates().render("{{ (inputs.a) }}", {"inputs": {"a": large}}, "node")
