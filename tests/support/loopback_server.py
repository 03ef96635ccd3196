"""A server on this machine that takes events as an Everyrun server does, or as it is told to."""

import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import msgspec

from everyrun.domain.errors import EventRejected
from everyrun.domain.events import WIRE_VERSION, EncodedBatch
from everyrun.testing.memory_sink import MemorySink

_GZIP = 31


class Request(NamedTuple):
    """What came in."""

    path: str
    headers: dict[str, str]
    size: int
    """Bytes of the body as it was sent."""
    events: list[bytes]


class Answer(NamedTuple):
    """What goes out."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


TAKEN = Answer(200, b'{"accepted": true}')


class LoopbackServer:
    """Answers as told, one answer a request, and takes events into ``ledger`` when told nothing."""

    def __init__(self, ledger: MemorySink) -> None:
        self.ledger = ledger
        self.answers: list[Answer | None] = []
        """What to answer next; None hangs up without a word."""
        self.most_events = 1_000_000
        """Batches with more events are too large."""
        self.requests: list[Request] = []
        self.url = ""

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Answer | None:
        """Take a request."""
        size = len(body)
        if headers.get("content-encoding") == "gzip":
            body = zlib.decompress(body, wbits=_GZIP)
        try:
            batch = msgspec.msgpack.decode(body, type=EncodedBatch)
        except msgspec.DecodeError:
            return Answer(400)
        assert batch.version == WIRE_VERSION
        events = [bytes(event) for event in batch.events]
        self.requests.append(Request(path, headers, size, events))
        if self.answers:
            return self.answers.pop(0)
        if len(events) > self.most_events:
            return Answer(413)
        try:
            self.ledger.write(batch.recorder, events)
        except EventRejected as rejection:
            verdict = {"position": rejection.position, "reason": rejection.reason}
            return Answer(422, msgspec.json.encode(verdict))
        return TAKEN


@contextmanager
def loopback_server(ledger: MemorySink) -> Iterator[LoopbackServer]:
    """Serve on a free port of this machine until the block ends."""
    told = LoopbackServer(ledger)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers["content-length"]))
            answer = told.answer(self.path, headers, body)
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
