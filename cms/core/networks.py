"""Which addresses the CMS may connect to by itself: global unicast ones, however written."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address

UNICAST = IPv6Network("2000::/3")
MAPPED = IPv6Network("::ffff:0:0/96")
NAT64 = IPv6Network("64:ff9b::/96")
# `is_global` lets these through, in one Python or another. 6to4, Teredo and the like carry an
# IPv4 address inside; nobody publishes them any more, so they are refused whatever is in them.
REFUSED = [
    ip_network(text)
    for text in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # the machine's own host in Azure, at a public address
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
]
ISATAP = {0x0000_5EFE, 0x0200_5EFE}


def unwrapped(address: Address) -> Address:
    """The IPv4 address that a mapped or NAT64 one stands for (RFC 4291, 6052), else itself."""
    if isinstance(address, IPv6Address) and (address in MAPPED or address in NAT64):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def is_public(address: Address) -> bool:
    """Whether it is global unicast, seen as the address it leads to."""
    address = unwrapped(address)
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if any(address in network for network in REFUSED if network.version == address.version):
        return False
    if isinstance(address, IPv4Address):
        return True
    return address in UNICAST and (int(address) >> 32) & 0xFFFF_FFFF not in ISATAP


class Exemptions:
    """What the owner allows beyond that: networks, hosts, and hosts at one port."""

    def __init__(self, items: Iterable[str] = ()) -> None:
        self.networks: list[IPv4Network | IPv6Network] = []
        self.hosts: set[tuple[str, int | None]] = set()
        for item in items:
            try:
                self.networks.append(ip_network(item))
            except ValueError:
                host, _, port = item.rpartition(":") if ":" in item else (item, "", "")
                self.hosts.add((host.strip("[]"), int(port) if port else None))

    def __bool__(self) -> bool:
        return bool(self.networks or self.hosts)

    def name(self, host: str, port: int) -> bool:
        """Whether this host is exempt by its name, wherever that leads."""
        return (host, port) in self.hosts or (host, None) in self.hosts

    def hold(self, address: Address) -> bool:
        """Whether the address stands in an exempt network."""
        address = unwrapped(address)
        return any(address in net for net in self.networks if net.version == address.version)
