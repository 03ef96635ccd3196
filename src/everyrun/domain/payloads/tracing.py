"""An exception's traceback as text: with its causes, groups and notes, without our own frames.

What is shown is what Python itself would print. Frames of Everyrun's wrappers are left out, for
they say nothing of the user's program. Of a very deep stack only both ends are read, so that a
``RecursionError`` costs hardly more than another error.
"""

import traceback
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

from everyrun.domain.payloads.naming import class_name

_PACKAGE = Path(__file__).parents[2]
OWN_DIRECTORIES = tuple(f"{_PACKAGE / room}/" for room in ("tracking", "integrations"))
"""Where the wrappers live whose frames are not shown."""

_END_FRAMES = 50
_MOST_FRAMES = 2 * _END_FRAMES
_MOST_EXCEPTIONS = 64
_MOST_PLAIN = 32
_LONGEST_PLAIN_MESSAGE = 2000


class _BothEnds(traceback.StackSummary):
    """The first and the last frames of a deep stack."""

    left_out = 0

    def format(self, **options: Any) -> list[str]:
        first, last = self[:_END_FRAMES], self[_END_FRAMES:]
        return [
            *traceback.StackSummary.from_list(first).format(**options),
            f"  … {self.left_out:,} frames left out …\n",
            *traceback.StackSummary.from_list(last).format(**options),
        ]


def trace(error: BaseException) -> Iterator[tuple[str, bool]]:
    """The traceback's text in pieces, each with whether it shows lines of a program."""
    try:
        pieces = list(_fully(error))
    except Exception:  # noqa: BLE001 - a hostile exception must not hide that there was one
        pieces = list(_plainly(error))
    for piece in pieces:
        yield piece, piece.lstrip(" |+").startswith('File "')


def message_of(error: BaseException) -> str:
    """``str(error)``, which is the user's code and may fail."""
    try:
        return str(error)
    except Exception as problem:  # noqa: BLE001 - said in the message's place
        return f"<str() of this {class_name(type(error))} raised {class_name(type(problem))}>"


def _fully(error: BaseException) -> Iterator[str]:
    deepest = _deepest_of(error)
    if deepest is None:
        yield from _plainly(error)
        return
    if deepest <= _MOST_FRAMES:
        whole = traceback.TracebackException(type(error), error, error.__traceback__)
    else:
        whole = _without_middles(error)
    for part, _ in _parts(whole, error):
        part.stack[:] = [frame for frame in part.stack if not _is_own(frame)] or part.stack[:]
    yield from whole.format()


def _without_middles(error: BaseException) -> traceback.TracebackException:
    kind, last_frames = type(error), _last_frames(error.__traceback__)
    whole = traceback.TracebackException(kind, error, error.__traceback__, limit=_END_FRAMES)
    ends = traceback.TracebackException(kind, error, last_frames, limit=-_END_FRAMES)
    pairs = zip(_parts(whole, error), _parts(ends, error), strict=True)
    for (part, of), (end, _) in pairs:
        depth = _depth_of(of.__traceback__)
        if depth > _MOST_FRAMES:
            both = _BothEnds([*part.stack, *end.stack])
            both.left_out = depth - _MOST_FRAMES
            part.stack = both
        elif depth > _END_FRAMES:
            part.stack.extend(end.stack[_MOST_FRAMES - depth :])
    return whole


def _parts(
    whole: traceback.TracebackException, error: BaseException
) -> Iterator[tuple[traceback.TracebackException, BaseException]]:
    waiting = [(whole, error)]
    while waiting:
        part, of = waiting.pop()
        yield part, of
        if part.__cause__ is not None and of.__cause__ is not None:
            waiting.append((part.__cause__, of.__cause__))
        if part.__context__ is not None and of.__context__ is not None:
            waiting.append((part.__context__, of.__context__))
        if part.exceptions and isinstance(of, BaseExceptionGroup):
            waiting.extend(zip(part.exceptions, of.exceptions, strict=True))


def _deepest_of(error: BaseException) -> int | None:
    """Frames of the deepest stack of the exceptions involved; None when these are too many."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    deepest = 0
    while waiting:
        current = waiting.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        if len(seen) > _MOST_EXCEPTIONS:
            return None
        deepest = max(deepest, _depth_of(current.__traceback__))
        waiting += (current.__cause__, current.__context__)
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions
    return deepest


def _depth_of(tb: TracebackType | None) -> int:
    depth = 0
    while tb is not None:
        depth += 1
        tb = tb.tb_next
    return depth


def _last_frames(tb: TracebackType | None) -> TracebackType | None:
    for _ in range(_depth_of(tb) - _END_FRAMES):
        tb = tb.tb_next if tb is not None else None
    return tb


def _is_own(frame: traceback.FrameSummary) -> bool:
    return frame.filename.startswith(OWN_DIRECTORIES)


def _plainly(error: BaseException) -> Iterator[str]:
    """A shorter account, for what Python's own cannot tell: endless chains, hostile exceptions."""
    chain = list(islice(_chain_of(error), _MOST_PLAIN))
    for current in reversed(chain):
        frames = list(_frames_at_both_ends(current.__traceback__))
        if frames:
            yield "Traceback (most recent call last):\n"
            yield from traceback.StackSummary.extract(iter(frames)).format()
        yield f"{class_name(type(current))}: {message_of(current)[:_LONGEST_PLAIN_MESSAGE]}\n"
        if current is not error:
            yield "\nAfter this exception came another:\n\n"
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions[:_MOST_PLAIN]:
            yield f"  {class_name(type(member))}: {message_of(member)[:_LONGEST_PLAIN_MESSAGE]}\n"


def _chain_of(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        context = None if current.__suppress_context__ else current.__context__
        current = current.__cause__ or context


def _frames_at_both_ends(tb: TracebackType | None) -> Iterator[tuple[Any, int]]:
    frames = traceback.walk_tb(tb)
    yield from islice(frames, _END_FRAMES)
    yield from deque(frames, maxlen=_END_FRAMES)
