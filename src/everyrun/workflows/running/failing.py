"""How an attempt that did not succeed is told."""

from typing import Any, NamedTuple

from everyrun.domain.payloads import CapturedError, Capturer
from everyrun.nodes.base import NodeFailed


class Failure(NamedTuple):
    """A node did not do its work. ``names`` are its error's classes', for retry policies."""

    error: CapturedError
    names: frozenset[str] = frozenset()
    plain: Any = None


def failure_of(error: BaseException, capturer: Capturer, output_limit: int) -> Failure:
    """An exception as an outcome. What the exception holds on to is let go."""
    captured = capturer.error(error)
    names = {name for kind in type(error).__mro__ for name in _names(kind)}
    plain = None
    if isinstance(error, NodeFailed):
        captured = CapturedError(captured.type, captured.message, "")
        if error.output is not None:
            plain = Capturer(output_limit, capturer.redactor).plain(error.output)
    return Failure(captured, frozenset(names), plain)


def _names(kind: type) -> tuple[str, str]:
    return kind.__name__, f"{kind.__module__}.{kind.__qualname__}"
