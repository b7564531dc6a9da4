"""How much of the site one visitor may take: token buckets in Redis, which all web servers share.

A bucket fills at a steady rate up to its capacity. What a visitor does is taken out of it, and while it is empty, they
have to wait. https://en.wikipedia.org/wiki/Token_bucket
"""

import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any, NamedTuple

import redis
from django.conf import settings
from django.http import HttpRequest
from redis.backoff import NoBackoff
from redis.retry import Retry

from api.authentication import key_of
from icons.client_address import client_address

log = logging.getLogger(__name__)

PAUSE = 5  # seconds for which a Redis that is out of reach is not asked again
TIMEOUT = 0.5  # seconds in which Redis has to answer
WITHIN = "iconsite.within"  # in the environment of a request that is part of another one, which pays for both

# KEYS: buckets. ARGV: tokens to take, then the rate and the capacity of each bucket. Returns the seconds until all have
# some tokens, and how many are left in the emptiest. Redis' own clock counts, since web servers' clocks differ.
SCRIPT = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1e6
local wait, least = 0, math.huge
for index, key in ipairs(KEYS) do
  local rate, capacity = tonumber(ARGV[2 * index]), tonumber(ARGV[2 * index + 1])
  local state = redis.call('HMGET', key, 'level', 'at')
  local level, at = tonumber(state[1] or capacity), tonumber(state[2] or now)
  level = math.min(capacity, level + math.max(0, now - at) * rate) - tonumber(ARGV[1])
  level = math.max(-capacity, level)
  redis.call('HSET', key, 'level', tostring(level), 'at', tostring(now))
  redis.call('EXPIRE', key, math.ceil((capacity - level) / rate) + 1)
  wait, least = math.max(wait, -level / rate), math.min(least, level)
end
return {tostring(wait), tostring(least)}
"""


@dataclass(frozen=True)
class Bucket:
    """A token bucket: its name, its tokens a second, and how many it holds at most."""

    name: str
    rate: float
    capacity: float


class Taken(NamedTuple):
    """What came of taking tokens."""

    wait: float  # seconds until no bucket is overdrawn any more, 0 where none is
    left: float  # tokens in the emptiest bucket, below 0 where it is overdrawn


NO_LIMIT = Taken(0.0, math.inf)


def take(buckets: Sequence[Bucket], tokens: float) -> float:
    """Take tokens out of all buckets; the seconds until none of them is overdrawn any more, 0 where none is."""
    return taken(buckets, tokens).wait


def taken(buckets: Sequence[Bucket], tokens: float) -> Taken:
    """Take tokens out of all buckets; how long to wait, and what is left.

    A bucket can be overdrawn by as much as it holds. Where Redis is out of reach, there are no limits for a while.
    """
    global _silent_until
    if not buckets or time.monotonic() < _silent_until:
        return NO_LIMIT
    limits = [number for bucket in buckets for number in (bucket.rate, bucket.capacity)]
    try:
        wait, left = _script()(keys=[f"limit:{bucket.name}" for bucket in buckets], args=[tokens, *limits])
    except redis.RedisError as error:
        log.warning("Nobody is limited for %s seconds: Redis is out of reach (%s).", PAUSE, error)
        _silent_until = time.monotonic() + PAUSE
        return NO_LIMIT
    return Taken(float(wait), float(left))


_silent_until = 0.0  # a time.monotonic() value


@cache
def _script() -> Any:
    url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://")
    client = redis.Redis.from_url(
        url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=Retry(NoBackoff(), 1)
    )
    return client.register_script(SCRIPT)


def buckets_of(request: HttpRequest) -> list[Bucket]:
    """The buckets that a request is paid from: that of its address, and that of its session if it has one.

    A request with a valid API key is paid from the bucket of the key alone.
    """
    if not settings.LIMIT_RATE or WITHIN in request.META:
        return []
    if key := key_of(request):
        return [Bucket(f"key:{key.pk}", key.rate or settings.LIMIT_RATE_KEY, settings.LIMIT_BURST)]
    buckets = [Bucket(f"address:{client_address(request)}", settings.LIMIT_RATE, settings.LIMIT_BURST)]
    if session := request.COOKIES.get(settings.SESSION_COOKIE_NAME):
        name = blake2b(session.encode(errors="replace"), digest_size=16).hexdigest()  # no key of a session in Redis
        rate = min(settings.LIMIT_RATE, settings.LIMIT_RATE_SESSION)
        buckets.append(Bucket(f"session:{name}", rate, settings.LIMIT_BURST))
    return buckets
