"""The address that a request comes from, by which visitors without a key are told apart."""

import ipaddress
import logging
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

SHARED_BITS = 64  # of an IPv6 address: a household or an office has all addresses that begin with them

log = logging.getLogger(__name__)


def client_address(request: HttpRequest) -> str:
    """The address that a request comes from, of IPv6 the network."""
    return address_of(request.META)


def address_of(environ: Mapping[str, Any]) -> str:
    """The same by the environment of the request.

    Behind TRUSTED_PROXIES proxies it is what the outermost of them wrote into X-Forwarded-For.
    """
    address = str(environ.get("REMOTE_ADDR", ""))
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
    if settings.TRUSTED_PROXIES:
        address = forwarded.split(",")[-settings.TRUSTED_PROXIES :][0].strip() or address
    elif forwarded:
        _hint()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, SHARED_BITS), strict=False))
    return str(parsed)


@cache
def _hint() -> None:
    """Logged once: behind a proxy that the site does not know of, all visitors would share one bucket."""
    log.warning("Requests have X-Forwarded-For: if a proxy of yours writes it, set TRUSTED_PROXIES=1.")
