"""What a node gives back: as it goes on record, and as it flows on to other nodes.

What flows is what is on record, restored, so that a run that is resumed sees what the first one
saw. Only where the record cannot say it all (cut, hidden, an object) does the live value flow, and
a later process that would need it is told so.
"""

from typing import Any, NamedTuple

from everyrun.domain.errors import EveryrunError
from everyrun.domain.payloads import Capturer, restore
from everyrun.domain.payloads.registering import MASK
from everyrun.domain.status import Status


class OutputGone(EveryrunError, LookupError):
    """This output was cut, hidden or an object, and the process that had it has ended."""

    status_code = 409


class Result(NamedTuple):
    """What is known of a settled node: for templates, and for the loop around it.

    ``gone`` says why the output cannot be had.
    """

    status: Status
    output: Any = None
    branch: str | None = None
    error_message: str | None = None
    gone: str | None = None


def flowing(capturer: Capturer, output: Any) -> tuple[Any, Any]:
    """A live output -> (what goes on record, what flows on)."""
    if output is None:
        return None, None
    plain = capturer.plain(output)
    restored = restore(plain)
    return plain, restored if _same(restored, output) else output


def from_record(key: str, plain: Any) -> tuple[Any, str | None]:
    """A recorded output -> (what flows on, None), or (None, why it cannot)."""
    restored = restore(plain)
    if _is_whole(restored):
        return restored, None
    return None, (
        f"the output of {key} is not whole on record (cut, hidden or an object) and the process "
        f"that had it has ended: rerun from {key}"
    )


def is_reusable(plain: Any) -> bool:
    """Whether another process can go on from a recorded output."""
    return _is_whole(restore(plain))


def own_copy(value: Any) -> Any:
    """The same value with containers of its own, so that no node changes another's."""
    kind = type(value)
    if kind is dict:
        return {key: own_copy(item) for key, item in value.items()}
    if kind is list:
        return [own_copy(item) for item in value]
    if kind is tuple:
        return tuple(own_copy(item) for item in value)
    return value.copy() if kind is set else value


def _same(restored: Any, live: Any) -> bool:
    try:
        return bool(restored == live) and type(restored) is type(live)
    except Exception:  # noqa: BLE001 - values of other people's classes compare as they like
        return False


def _is_whole(value: Any) -> bool:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if "$type" in each:
                return False
            waiting.extend(each.values())
        elif isinstance(each, list | tuple | set | frozenset):
            waiting.extend(each)
        elif isinstance(each, str) and each == MASK:
            return False
    return True
