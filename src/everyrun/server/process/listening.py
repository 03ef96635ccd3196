"""The socket that a server listens on."""

import errno
import socket

from everyrun.domain.errors import EveryrunError

_BACKLOG = 2_048


class PortInUse(EveryrunError):
    """Another program listens there already; stop it, or take another port."""

    status_code = 409


class CannotListen(EveryrunError, ValueError):
    """Nothing can listen at this address."""

    status_code = 400


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes one that is free.

    Raises :class:`PortInUse` and :class:`CannotListen`.
    """
    place = f"{host}:{port}"
    try:
        found = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_NUMERICSERV
        )
        family, kind, protocol, _name, address = found[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotListen(f"cannot listen on {place}: {error.strerror or error}") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(
                f"another program listens on {place} already; stop it, or take another --port"
            ) from None
        raise CannotListen(f"cannot listen on {place}: {error.strerror or error}") from None
    return listener


def address_of(listener: socket.socket, host: str) -> str:
    """Where a browser of this machine finds what listens: ``http://127.0.0.1:8321``."""
    port = listener.getsockname()[1]
    if host in {"", "0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
