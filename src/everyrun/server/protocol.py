"""What is said to a request that cannot be read: a problem, as to any other."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from everyrun.domain.errors import EveryrunError
from everyrun.server.problems import problem_response

_STATUS_LINE = b"HTTP/1.1 400 Bad Request\r\n"


class UnreadableRequest(EveryrunError):
    """This cannot be read as a request of HTTP/1.1, or its address is too long."""

    status_code = 400


class Protocol(HttpToolsProtocol):
    """Uvicorn's, whose own answer is a line of plain text."""

    def send_400_response(self, msg: str) -> None:
        """Tell what is wrong and close the connection; what else it sends has no beginning."""
        response = problem_response(UnreadableRequest(msg))
        headers = [*response.raw_headers, (b"connection", b"close")]
        lines = [name + b": " + value + b"\r\n" for name, value in headers]
        self.transport.write(b"".join([_STATUS_LINE, *lines, b"\r\n", response.body]))
        self.transport.close()
