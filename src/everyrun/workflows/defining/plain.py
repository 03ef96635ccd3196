"""Whether a value that came as Python objects is what a YAML or JSON text could say."""

from math import isfinite
from typing import Any

from everyrun.workflows.defining.gathering import DEEPEST, MOST_VALUES
from everyrun.workflows.problems import Code, Findings, Path

_LARGEST = 1 << 63


def note_what_is_not_plain(value: Any, findings: Findings) -> None:
    """Note what is not plain JSON, what no ledger could keep, and what has no end."""
    waiting: list[tuple[Any, Path]] = [(value, ())]
    count = 0
    while waiting:
        inner, path = waiting.pop()
        count += 1
        if count > MOST_VALUES:
            findings.add(Code.TOO_LARGE, f"this has more than {MOST_VALUES:,} values", ())
            return
        if len(path) > DEEPEST:
            message = f"this is nested more than {DEEPEST} levels deep"
            findings.add(Code.TOO_DEEP, message, path[:3])
            return
        if isinstance(inner, list):
            waiting += [(item, (*path, index)) for index, item in enumerate(inner)]
        elif isinstance(inner, dict):
            waiting += [(item, (*path, _key(key, path, findings))) for key, item in inner.items()]
        else:
            _judge(inner, path, findings)


def _key(key: Any, path: Path, findings: Findings) -> str:
    if isinstance(key, str):
        _judge(key, path, findings)
    else:
        findings.add(Code.WRONG_TYPE, f"a key must be text, not {key!r:.40}", path)
    return str(key)


def _judge(value: Any, path: Path, findings: Findings) -> None:
    complaint = None
    if isinstance(value, str):
        complaint = _unstorable_text(value)
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int):
        if not -_LARGEST <= value < _LARGEST:
            complaint = "a number must fit into 64 bits"
    elif isinstance(value, float):
        if not isfinite(value):
            complaint = f"{value} is no number that JSON has"
    else:
        message = f"a definition holds plain values, not a {type(value).__name__}"
        findings.add(Code.WRONG_TYPE, message, path)
    if complaint is not None:
        findings.add(Code.NOT_STORABLE, complaint, path)


def _unstorable_text(text: str) -> str | None:
    if "\0" in text:
        return "text cannot hold the character NUL"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "text cannot hold half of a surrogate pair"
    return None
