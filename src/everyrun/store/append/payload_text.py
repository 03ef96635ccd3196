"""Plain JSON values as the text that the ledger stores."""

from typing import Any

import msgspec

from everyrun.store.append.joining import ExecutionState, NodeState

_encode = msgspec.json.Encoder().encode


def payload_text(value: Any) -> str | None:
    """The JSON text of a plain value, None for None.

    NUL cannot lie in ``jsonb``; what arrives with one (never from our own recorder) is escaped.
    """
    if value is None:
        return None
    text = _encode(value).decode()
    if "\\u0000" in text:
        text = _encode(_without_nul(value)).decode()
    return text


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
