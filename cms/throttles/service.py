"""Let through or refuse: counters by limit and subject, keyed so that they can't be dodged."""

import hashlib
import math
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from cms.core.errors import TooManyRequests
from cms.throttles.documents import Throttle

# A household or a server has a /64 of its own; single addresses of it cost nothing.
IPV6_PREFIX: Final = 64


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` in `seconds`; `name` stands in the RateLimit headers.

    What is counted of `others`, too, is told to nobody before it refuses: whoever knocks would
    learn how often others do.
    """

    name: str
    most: int
    seconds: int
    others: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How often one may still come, and in how many seconds the count begins again."""

    limit: Limit
    left: int
    ends_in: int


# What the request at hand was counted in, by key; None where nobody wants to be told.
standings: ContextVar[dict[str, Standing] | None] = ContextVar("standings", default=None)


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
        standing = await _count(bucket, now)
        if standing.left < 0:
            wait = standing.ends_in
            raise TooManyRequests(
                f"Too many attempts. Try again in {wait} seconds.",
                headers={"Retry-After": str(wait), **headers([Standing(bucket.limit, 0, wait)])},
            )
        _tell(bucket, standing)


async def fits(buckets: Sequence[Bucket], now: datetime) -> bool:
    """As `take`, for what is left undone without a word."""
    for bucket in buckets:
        if (await _count(bucket, now)).left < 0:
            return False
    return True


async def give_back(buckets: Sequence[Bucket]) -> None:
    """What was counted turned out to be right."""
    told = standings.get() or {}
    for bucket in buckets:
        await Throttle.give_back(bucket.key)
        if bucket.key in told:
            standing = told[bucket.key]
            told[bucket.key] = replace(standing, left=standing.left + 1)


def headers(told: Sequence[Standing]) -> dict[str, str]:
    """As draft-ietf-httpapi-ratelimit-headers-10 writes them: lists of RFC 9651."""
    policies = (f'"{one.limit.name}";q={one.limit.most};w={one.limit.seconds}' for one in told)
    rest = (f'"{one.limit.name}";r={one.left};t={one.ends_in}' for one in told)
    return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(rest)}


async def _count(bucket: Bucket, now: datetime) -> Standing:
    """Count one; what is left is negative when it does not fit."""
    limit = bucket.limit
    counted = await Throttle.count_one(bucket.key, now, timedelta(seconds=limit.seconds))
    ends_in = min(limit.seconds, max(1, math.ceil((counted.until - now).total_seconds())))
    return Standing(limit, limit.most - counted.taken, ends_in)


def _tell(bucket: Bucket, standing: Standing) -> None:
    told = standings.get()
    if told is not None and not bucket.limit.others:
        told[bucket.key] = standing
