"""What is said to a request that cannot be read: a problem, as to any other."""

from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from everyrun.domain.errors import EveryrunError
from everyrun.server.problems import problem_response

LONGEST_HEAD = 64 << 10
"""Bytes that are no part of a body, in a row: a first line and headers, beyond the piece in which
they begin; trailers; what chunks say beside their size."""
_AROUND_A_CHUNK = 16
"""Bytes, amply: its size and two ends of lines."""
_LINGERING_SECONDS = 1.0


class UnreadableRequest(EveryrunError):
    """This cannot be read as a request of HTTP/1.1, or its address is too long."""

    status_code = 400


class HeadersTooLarge(EveryrunError):
    """The headers are longer than is taken."""

    status_code = 431


class Protocol(HttpToolsProtocol):
    """Uvicorn's, whose own answer is a line of plain text, and which reads headers without end."""

    _beside_bodies = 0
    _is_refused = False

    def data_received(self, data: bytes) -> None:
        """Read on, unless headers or trailers do not come to their end."""
        if self._is_refused:
            return
        self._beside_bodies += len(data)
        super().data_received(data)
        if self._beside_bodies > LONGEST_HEAD:
            self._refuse(HeadersTooLarge(f"at most {LONGEST_HEAD} bytes are taken"))

    def on_message_begin(self) -> None:
        """The next request's headers come."""
        super().on_message_begin()
        self._beside_bodies = 0

    def on_headers_complete(self) -> None:
        """What comes now is its body."""
        self._beside_bodies = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of it."""
        self._beside_bodies = max(0, self._beside_bodies - len(body) - _AROUND_A_CHUNK)
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        """Tell what is wrong and close the connection; what else it sends has no beginning."""
        self._refuse(UnreadableRequest(msg))

    def _refuse(self, error: EveryrunError) -> None:
        response = problem_response(error)
        status = f"HTTP/1.1 {response.status_code} {HTTPStatus(response.status_code).phrase}\r\n"
        headers = [*response.raw_headers, (b"connection", b"close")]
        lines = [name + b": " + value + b"\r\n" for name, value in headers]
        self.transport.write(b"".join([status.encode(), *lines, b"\r\n", response.body]))
        self.transport.write_eof()
        # Closed at once, with something unread, the connection would be reset and the answer lost.
        self._is_refused = True
        self.loop.call_later(_LINGERING_SECONDS, self.transport.close)
