"""What the seeds wrap their answers in."""

from typing import Any

import msgspec


class Envelope(msgspec.Struct, kw_only=True):
    """``{success, message, data}``."""

    success: bool = True
    message: str
    data: Any = None


class Done(msgspec.Struct, kw_only=True):
    """What a deleting or ordering endpoint answers."""

    success: bool = True
    message: str
    data: dict[str, Any]
