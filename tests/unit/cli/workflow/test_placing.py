"""Problems that a server found, in the file that they come from."""

from everyrun.cli.workflow.placing import parts, placed
from everyrun.domain.views.problems import Code, DefinitionProblem
from everyrun.workflows.defining import read_text

TEXT = """workflow: w
nodes:
  a/b: {type: set, with: {values: {}}}
  c:
    needs: a/b
    type: nothing
"""


def test_a_pointer_is_taken_apart() -> None:
    assert ("nodes", "a/b", "needs", 0, "~") == parts("/nodes/a~1b/needs/0/~0")
    assert () == parts("")


def test_problems_get_the_places_of_the_file() -> None:
    read = read_text(TEXT, "flow.yaml")
    problems = [
        DefinitionProblem(code=Code.UNKNOWN_NODE_TYPE, message="no type", path="/nodes/c/type"),
        DefinitionProblem(code=Code.WRONG_VALUE, message="bad", path="/nodes/a~1b/with/values/x"),
    ]

    found = placed(problems, read.places)

    assert [("flow.yaml", 3), ("flow.yaml", 6)] == [(each.file, each.line) for each in found]
    assert problems == placed(problems, None)
