"""A body as it comes off the network, held to its bound while it comes."""

from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect

from everyrun.server.bodies.refusals import BodyTooLarge, RequestBroken


async def receive(chunks: AsyncIterator[bytes], declared: str | None, limit: int) -> bytes:
    """The whole body, at most ``limit`` bytes of it.

    ``declared`` is its Content-Length, which only spares the reading of what says itself that it
    is too large; what comes is counted all the same. Raises :class:`BodyTooLarge` and
    :class:`RequestBroken`.
    """
    if declared and declared.isdecimal() and int(declared[:20]) > limit:
        raise BodyTooLarge(f"the body has {declared[:20]} bytes; at most {limit} are taken")
    kept: list[bytes] = []
    size = 0
    try:
        async for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise BodyTooLarge(f"the body has more than the {limit} bytes that are taken")
            kept.append(chunk)
    except ClientDisconnect:
        raise RequestBroken from None
    return kept[0] if len(kept) == 1 else b"".join(kept)
