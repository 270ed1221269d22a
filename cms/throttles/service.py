"""Let through or refuse: counters by limit and subject, keyed so that they can't be dodged."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from cms.core.errors import TooManyRequests
from cms.throttles.documents import Throttle

# A household or a server has a /64 of its own; single addresses of it cost nothing.
IPV6_PREFIX: Final = 64


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` in `seconds`; `name` stands in the RateLimit headers."""

    name: str
    most: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """A limit applied to somebody; what tells them apart is stored as a hash."""

    limit: Limit
    subject: str

    @property
    def key(self) -> str:
        digest = hashlib.sha256(self.subject.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{self.limit.name}:{digest}"


def network_of(address: str) -> str:
    """Who stands behind an address: itself, or the whole /64 of an IPv6 one."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found, IPV6_PREFIX), strict=False))


async def take(buckets: Sequence[Bucket], now: datetime) -> None:
    """Count one in each, in order; whoever is refused by one is not counted in those behind it.

    Raises:
        TooManyRequests: with when to come again.
    """
    for bucket in buckets:
        left = await _seconds_left(bucket, now)
        if left is not None:
            raise TooManyRequests(
                f"Too many attempts. Try again in {left} seconds.",
                headers=_headers(bucket.limit, left),
            )


async def fits(buckets: Sequence[Bucket], now: datetime) -> bool:
    """As `take`, for what is left undone without a word."""
    for bucket in buckets:
        if await _seconds_left(bucket, now) is not None:
            return False
    return True


async def give_back(buckets: Sequence[Bucket]) -> None:
    """What was counted turned out to be right."""
    for bucket in buckets:
        await Throttle.give_back(bucket.key)


async def _seconds_left(bucket: Bucket, now: datetime) -> int | None:
    """None when it fits, else how long to wait."""
    limit = bucket.limit
    counted = await Throttle.count_one(bucket.key, now, timedelta(seconds=limit.seconds))
    if counted.taken <= limit.most:
        return None
    return min(limit.seconds, max(1, math.ceil((counted.until - now).total_seconds())))


def _headers(limit: Limit, left: int) -> dict[str, str]:
    """As draft-ietf-httpapi-ratelimit-headers-10 writes them."""
    return {
        "Retry-After": str(left),
        "RateLimit-Policy": f'"{limit.name}";q={limit.most};w={limit.seconds}',
        "RateLimit": f'"{limit.name}";r=0;t={left}',
    }
