"""The names that this server goes by: whoever calls it by another was led here (DNS rebinding)."""

import re
import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

from everyrun.server.access.settings import AccessSettings, listed

_HOST = re.compile(r"(\[[0-9a-f:.%]{2,60}\]|[a-z0-9_.-]{1,253})(?::[0-9]{1,5})?", re.ASCII)
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class KnownHosts:
    """Judges the Host of requests to a server that listens on ``bound``."""

    def __init__(self, bound: str, settings: AccessSettings) -> None:
        wanted = [each.lower().rstrip(".") for each in listed(settings.allowed_hosts)]
        self._any = "*" in wanted
        self._below = tuple(each[1:] for each in wanted if each.startswith("*."))
        self._names = _LOOPBACK_NAMES | set(wanted)
        if settings.public_url:
            self._names |= {urlsplit(settings.public_url).hostname or ""}
        self._is_local = is_loopback(bound)
        if not self._is_local:
            self._names |= {bound.lower(), socket.gethostname().lower()}

    def knows(self, host: str) -> bool:
        """Whether a Host header names this server.

        An address cannot be rebound, so where the server listens for others any will do.
        """
        name = host_name(host)
        if name is None:
            return False
        if self._any or name in self._names:
            return True
        if any(name.endswith(ending) and name != ending for ending in self._below):
            return True
        try:
            ip_address(name)
        except ValueError:
            return False
        return not self._is_local or is_loopback(name)


def host_name(host: str) -> str | None:
    """The name in a Host header, without its port; None where it is none."""
    found = _HOST.fullmatch(host.lower())
    return None if found is None else found[1].strip("[]").rstrip(".")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens on ``host``."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
