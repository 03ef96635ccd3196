"""What is wrong with the form and what is wrong with the graph are told together."""

from pathlib import Path

from everyrun.workflows.checking import Checked, check_file, check_text, check_value
from everyrun.workflows.problems import Code
from tests.support.node_types import FewTypes


def codes(checked: Checked) -> list[Code]:
    return [problem.code for problem in checked.problems]


def test_problems_of_both_kinds_stand_in_the_order_of_the_text() -> None:
    text = (
        "workflow: w\n"
        "nodes:\n"
        "  a: {type: step, needs: c}\n"
        "  b: {type: step, timeout: soon}\n"
        "  c: {type: step, needs: a}\n"
        "  d: {type: stpe, tiemout: 3}\n"
        "  e: {needs: nothing}\n"
    )

    assert [
        (Code.CYCLE_DETECTED, 3),
        (Code.WRONG_TYPE, 4),
        (Code.UNKNOWN_NODE_TYPE, 6),
        (Code.UNKNOWN_FIELD, 6),
        (Code.MISSING_FIELD, 7),
        (Code.DANGLING_EDGE, 7),
    ] == [(each.code, each.line) for each in check_text(text, catalogue=FewTypes()).problems]


def test_what_is_missing_is_told_once() -> None:
    assert [Code.MISSING_FIELD] * 2 == codes(check_text("{}", catalogue=FewTypes()))
    assert [Code.WRONG_TYPE] == codes(check_text("workflow: w\nnodes: [a]", catalogue=FewTypes()))


def test_a_text_that_cannot_be_read_has_only_that_problem() -> None:
    assert [Code.SYNTAX_ERROR] == codes(check_text("a: [", catalogue=FewTypes()))


def test_what_is_in_order_is_a_definition(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text("workflow: w\nnodes: {a: {type: step}}\n")
    written = {"workflow": "w", "nodes": {"a": {"type": "step"}}}
    of_file = check_file(file, catalogue=FewTypes())
    of_value = check_value(written, directory=str(tmp_path), catalogue=FewTypes())

    assert [] == of_file.problems
    assert None is not of_file.definition
    assert of_file == of_value


def test_problems_without_number_are_told_up_to_a_thousand() -> None:
    nodes = "".join(f"  n{number}: {{type: step, needs: nn{number}}}\n" for number in range(1_500))
    found = check_text(f"workflow: w\nnodes:\n{nodes}", catalogue=FewTypes()).problems
    fields = "".join(f"x{number}: 1\n" for number in range(1_500))
    misread = check_text(f"workflow: w\nnodes: {{a: {{type: step}}}}\n{fields}").problems

    assert [Code.DANGLING_EDGE] * 1_000 + [Code.TOO_MANY_PROBLEMS] == [each.code for each in found]
    assert found[0].suggestion is not None
    assert found[-2].suggestion is None
    assert [Code.UNKNOWN_FIELD] * 1_000 + [Code.TOO_MANY_PROBLEMS] == [
        each.code for each in misread
    ]
