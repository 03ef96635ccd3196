"""Problems of a definition, each with its place."""

from everyrun.cli.workflow.problem_lines import problem_lines
from everyrun.workflows.problems import Code, Problem

TEXT = "workflow: x\nnodes:\n  월말: {type: shel}\n\t# tab\n"


def lines(problem: Problem, text: str | None = None) -> list[str]:
    told = problem_lines([problem], text, "x.yaml")
    return ["".join(part for part, _style in spans) for spans in told]


def problem(line: int | None, column: int | None) -> Problem:
    return Problem(
        code=Code.UNKNOWN_NODE_TYPE,
        message="there is no node type 'shel'",
        file="x.yaml",
        line=line,
        column=column,
    )


def test_a_problem_is_one_line_with_its_place_and_code() -> None:
    assert ["x.yaml:3:14: UNKNOWN_NODE_TYPE: there is no node type 'shel'"] == lines(problem(3, 14))


def test_a_problem_of_the_whole_names_the_file_alone() -> None:
    assert ["x.yaml: UNKNOWN_NODE_TYPE: there is no node type 'shel'"] == lines(
        problem(None, None), TEXT
    )


def test_the_line_stands_below_with_a_caret_where_it_is_wrong() -> None:
    _told, source, caret = lines(problem(3, 14), TEXT)

    assert "     3 │   월말: {type: shel}" == source
    assert "       │                ^" == caret


def test_a_tab_keeps_the_caret_in_its_place() -> None:
    _told, source, caret = lines(problem(4, 2), TEXT)

    assert ("     4 │  # tab", "       │  ^") == (source, caret)


def test_a_long_line_is_cut_around_its_problem() -> None:
    text = "x" * 500 + "HERE" + "y" * 500
    _told, source, caret = lines(problem(1, 501), text)

    assert len(source) < 220
    assert "HERE" == source[caret.index("^") :][:4]


def test_a_place_beyond_the_text_shows_no_line() -> None:
    assert 1 == len(lines(problem(99, 1), TEXT))
