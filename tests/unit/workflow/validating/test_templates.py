"""Templates that cannot work are found before anything runs."""

import pytest

from everyrun.workflows.problems import Code
from tests.support.judging import codes_in, messages_in, nodes, problems_in

INPUTS = "inputs: {day: string}\nvariables: {root: /data}\n"


def reading(template: str, needs: str = "[]") -> str:
    return INPUTS + nodes(
        fetch="", parse="needs: fetch", read=f"needs: {needs}, with: {{value: '{template}'}}"
    )


@pytest.mark.parametrize(
    "template",
    [
        "plain text",
        "{{ inputs.day }}",
        '{{ inputs["day"] }}/{{ variables.root }}',
        "{{ secrets.TOKEN }} {{ execution.id }}",
        "{% for x in range(3) %}{{ x }}{% endfor %}",
        "{{ nodes[inputs.day] }}",
        "{{ inputs | length }}",
        "{# nothing #}",
        '{{ {"a": {"b": inputs.day}} }} and {{ inputs.day | upper }}',
        '{{ inputs.day ~ "}}" }}',
    ],
)
def test_a_template_that_can_work_is_no_problem(template: str) -> None:
    assert [] == messages_in(reading(template))


@pytest.mark.parametrize(
    ("template", "code", "message"),
    [
        ("{{ inputs. }}", Code.TEMPLATE_SYNTAX, ""),
        ("{{ inputs.day", Code.TEMPLATE_SYNTAX, ""),
        ("{% if %}", Code.TEMPLATE_SYNTAX, ""),
        ("{{ input.day }}", Code.UNKNOWN_NAME, "there is no input here; there are: inputs"),
        ("{{ inputs.dya }}", Code.UNKNOWN_INPUT, "there is no inputs.dya; there are: day"),
        ("x {{ inputs.dya }}", Code.UNKNOWN_INPUT, "did you mean day?"),
        ("{{ inputs.day }} {{ inputs.dya | upper }}", Code.UNKNOWN_INPUT, "did you mean day?"),
        ("{{ inputs.day }} {{ inputs. }}", Code.TEMPLATE_SYNTAX, ""),
        ("{{ inputs.dya ~ 1 }}", Code.UNKNOWN_INPUT, "did you mean day?"),
        ("{{ variables.rot }}", Code.UNKNOWN_VARIABLE, "there is no variables.rot"),
        ("{{ execution.name }}", Code.UNKNOWN_NAME, "there is no execution.name"),
        ("{{ item }}", Code.UNKNOWN_NAME, "read reads item, which is there only in the body"),
        ("{{ previous.x }}", Code.UNKNOWN_NAME, "in the body of repeat"),
        ("{{ nodes.fecth.output }}", Code.UNKNOWN_NODE, "did you mean fetch?"),
        ("{{ nodes.fetch.output }}", Code.NODE_NOT_NEEDED, "read reads nodes.fetch but it does"),
        ("{{ nodes.read.output }}", Code.NODE_NOT_NEEDED, "no output before it ends"),
    ],
)
def test_a_template_that_cannot_work_is_a_problem(template: str, code: Code, message: str) -> None:
    (problem,) = problems_in(reading(template))

    assert (code, "read") == (problem.code, problem.node)
    assert "/nodes/read/with/value" == problem.path
    assert message in problem.message


@pytest.mark.parametrize("needs", ["fetch", "{fetch: always}", "parse", "[{parse: failure}]"])
def test_what_comes_before_can_be_read(needs: str) -> None:
    assert [] == messages_in(reading("{{ nodes.fetch.output }} {{ nodes.fetch.status }}", needs))


def test_what_there_is_to_read_of_a_node_is_known() -> None:
    (message,) = messages_in(reading("{{ nodes.fetch.outptu }}", "fetch"))

    assert "there is no nodes.fetch.outptu; there are: output, status" in message
    assert "did you mean output?" in message


def test_a_hyphen_is_explained() -> None:
    text = "nodes: {get-it: {type: step}, b: {type: step, needs: get-it, with: {value: '%s'}}}"

    assert [] == messages_in(text % '{{ nodes["get-it"].output }}')
    assert "Write nodes['get-it'], for a hyphen is a minus." in " ".join(
        messages_in(text % "{{ nodes.get-it.output }}")
    )


def test_every_template_of_a_node_is_judged_at_its_place() -> None:
    text = (
        "nodes:\n"
        "  a:\n"
        "    type: step\n"
        "    concurrency: '{{ inputs.x }}'\n"
        "    with:\n"
        "      words: [one, '{{ inputs.y }}']\n"
        "      value: {deep: [{er: '{{ inputs.z }}'}]}\n"
        "output: ['{{ nodes.b }}']\n"
    )

    assert [
        (5, "/nodes/a/concurrency"),
        (7, "/nodes/a/with/words/1"),
        (8, "/nodes/a/with/value/deep/0/er"),
        (9, "/output/0"),
    ] == [(each.line, each.path) for each in problems_in(text)]


