"""A body is held to its bound while it comes, whatever was said of its length."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.requests import ClientDisconnect

from everyrun.server.bodies import receive
from everyrun.server.bodies.refusals import BodyTooLarge, RequestBroken


class Sender:
    """Sends pieces of a body, and counts how many were asked for."""

    def __init__(self, pieces: list[bytes], *, hangs_up: bool = False) -> None:
        self._pieces = pieces
        self._hangs_up = hangs_up
        self.sent = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            self.sent += 1
            yield piece
        if self._hangs_up:
            raise ClientDisconnect


def take(sender: Sender, declared: str | None, limit: int) -> bytes:
    return asyncio.run(receive(aiter(sender), declared, limit))


@pytest.mark.parametrize("declared", [None, "6", "0", "2", "-1", "six"])
def test_a_body_within_its_bound_comes_whole_whatever_was_said(declared: str | None) -> None:
    assert b"abcdef" == take(Sender([b"abc", b"", b"def"]), declared, 6)


def test_reading_ends_once_the_bound_is_passed() -> None:
    sender = Sender([b"abc"] * 1_000)

    with pytest.raises(BodyTooLarge, match="more than the 6 bytes"):
        take(sender, "1", 6)

    assert 3 == sender.sent


@pytest.mark.parametrize("declared", ["7", "9" * 5_000])
def test_what_says_itself_that_it_is_too_large_is_not_read(declared: str) -> None:
    sender = Sender([b"abc"])

    with pytest.raises(BodyTooLarge, match="at most 6 are taken"):
        take(sender, declared, 6)

    assert 0 == sender.sent


def test_a_caller_who_hangs_up_is_no_fault_of_ours() -> None:
    with pytest.raises(RequestBroken):
        take(Sender([b"abc"], hangs_up=True), None, 6)
