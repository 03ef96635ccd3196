"""The sink for a server: batches by ``POST <url>/api/events``.

The wire format is in ``docs/reference/wire-format.md``. Writing is idempotent, so that whatever is
in doubt is sent again.
"""

import time
import zlib
from collections.abc import Sequence
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import msgspec

from everyrun.domain.errors import EventRejected, SinkUnavailable
from everyrun.domain.events import WIRE_VERSION, EncodedBatch, RecorderInfo, decode
from everyrun.tracking.settings import Settings
from everyrun.tracking.spool.layout import readable_url

if TYPE_CHECKING:
    import httpx

_TIMEOUT = 5.0
"""Seconds for each step of a request (R0.5)."""
_COMPRESS_FROM = 1024
_GZIP = 31
"""zlib's window size of 32 KiB, in gzip's envelope."""
_QUICK = 3
_EVENTS_ARE_WRONG = frozenset({400, 422})
_TOO_LARGE = 413
_NOT_LET_IN = frozenset({401, 403})

_encode = msgspec.msgpack.Encoder().encode


class HttpSink:
    """Writes to an Everyrun server."""

    def __init__(self, url: str, *, token: str | None = None) -> None:
        self._address = f"{url.rstrip('/')}/api/events"
        self._shown_address = readable_url(self._address)
        self._token = token
        self._client: httpx.Client | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> "HttpSink":
        """The sink of ``settings.url`` with ``settings.token``."""
        return cls(settings.url, token=settings.token)

    def write(self, recorder: RecorderInfo, events: Sequence[bytes]) -> None:
        """Post the events; in halves where the server finds them too many.

        Raises :class:`SinkUnavailable` and :class:`EventRejected` as ``Sink`` says. A beginning
        of the events may have been taken by then, which does no harm.
        """
        response = self._post(recorder, events)
        status = response.status_code
        if response.is_success:
            return
        if status == _TOO_LARGE or status in _EVENTS_ARE_WRONG:
            position, reason = _verdict(response)
            if 0 <= position < len(events):
                raise EventRejected(position, reason)
            _reject_unreadable(events)
            if len(events) == 1:
                raise EventRejected(0, reason)
            if events:
                self._write_in_halves(recorder, events)
                return
        raise self._unavailable(response)

    def close(self) -> None:
        """Close the connections; writing afterwards opens them anew."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _write_in_halves(self, recorder: RecorderInfo, events: Sequence[bytes]) -> None:
        middle = len(events) // 2
        self.write(recorder, events[:middle])
        try:
            self.write(recorder, events[middle:])
        except EventRejected as rejection:
            raise EventRejected(middle + rejection.position, rejection.reason) from rejection

    def _post(self, recorder: RecorderInfo, events: Sequence[bytes]) -> "httpx.Response":
        import httpx  # only where a server is recorded to: it takes a while to import

        raw = [msgspec.Raw(event) for event in events]
        body = _encode(EncodedBatch(version=WIRE_VERSION, recorder=recorder, events=raw))
        headers = {"Content-Type": "application/msgpack"}
        if len(body) > _COMPRESS_FROM:
            packer = zlib.compressobj(_QUICK, wbits=_GZIP)
            body = packer.compress(body) + packer.flush()
            headers["Content-Encoding"] = "gzip"
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            if self._client is None:
                # Whom to trust takes 50 ms to load, and without TLS there is nothing to verify.
                is_plain = self._address.lower().startswith("http://")
                self._client = httpx.Client(timeout=_TIMEOUT, verify=not is_plain)
            return self._client.post(self._address, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SinkUnavailable(
                f"{self._shown_address} cannot be reached: {str(error) or type(error).__name__}"
            ) from error

    def _unavailable(self, response: "httpx.Response") -> SinkUnavailable:
        """Anything that is not about the events themselves can be put right on the server."""
        status = response.status_code
        if status in _NOT_LET_IN:
            sentence = (
                f"{self._shown_address} does not accept the token (EVERYRUN_TOKEN)"
                if self._token
                else f"{self._shown_address} asks for a token: set EVERYRUN_TOKEN"
            )
        else:
            sentence = f"{self._shown_address} answered {status} {response.reason_phrase}"
        error = SinkUnavailable(sentence)
        error.retry_after = _asked_delay(response.headers.get("Retry-After"))
        return error


class _Verdict(msgspec.Struct):
    """What a server says of the event that it will never take."""

    position: int = -1
    reason: str = ""


def _verdict(response: "httpx.Response") -> tuple[int, str]:
    verdict = _Verdict()
    with suppress(msgspec.DecodeError):
        verdict = msgspec.json.decode(response.content, type=_Verdict)
    return verdict.position, verdict.reason or f"{response.status_code} {response.reason_phrase}"


def _reject_unreadable(events: Sequence[bytes]) -> None:
    """Find the event that made the whole body unreadable; the server cannot tell which it was."""
    for position, event in enumerate(events):
        try:
            decode(event)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise EventRejected(position, str(error)) from error


def _asked_delay(retry_after: str | None) -> float | None:
    """Seconds, from the header's seconds or date (RFC 9110, 10.2.3)."""
    if not retry_after:
        return None
    with suppress(ValueError):
        if retry_after.strip().isdecimal():
            return float(retry_after)
        return max(parsedate_to_datetime(retry_after).timestamp() - time.time(), 0.0)
    return None
