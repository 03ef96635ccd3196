"""``switch``: go one of several ways."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from msgspec import Meta

from everyrun.nodes.base import Chosen, NodeType
from everyrun.nodes.context import Context
from everyrun.nodes.written import is_template

OTHERWISE = "default"
"""The branch that is taken where no case holds."""


class Switch(NodeType):
    """Choose a branch by a value: the first case that it equals, else `default`.

    What needs it names the branch: `needs: {by_status: redirect}`. The output is
    `{"branch": "redirect", "value": 301}`.
    """

    safe_to_repeat = True
    quick = True

    value: Annotated[Any, Meta(description="What decides, most often an expression.")]
    cases: Annotated[
        list[Any] | dict[str, Any],
        Meta(
            description=(
                "A list of values, each of which is a branch of the same name (`[small, large]`); "
                "or a mapping from each branch to its value, or to a list of values "
                "(`{fine: 200, redirect: [301, 302]}`). Branches are written out: their names "
                "hold no templates. Text and number are not equal, nor are `true` and 1."
            )
        ),
    ]

    def run(self, context: Context) -> Chosen:
        """Choose."""
        for branch, candidates in _branches(self.cases):
            if any(_equal(self.value, candidate) for candidate in candidates):
                return Chosen(branch, {"value": self.value})
        return Chosen(OTHERWISE, {"value": self.value})

    @classmethod
    def branches_of(cls, parameters: Mapping[str, Any]) -> tuple[str, ...]:
        """The cases' names, and ``default``."""
        cases = parameters.get("cases")
        if not isinstance(cases, list | dict):
            return (OTHERWISE,)
        return tuple(dict.fromkeys([*(branch for branch, _ in _branches(cases)), OTHERWISE]))

    @classmethod
    def problems_of(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Branches are written out, once each; one at least."""
        cases = parameters.get("cases")
        if is_template(cases):
            return [("cases", "the cases of a switch are written out: they cannot be a template")]
        if not isinstance(cases, list | dict):
            return []
        if not cases:
            return [("cases", "a switch has at least one case")]
        return [("cases", sentence) for sentence in _odd_branches(cases)]


def _branches(cases: list[Any] | Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Each branch and the values that lead to it."""
    if isinstance(cases, Mapping):
        for branch, value in cases.items():
            yield branch, value if isinstance(value, list) else [value]
    else:
        for value in cases:
            if not isinstance(value, list | dict):  # those name no branch
                yield _name_of(value), [value]


def _name_of(value: Any) -> str:
    """The branch of a case in a list: as the value is written in JSON, text without quotes."""
    named = {True: "true", False: "false"} if isinstance(value, bool) else {None: "null"}
    return value if isinstance(value, str) else named.get(value, str(value))


def _odd_branches(cases: list[Any] | Mapping[str, Any]) -> Iterator[str]:
    seen = set()
    for position, case in enumerate(cases):
        if isinstance(case, list | dict):
            yield f"case {position + 1} names no branch: write {{branch: value}}"
            continue
        branch = _name_of(case)
        if is_template(branch):
            yield f"a branch's name is written out: {branch} cannot be a template"
        elif branch == OTHERWISE:
            yield "there is always a branch 'default': it is taken where no case holds"
        elif branch in seen:
            yield f"there are two cases {branch!r}"
        seen.add(branch)


def _equal(value: Any, candidate: Any) -> bool:
    """Equality without Python's ``True == 1``."""
    if isinstance(value, bool) is not isinstance(candidate, bool):
        return False
    return bool(value == candidate)
