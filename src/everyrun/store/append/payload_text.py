"""Plain JSON values as the text that the ledger stores."""

from typing import Any

import msgspec

from everyrun.domain.nesting import is_nested_deeper
from everyrun.store.append.joining import ExecutionState, NodeState

DEEPEST = 256
"""How deep lists and objects may lie in each other. A recorder's own are cut at half of that;
twice as much would break whoever reads them."""

_encode = msgspec.json.Encoder().encode


class UnwritablePayload(ValueError):
    """A payload that no reader could take."""


def payload_text(value: Any) -> str | None:
    """The JSON text of a plain value, None for None.

    NUL cannot lie in ``jsonb``; what arrives with one (never from our own recorder) is escaped.
    Raises :class:`UnwritablePayload` for what is no JSON, or nested deeper than ``DEEPEST``.
    """
    if value is None:
        return None
    try:
        text = _encode(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise UnwritablePayload(f"a payload is no JSON: {error}") from None
    if b"\\u0000" in text:
        text = _encode(_without_nul(value))
    if is_nested_deeper(text, DEEPEST):
        raise UnwritablePayload(f"a payload is nested more than {DEEPEST} deep")
    return text.decode()


def new_payloads(state: ExecutionState | NodeState) -> list[tuple[str, str | None]]:
    """The payload columns that a batch brings something new for, with their text.

    What lies in them is never read for this, as payloads can be large.
    """
    columns: list[tuple[str, str | None]] = []
    if state.input is not None:
        columns.append(("input_data", payload_text(state.input)))
    if state.current.outcome_is_new:
        columns.append(("output_data", payload_text(state.current.output)))
    return columns


def storable_text(text: str | None) -> str | None:
    """Text without NUL, which PostgreSQL refuses."""
    return text.replace("\0", "\\x00") if text and "\0" in text else text


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\\x00")
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    return value
