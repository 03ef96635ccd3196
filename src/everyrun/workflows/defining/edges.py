"""``needs`` as people write it -> edges.

A key, a list of keys and ``{key: outcome}``, or a mapping of keys to outcomes; several outcomes
are a list.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from everyrun.domain.graph import SUCCESS
from everyrun.workflows.problems import Path


class WrittenEdge(NamedTuple):
    """One edge and where it stands below ``needs``; ``node`` None where ``problem`` says why."""

    path: Path
    node: str | None
    outcome: str = SUCCESS
    problem: str | None = None


def written_edges(needs: Any) -> Iterator[WrittenEdge]:
    """The edges that ``needs`` says, in order."""
    if isinstance(needs, str):
        yield WrittenEdge((), needs)
    elif isinstance(needs, dict):
        yield from _outcomes_by_node(needs, ())
    elif isinstance(needs, list):
        for index, item in enumerate(needs):
            if isinstance(item, str):
                yield WrittenEdge((index,), item)
            elif isinstance(item, dict):
                yield from _outcomes_by_node(item, (index,))
            else:
                yield WrittenEdge((index,), None, problem=_WANTED)
    elif needs is not None:
        yield WrittenEdge((), None, problem=_WANTED)


_WANTED = "needs must name nodes: a key, a list of keys, or keys with outcomes (check: failure)"


def _outcomes_by_node(mapping: dict[str, Any], path: Path) -> Iterator[WrittenEdge]:
    for node, outcomes in mapping.items():
        if not isinstance(outcomes, list):
            yield _edge((*path, node), node, outcomes)
        for index, outcome in enumerate(outcomes if isinstance(outcomes, list) else ()):
            yield _edge((*path, node, index), node, outcome)


def _edge(path: Path, node: str, outcome: Any) -> WrittenEdge:
    named = outcome_name(outcome)
    if named is None:
        sentence = "an outcome must be success, failure, always or the name of a branch"
        return WrittenEdge(path, None, problem=sentence)
    return WrittenEdge(path, node, named)


def outcome_name(outcome: Any) -> str | None:
    """An outcome as text: ``true`` is the branch "true"; None for what cannot name one."""
    if isinstance(outcome, bool):
        return "true" if outcome else "false"
    return str(outcome) if isinstance(outcome, str | int | float) and outcome != "" else None
