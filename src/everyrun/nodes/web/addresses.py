"""Which addresses belong to everybody's internet, by the registries of special addresses.

RFC 6890 and what has been added to its registries since. Whatever is not surely public is private:
this machine, its network, its cloud's metadata service, multicast, and what is reserved.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_RELAYS_6TO4 = IPv4Network("192.88.99.0/24")
_DOCUMENTATION = IPv6Network("3fff::/20")


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet. A zone (``%eth0``) makes it local."""
    parsed = ip_address(address)
    if isinstance(parsed, IPv4Address):
        return _is_public_v4(parsed)
    return _is_public_v6(parsed)


def _is_public_v4(address: IPv4Address) -> bool:
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and address not in _RELAYS_6TO4
    )


def _is_public_v6(address: IPv6Address) -> bool:
    if address.scope_id is not None:
        return False
    inner = address.ipv4_mapped or address.sixtofour
    if address in _NAT64:
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is not None:
        return _is_public_v4(inner)
    return address in _GLOBAL_UNICAST and address.is_global and address not in _DOCUMENTATION
