"""Where a request came from, when proxies that are trusted pass it on."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import Scope

from everyrun.server.access.settings import listed

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
_MOST_HOPS = 32


def trusted_networks(text: str) -> tuple[Network, ...]:
    """The networks of a setting, whose form was checked."""
    return tuple(ip_network(each, strict=False) for each in listed(text))


def as_sent(scope: Scope, trusted: Sequence[Network]) -> Scope:
    """The request with the address and the scheme that it had before trusted proxies.

    Of ``X-Forwarded-For`` the last address counts that is no trusted proxy: what stands before it,
    the caller may have written.
    """
    client = scope.get("client")
    if not trusted or not client or not _is_trusted(_address(client[0]), trusted):
        return scope
    headers = Headers(scope=scope)
    changed = dict(scope)
    origin = _first_untrusted(headers.getlist("x-forwarded-for"), trusted)
    if origin is not None:
        changed["client"] = (str(origin), 0)
    schemes = [each.strip().lower() for each in headers.getlist("x-forwarded-proto")]
    if len(schemes) == 1 and schemes[0] in {"http", "https"}:
        changed["scheme"] = schemes[0]
    return changed


def _first_untrusted(fields: Sequence[str], trusted: Sequence[Network]) -> Address | None:
    hops = [hop for field in fields for hop in field.split(",")][-_MOST_HOPS:]
    found = None
    for hop in reversed(hops):
        address = _address(hop.strip())
        if address is None:
            break
        found = address
        if not _is_trusted(address, trusted):
            break
    return found


def _is_trusted(address: Address | None, trusted: Sequence[Network]) -> bool:
    return address is not None and any(address in network for network in trusted)


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return address if mapped is None else mapped
