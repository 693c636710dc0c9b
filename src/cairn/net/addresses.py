"""Which IP addresses are the public internet: the only ones an unknown URL may lead us to.

Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890).  Our own table and not
`ipaddress.is_global`, whose answers change between patch releases of Python.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address

from cairn.core.errors import Malformed

_NOT_PUBLIC_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network; many stacks connect 0.0.0.0 to themselves
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT; cloud metadata of one provider
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # looks public, is a cloud provider's host agent
        "169.254.0.0/16",  # link-local; cloud metadata of most providers
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # IETF protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)

# All of IPv6 that is handed out to networks.  What lies outside needs no list of its own: loopback,
# unspecified, IPv4-mapped and -compatible, NAT64 (64:ff9b::/96, 64:ff9b:1::/48), discard, segment
# routing, unique local, link-local, site-local, multicast.
_GLOBAL_V6 = IPv6Network("2000::/3")
_NOT_PUBLIC_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # IETF protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 carries any IPv4 address, private ones too
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)


def is_public(address: str) -> bool:
    """Whether `address` is one host on the public internet.  Raises `Malformed` if it is none."""
    try:
        parsed = ip_address(address)
    except ValueError as err:
        raise Malformed(f"{address!r:.60} is not an IP address") from err
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _NOT_PUBLIC_V4)
    return parsed in _GLOBAL_V6 and not any(parsed in network for network in _NOT_PUBLIC_V6)
