"""Sending one message to one service, by apprise, and saying why it did not arrive."""

import re
from typing import TYPE_CHECKING

import apprise

from everyrun.domain.payloads import Redactor
from everyrun.nodes.base import BadParameters

if TYPE_CHECKING:
    from everyrun.nodes.notify import Notify

_PIECE = re.compile(r"[^/:@?&=#,]{6,}")
_HOST = re.compile(r"(\d{1,3}\.){3}\d{1,3}|([a-z0-9-]+\.)+[a-z]{2,}")
_MASK = "***"


class Service:
    """A target. Raises :class:`BadParameters` for a URL of no service, without showing it."""

    def __init__(self, number: int, target: str) -> None:
        self.number = number
        self._target = target
        self._sender = apprise.Apprise()
        scheme = target.partition("://")[0]
        if not self._sender.add(target):
            raise BadParameters(f"targets: target {number}, {scheme}://…, is no URL of a service")
        self.name = str(self._sender[0].service_name)

    def send(self, message: "Notify", files: list[str]) -> str | None:
        """Send it; why it failed, or None."""
        result = self._sender.notify(
            body=message.body,
            title=message.title,
            body_format=message.format,
            attach=files or None,
            timeout=message.timeout,
        )
        if result:
            return None
        said = [entry.message for entry in result.logs()]
        return self._without_secrets(said[-1] if said else result.status.name.lower())

    def _without_secrets(self, text: str) -> str:
        """A sentence without anything of the target's URL but the name of a server."""
        pieces = [piece for piece in _PIECE.findall(self._target) if not _HOST.fullmatch(piece)]
        for piece in sorted(pieces, key=len, reverse=True):
            text = text.replace(piece, _MASK)
        return Redactor().text(text)
