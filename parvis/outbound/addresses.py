"""Which addresses are of the public Internet, however they are written."""

from ipaddress import IPv6Address, ip_address, ip_network

# Public as far as Python's tables go, and yet no place of the web: assignments of protocols, and ways through which a
# private address of version 4 is written as one of version 6 (6to4, Teredo, NAT64).
ASIDE = [
    ip_network(one)
    for one in (
        *("192.0.0.0/24", "192.88.99.0/24", "240.0.0.0/4"),
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "64:ff9b::/96", "64:ff9b:1::/48"),
    )
]
GLOBAL_UNICAST = ip_network("2000::/3")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public Internet."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if any(found in network for network in ASIDE if network.version == found.version):
        return False
    if isinstance(found, IPv6Address) and found not in GLOBAL_UNICAST:
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)
