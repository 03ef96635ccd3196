"""MessagePack bodies.

msgspec makes no room for what a length only claims, so that a list said to have 2^32 entries is
refused once its entries do not come.
"""

from typing import Any

import msgspec

from everyrun.server.bodies.refusals import InvalidBody, InvalidMessagePack


def decode_messagepack(body: bytes, type_: Any) -> Any:
    """A MessagePack body as ``type_``.

    Raises :class:`InvalidMessagePack` and, for right MessagePack that says something wrong,
    :class:`InvalidBody` with the place.
    """
    if not body:
        raise InvalidMessagePack("the body is empty")
    try:
        return msgspec.msgpack.decode(body, type=type_)
    except RecursionError:
        raise InvalidBody("lists and maps lie too deep in each other") from None
    except msgspec.ValidationError as error:
        raise InvalidBody.of(error) from None
    except UnicodeDecodeError as error:
        raise InvalidMessagePack(f"a text is not UTF-8: {error.reason}") from None
    except (msgspec.DecodeError, MemoryError) as error:
        raise InvalidMessagePack(
            str(error).removeprefix("MessagePack data is malformed: ") or "it claims too much"
        ) from None
