"""Canvases of every kind, with failures, retries and revokes at every place."""

# ruff: noqa: PLW0108 - one form for all of them
from collections.abc import Callable
from typing import Any

from celery import chain, chord, group

from tests.support.celery_application import (
    add,
    countdown,
    fail,
    flaky,
    forgotten,
    grow,
    ignored,
    note,
    nothing,
    rejected,
    replaced,
    slow,
    spawn,
    stubborn,
    talk,
    total,
    untracked,
)

Canvas = Callable[[], Any]


def _stamped() -> Any:
    signature = chain(add.s(1), add.s(2))
    signature.stamp(order="A-17")
    return signature


def _linked() -> Any:
    signature = add.s(1)
    for callback in (note.s(), add.s(1), add.s(2)):
        signature.link(callback)
    return signature


CANVASES: dict[str, Canvas] = {
    "one task": lambda: add.s(1),
    "one task that fails": lambda: fail.s(),
    "one task that retries": lambda: flaky.s(1, 2),
    "one task that retries in vain": lambda: stubborn.s(),
    "one task out of time": lambda: slow.s(),
    "one task ignored": lambda: ignored.s(),
    "one task rejected": lambda: rejected.s(),
    "one task without a result": lambda: forgotten.s(),
    "one task later": lambda: add.s(1).set(countdown=0.5),
    "one task that expired": lambda: add.s(1).set(expires=-5),
    "one task that logs": lambda: talk.s(),
    "one task with a link": lambda: add.s(1).set(link=note.s()),
    "one task with an errback": lambda: fail.s().set(link_error=note.si()),
    "one task with three links": _linked,
    "chain": lambda: chain(add.s(1), add.s(2), add.s(3)),
    "chain of ten": lambda: chain(add.s(1), *[add.s(n) for n in range(9)]),
    "chain of immutables": lambda: chain(nothing.si(), nothing.si()),
    "chain that fails first": lambda: chain(fail.s(), add.s(2), add.s(3)),
    "chain that fails in the middle": lambda: chain(add.s(1), fail.s(), add.s(3)),
    "chain that fails last": lambda: chain(add.s(1), add.s(2), fail.s()),
    "chain that retries first": lambda: chain(flaky.s(1), add.s(2)),
    "chain that retries in the middle": lambda: chain(add.s(1), flaky.s(2), add.s(1)),
    "chain that retries in vain": lambda: chain(add.s(1), stubborn.s(), add.s(1)),
    "chain that ignores": lambda: chain(add.s(1), ignored.s(), add.s(1)),
    "chain with a rejection": lambda: chain(add.s(1), rejected.s(), add.s(1)),
    "chain with an expired step": lambda: chain(add.s(1), add.s(1).set(expires=-5), add.s(1)),
    "chain with an errback": lambda: chain(add.s(1), fail.s(), add.s(1)).on_error(note.si()),
    "chain with a link": lambda: chain(add.s(1), add.s(2)).set(link=note.s()),
    "chain with an untracked step": lambda: chain(add.s(1), untracked.s(), add.s(1)),
    "chain without results": lambda: chain(forgotten.si(), forgotten.si()),
    "chain with stamps": _stamped,
    "chain of chains": lambda: chain(chain(add.s(1), add.s(2)), chain(add.s(3), add.s(4))),
    "group": lambda: group(add.s(n) for n in range(5)),
    "group of one": lambda: group(add.s(1)),
    "group with a failure": lambda: group(add.s(1), fail.s(), add.s(2)),
    "group with a retry": lambda: group(add.s(1), flaky.s(1, 2)),
    "group of chains": lambda: group(chain(add.s(n), add.s(1)) for n in range(3)),
    "group of chains with a failure": lambda: group(
        chain(add.s(1), add.s(1)), chain(fail.s(), add.s(1))
    ),
    "group in a group": lambda: group(add.s(1), group(add.s(2), add.s(3))),
    "chord": lambda: chord([add.s(n) for n in range(4)], total.s()),
    "chord of one": lambda: chord([add.s(1)], total.s()),
    "chord with a failing member": lambda: chord([add.s(1), fail.s(), add.s(2)], total.s()),
    "chord with two failing members": lambda: chord([fail.s(), fail.s(), add.s(2)], total.s()),
    "chord with a failing body": lambda: chord([add.s(1), add.s(2)], fail.s()),
    "chord with a retried member": lambda: chord([add.s(1), flaky.s(1)], total.s()),
    "chord with a retried body": lambda: chord([add.s(1), add.s(2)], flaky.si(3)),
    "chord with a member in vain": lambda: chord([add.s(1), stubborn.s()], total.s()),
    "chord with an expired member": lambda: chord([add.s(1), add.s(2).set(expires=-5)], total.s()),
    "chord with an errback": lambda: chord([add.s(1), fail.s()], total.s().on_error(note.si())),
    "chord with a link": lambda: chord([add.s(1), add.s(2)], total.s().set(link=note.s())),
    "chord that grows": lambda: chord([grow.s(1), add.s(2)], total.s()),
    "chord of chains": lambda: chord(
        [chain(add.s(1), add.s(2)), chain(add.s(3), add.s(4))], total.s()
    ),
    "chord of chains with a failure": lambda: chord(
        [chain(add.s(1), fail.s(), add.s(1)), add.s(3)], total.s()
    ),
    "chord with a chain as body": lambda: chord(
        [add.s(1), add.s(2)], chain(total.s(), add.s(1), add.s(2))
    ),
    "chord with a chain as body that fails": lambda: chord(
        [add.s(1), add.s(2)], chain(total.s(), fail.s(), add.s(2))
    ),
    "chord whose failure ends a chain as body": lambda: chord(
        [fail.s(), add.s(2)], chain(total.s(), add.s(1), add.s(2))
    ),
    "chord with a group as body": lambda: chord([add.s(1), add.s(2)], group(total.s(), total.s())),
    "chord of chords": lambda: chord([chord([add.s(1), add.s(2)], total.s()), add.s(3)], total.s()),
    "chord of chords with a failure inside": lambda: chord(
        [chord([add.s(1), fail.s()], total.s()), add.s(3)], total.s()
    ),
    "group then a task": lambda: group(add.s(1), add.s(2)) | total.s(),
    "task then a group": lambda: chain(add.s(1), group(add.s(1), add.s(2))),
    "task then a group then a task": lambda: chain(add.s(1), group(add.s(1), add.s(2)), total.s()),
    "task, group, task, task": lambda: chain(
        add.s(1), group(add.s(1), add.s(2)), total.s(), add.s(5)
    ),
    "task that fails before a group": lambda: chain(fail.s(), group(add.s(1), add.s(2)), total.s()),
    "group that fails in a chain": lambda: chain(
        add.s(1), group(add.s(1), fail.s()), total.s(), add.s(1)
    ),
    "two groups in a row": lambda: chain(
        group(add.s(1), add.s(2)), total.s(), group(add.s(3), add.s(4)), total.s()
    ),
    "three deep": lambda: chain(
        add.s(1),
        group(chain(add.s(1), group(add.s(1), add.s(2)), total.s()), add.s(3)),
        total.s(),
    ),
    "three deep with a failure": lambda: chain(
        add.s(1),
        group(chain(add.s(1), group(add.s(1), fail.s()), total.s()), add.s(3)),
        total.s(),
    ),
    "three deep with a retry": lambda: chain(
        add.s(1),
        group(chain(add.s(1), group(flaky.s(), add.s(2)), total.s()), add.s(3)),
        total.s(),
    ),
    "group of chords": lambda: group(
        chord([add.s(1), add.s(2)], total.s()), chord([add.s(3), fail.s()], total.s())
    ),
    "map": lambda: total.map([[1, 2], [3, 4]]),
    "starmap": lambda: add.starmap([(1, 2), (3, 4)]),
    "starmap that fails": lambda: add.starmap([(1, 2), ("a", 4)]),
    "chunks": lambda: add.chunks([(n, n) for n in range(9)], 4),
    "chunks then a task": lambda: add.chunks([(n, n) for n in range(9)], 4).group() | nothing.s(),
    "map in a chain": lambda: chain(nothing.si(), add.starmap([(1, 2)]), total.s()),
    "replaced by a task": lambda: replaced.s(1, "add"),
    "replaced by a chain": lambda: replaced.s(1, "chain"),
    "replaced by a group": lambda: replaced.s(1, "group"),
    "replaced by a failure": lambda: replaced.s(1, "fail"),
    "replaced by itself": lambda: countdown.s(2),
    "chain with a replaced step": lambda: chain(add.s(1), replaced.s("chain"), add.s(1)),
    "chain with a replaced step that fails": lambda: chain(replaced.si(1, "fail"), add.s(1)),
    "chord with a replaced member": lambda: chord([replaced.s(1, "chain"), add.s(2)], total.s()),
    "chord with a replaced body": lambda: chord([add.s(1), add.s(2)], replaced.si(1, "group")),
    "tasks from a task": spawn.s,
    "tasks from a step": lambda: chain(add.s(1), spawn.s(), add.s(1)),
    "tasks from a member": lambda: chord([spawn.s(), add.s(1)], total.s()),
}
"""Name -> what makes a new one."""

REVOKED: dict[str, tuple[Canvas, int]] = {
    "one task revoked": (lambda: add.s(1), 0),
    "chain revoked first": (lambda: chain(add.s(1), add.s(2), add.s(3)), 0),
    "chain revoked in the middle": (lambda: chain(add.s(1), add.s(2), add.s(3)), 1),
    "chain revoked last": (lambda: chain(add.s(1), add.s(2), add.s(3)), 2),
    "group with a revoked member": (lambda: group(add.s(1), add.s(2), add.s(3)), 1),
    "chord with a revoked member": (lambda: chord([add.s(1), add.s(2)], total.s()), 1),
    "chord with a revoked body": (lambda: chord([add.s(1), add.s(2)], total.s()), 2),
}
"""Name -> a canvas, and which of its tasks (in order) is revoked before it is sent."""
