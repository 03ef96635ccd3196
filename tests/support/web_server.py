"""A web server on this machine that answers as a test tells it, and keeps what it was asked."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Asked:
    """What came in. Names of headers are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """What goes out. ``breaks_off`` after that many bytes of the body; ``hangs`` says nothing."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    breaks_off: int | None = None
    hangs: bool = False


@dataclass
class WebServer:
    """``answer`` decides what to reply to a request."""

    answer: Callable[[Asked], Reply]
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)


@contextmanager
def web_server(
    answer: Callable[[Asked], Reply], address: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> Iterator[WebServer]:
    """Serve on a free port until the block ends."""
    told = WebServer(answer)
    server = ThreadingHTTPServer((address, 0), _handler_of(told))
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    scheme = "http" if tls is None else "https"
    told.url = f"{scheme}://{address}:{server.server_address[1]}"
    try:
        yield told
    finally:
        told.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _handler_of(told: WebServer) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        server_told = told

    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        setattr(Handler, f"do_{method}", Handler.take)
    return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20
    server_told: WebServer

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (ConnectionError, ssl.SSLError):  # the client has left
            self.close_connection = True

    def take(self) -> None:
        """Read a request and answer it as told."""
        told = self.server_told
        headers = {name.lower(): value for name, value in self.headers.items()}
        length = int(headers.get("content-length", 0))
        body = self.rfile.read(length) if length else self._chunks()
        asked = Asked(self.command, self.path, headers, body)
        told.asked.append(asked)
        reply = told.answer(asked)
        if reply.hangs:
            told.closing.wait(20)
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body[: reply.breaks_off])
        if reply.breaks_off is not None:
            self.close_connection = True

    def _chunks(self) -> bytes:
        if self.headers.get("transfer-encoding") != "chunked":
            return b""
        whole = b""
        while size := int(self.rfile.readline(), 16):
            whole += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return whole

    def log_message(self, *_: object) -> None:
        """Say nothing."""
