"""What visitors owe for answers that cost next to nothing: asking Redis each time would cost more than the answers."""

import time
from collections import defaultdict
from collections.abc import Mapping
from threading import Lock
from typing import Any

from django.conf import settings

from icons.client_address import address_of
from iconsite.limits import Bucket, take

PAID_FROM = 0.05  # seconds of a busy thread that an address owes before it pays
MOST_TABS = 10_000  # addresses; beyond them, all that is owed is forgotten


class Tabs:
    """What each address owes to this process. Any thread may use it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._owed: defaultdict[str, float] = defaultdict(float)  # seconds
        self._refused_until: dict[str, float] = {}  # time.monotonic() values

    def is_welcome(self, environ: Mapping[str, Any]) -> bool:
        """Whether the address of this request has not taken too much when it last paid."""
        if not self._refused_until:
            return True
        address = address_of(environ)
        with self._lock:
            if time.monotonic() < self._refused_until.get(address, 0):
                return False
            self._refused_until.pop(address, None)
        return True

    def owe(self, environ: Mapping[str, Any], seconds: float) -> None:
        """Put what a request has cost on the tab of its address, which pays once it owes PAID_FROM."""
        if not settings.LIMIT_RATE:
            return
        address = address_of(environ)
        with self._lock:
            if len(self._owed) >= MOST_TABS:
                self._owed.clear()
                self._refused_until.clear()
            self._owed[address] += seconds
            if self._owed[address] < PAID_FROM:
                return
            owed = self._owed.pop(address)
        if wait := take([Bucket(f"address:{address}", settings.LIMIT_RATE, settings.LIMIT_BURST)], owed):
            with self._lock:
                self._refused_until[address] = time.monotonic() + wait