def test_the_output_may_read_every_node() -> None:
    assert [] == codes_in(nodes(a="", b="") + "output: '{{ nodes.a.output ~ nodes.b.output }}'\n")


def test_variables_are_templates_over_what_is_known_first() -> None:
    ahead = "inputs: {day: string}\nvariables: {file: '%s'}\n"

    assert [] == codes_in(ahead % "/data/{{ inputs.day }}" + nodes(a=""))
    assert [(Code.UNKNOWN_NAME, None)] == codes_in(ahead % "{{ nodes.a.output }}" + nodes(a=""))
    assert [(Code.UNKNOWN_NAME, None)] == codes_in(ahead % "{{ variables.file }}" + nodes(a=""))


def test_a_default_is_no_template() -> None:
    text = "inputs: {day: {default: '{{ execution.started_at }}'}}\n" + nodes(a="")

    assert [(Code.TEMPLATE_NOT_EVALUATED, None)] == codes_in(text)


class TestLoops:
    """In a body, what the loop gives and what is around it can be read."""

    @staticmethod
    def looping(kind: str, template: str, loop: str = "") -> str:
        return nodes(
            fetch="",
            other="",
            each=f"type: {kind}, needs: fetch{loop}, do: {{first: {{type: step}}, "
            f"second: {{type: step, needs: first, with: {{value: '{template}'}}}}}}",
        )

    @pytest.mark.parametrize(
        ("kind", "template"),
        [
            ("for_each", "{{ item.name }} {{ index }}"),
            ("repeat", "{{ previous }} {{ index }}"),
            ("for_each", "{{ nodes.first.output }}"),
            ("for_each", "{{ nodes.fetch.output }}"),
        ],
    )
    def test_what_can_be_read(self, kind: str, template: str) -> None:
        assert [] == messages_in(self.looping(kind, template))

    @pytest.mark.parametrize(
        ("kind", "template", "code", "message"),
        [
            ("repeat", "{{ item }}", Code.UNKNOWN_NAME, "only in the body of for_each"),
            ("for_each", "{{ previous }}", Code.UNKNOWN_NAME, "only in the body of repeat"),
            (
                "for_each",
                "{{ nodes.other.output }}",
                Code.NODE_NOT_NEEDED,
                "each.second reads nodes.other but each does not need it",
            ),
            ("for_each", "{{ nodes.each.output }}", Code.NODE_NOT_NEEDED, "before it ends"),
            ("for_each", "{{ nodes.fist.output }}", Code.UNKNOWN_NODE, "did you mean first?"),
        ],
    )
    def test_what_cannot_be_read(self, kind: str, template: str, code: Code, message: str) -> None:
        (problem,) = problems_in(self.looping(kind, template))

        assert (code, "each.second") == (problem.code, problem.node)
        assert message in problem.message

    def test_a_condition_is_judged_over_the_finished_body(self) -> None:
        until = ", with: {until: 'nodes.second.output.done and previous and index > 3'}"

        assert [] == messages_in(self.looping("repeat", "x", until))

    def test_a_condition_that_cannot_work_is_a_problem(self) -> None:
        assert [(Code.UNKNOWN_NODE, "each")] == codes_in(
            self.looping("repeat", "x", ", with: {until: 'nodes.thrid.output'}")
        )
        assert [(Code.TEMPLATE_SYNTAX, "each")] == codes_in(
            self.looping("repeat", "x", ", with: {until: 'nodes.first.'}")
        )

    def test_outer_loops_give_their_names_too(self) -> None:
        text = nodes(
            outer="type: repeat, do: {inner: {type: for_each, do: "
            "{x: {type: step, with: {value: '{{ item }} {{ previous }}'}}}}}"
        )

        assert [] == messages_in(text)

    def test_a_body_cannot_be_read_from_outside(self) -> None:
        text = nodes(
            each="type: for_each, do: {x: {type: step}}",
            after="needs: each, with: {value: '{{ nodes.x.output }}'}",
        )

        assert [
            "after reads nodes.x, which is in the body of each; read nodes.each.output"
        ] == messages_in(text)


def test_nodes_of_a_cycle_are_not_judged_for_what_they_read() -> None:
    text = nodes(
        a="needs: b, with: {value: '{{ nodes.c.output }}'}", b="needs: a", c="with: {value: 1}"
    )

    assert [(Code.CYCLE_DETECTED, "a")] == codes_in(text)
