"""What a message of Celery's says of the canvas around it. Pure: signatures in, members out.

A signature is the dict that a canvas is made of (``task``, ``kwargs``, ``options``,
``subtask_type``), as it lies in a message or in the process that publishes it. What follows a task
is in its message: ``chain``, the later steps, the next one last; and ``chord``, the body that waits
for its group. Members get their ids when a canvas is frozen; what has none cannot be told yet.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

Signature = Mapping[str, Any]

LONGEST_NAME = 6
"""Steps named in the name of a canvas that has no name of its own."""


class Member(NamedTuple):
    """One task of a canvas that has not been sent yet."""

    id: str
    name: str
    parent: str | None = None
    """The task that it follows, where a single one comes before it."""
    group: str | None = None
    position: int | None = None
    """Its number among the members of its group, from 0."""
    chord: str | None = None
    """The body that waits for it."""


class Follow(NamedTuple):
    """What a task's message says of what comes after it."""

    task_id: str
    group: str | None = None
    chain: Sequence[Signature] | None = None
    chord: Signature | None = None


def rest_of(follow: Follow) -> Iterator[Member]:
    """Every member that comes after a task and is known by its id, each once."""
    seen = {follow.task_id}
    yield from _walk(_after(follow), seen)


def members_of(signature: Signature) -> Iterator[Member]:
    """Every member of a canvas that is known by its id, each once."""
    yield from _walk([(signature, None)], set())


def _after(follow: Follow) -> list[tuple[Signature, str | None]]:
    """The steps after a task, the nearest last, each with the task that it follows."""
    steps: list[tuple[Signature, str | None]] = []
    parent: str | None = follow.task_id
    for step in reversed(follow.chain or ()):
        steps.append((step, parent))
        parent = None if step.get("subtask_type") in _COMPOUND else id_of(step)
    if follow.chord is not None:
        steps.append((follow.chord, None))
    steps.reverse()
    return steps


_COMPOUND = frozenset({"chain", "group", "chord"})


def _walk(waiting: list[tuple[Signature, str | None]], seen: set[str]) -> Iterator[Member]:
    while waiting:
        signature, parent = waiting.pop()
        kind = signature.get("subtask_type")
        options = signature.get("options") or {}
        if kind in _COMPOUND:
            waiting.extend(_after(_follow_of(signature, "")))
            parts = [(part, None if kind == "chord" else parent) for part in parts_of(signature)]
            if kind == "chain":
                parts = _in_turn([part for part, _ in parts], parent)
            waiting.extend(reversed(parts))
            continue
        task_id = options.get("task_id")
        if task_id is None or task_id in seen:
            continue
        seen.add(task_id)
        chord = options.get("chord")
        yield Member(
            task_id,
            str(signature.get("task")),
            parent,
            options.get("group_id"),
            options.get("group_index"),
            None if chord is None else outcome_of(chord),
        )
        waiting.extend(_after(_follow_of(signature, task_id)))


def _in_turn(parts: list[Signature], parent: str | None) -> list[tuple[Signature, str | None]]:
    steps = []
    for part in parts:
        steps.append((part, parent))
        parent = None if part.get("subtask_type") in _COMPOUND else id_of(part)
    return steps


def _follow_of(signature: Signature, task_id: str) -> Follow:
    options = signature.get("options") or {}
    return Follow(task_id, options.get("group_id"), options.get("chain"), options.get("chord"))


def id_of(signature: Signature) -> str | None:
    """The task id that a signature was frozen with."""
    return (signature.get("options") or {}).get("task_id")


def parts_of(signature: Signature) -> list[Signature]:
    """The signatures that a chain, a group or a chord is made of, the body of a chord last.

    A header that is a generator is not looked into: that would run it.
    """
    kwargs = signature.get("kwargs") or {}
    if signature.get("subtask_type") != "chord":
        return _listed(kwargs.get("tasks"))
    body = kwargs.get("body")
    return [*_listed(kwargs.get("header")), *([] if body is None else [body])]


def _listed(tasks: object) -> list[Signature]:
    if isinstance(tasks, Mapping):
        return parts_of(tasks)
    return list(tasks) if isinstance(tasks, list | tuple) else []


def outcome_of(signature: Signature) -> str | None:
    """The id of the result that a signature ends in: its own, its body's, its last step's."""
    while True:
        parts = parts_of(signature) if signature.get("subtask_type") in {"chain", "chord"} else []
        if not parts:
            return id_of(signature)
        signature = parts[-1]


def outcome_id(follow: Follow) -> str:
    """The id of the result that whoever sent this canvas holds; the same for all its members.

    Seen from one member: outwards over the last step of its chain, the body of its chord and the
    group that these belong to.
    """
    for _ in range(100):
        if follow.chain:
            last = follow.chain[0]
        elif follow.chord is not None:
            last = follow.chord
        else:
            break
        end = _innermost(last)
        options = end.get("options") or {}
        group = options.get("group_id")
        if not follow.chain and group == follow.group:
            group = None  # a body is given the group of its header where it has no other
        task_id = options.get("task_id")
        if task_id is None:
            break
        follow = Follow(task_id, group, options.get("chain"), options.get("chord"))
    return follow.group or follow.task_id


def _innermost(signature: Signature) -> Signature:
    while signature.get("subtask_type") in {"chain", "chord"}:
        parts = parts_of(signature)
        if not parts:
            break
        signature = parts[-1]
    return signature


def anchor_of(follow: Follow) -> str | None:
    """What tells whether the rest after a task was told already: the outcome of what is next."""
    if follow.chain:
        return outcome_of(follow.chain[-1])
    return None if follow.chord is None else outcome_of(follow.chord)


def shares_root(follow: Follow) -> bool:
    """Whether what follows a task has its root.

    Members of a group that no task sends have a root each, and what waits for them has that of the
    last one to end.
    """
    last = follow.chain[0].get("options") or {} if follow.chain else {}
    return not (follow.group or follow.chord or last.get("group_id") or last.get("chord"))


def names_in_turn(name: str, follow: Follow) -> list[str]:
    """The names of a task and of what follows it, for a canvas's name; like ones in a row once."""
    names = [name]
    for signature, _ in reversed(_after(follow)):
        for each in _names(signature):
            if each != names[-1]:
                names.append(each)
            if len(names) > LONGEST_NAME:
                return [*names[:LONGEST_NAME], "…"]
    return names


def _names(signature: Signature) -> Iterable[str]:
    if signature.get("subtask_type") not in _COMPOUND:
        return [str(signature.get("task"))]
    parts = parts_of(signature)
    if signature.get("subtask_type") == "group":
        parts = parts[:1]
    elif signature.get("subtask_type") == "chord":
        parts = [*parts[:-1][:1], *parts[-1:]]
    return [name for part in parts[:LONGEST_NAME] for name in _names(part)]
