"""HTTP to a site: its address and key, tries again where that helps, and errors that say what is wrong."""

import email.utils
import os
import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from .errors import Refused, SiteFailed, Unreachable

DEFAULT_URL = "http://127.0.0.1:8000"
TIMEOUT = httpx.Timeout(60, connect=10)  # seconds; a batch of pictures takes some 20
BUSY = (429, 502, 503, 504)  # answers after which a request is sent again
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0  # seconds between two tries, where the site does not say how long to wait


def own_language() -> str:
    """The language of this machine, as Accept-Language has it: the site has its sentences in English and Chinese."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh-hans" if next((name for name in names if name), "").startswith("zh") else "en"


def seconds_of(retry_after: str | None) -> float | None:
    """The seconds that a Retry-After header asks to wait, which are or lead to a date; None where there is none."""
    if not retry_after:
        return None
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        return max(0.0, (email.utils.parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


class Connection:
    """Sends requests to one site.

    `url` and `token` are by default those of ICONSITE_URL and ICONSITE_TOKEN. Proxies are those that HTTP_PROXY,
    HTTPS_PROXY, ALL_PROXY and NO_PROXY name, or `proxy`. A request that found no answer or a busy site is sent again,
    up to `retries` times, after the time that the site asks for. `transport` takes the place of the network.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        proxy: str | None = None,
        retries: int = 4,
        language: str | None = None,
        transport: httpx.BaseTransport | None = None,
        headers: Mapping[str, str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url = (url or os.environ.get("ICONSITE_URL") or DEFAULT_URL).rstrip("/")
        if "://" not in self.url:
            self.url = f"https://{self.url}"
        token = os.environ.get("ICONSITE_TOKEN", "") if token is None else token
        self.has_token = bool(token)
        self.retries, self.sleep = retries, sleep
        all_headers = {"Accept-Language": language or own_language(), "User-Agent": "iconsite-client"}
        all_headers |= {"Authorization": f"Bearer {token}"} if token else {}
        try:
            self.http = httpx.Client(
                base_url=self.url,
                headers={**all_headers, **(headers or {})},
                timeout=TIMEOUT,
                proxy=proxy,
                transport=transport,
            )
        except (httpx.InvalidURL, ValueError, UnicodeError) as error:
            raise Unreachable(f"This is no address of a site: {self.url} ({error}).") from None

    def request(self, method: str, path: str, *, accepted: tuple[int, ...] = (), **options: Any) -> httpx.Response:
        """The answer to one request, whose status is 2xx or `accepted`; `options` are those of httpx.

        It is sent again where the site was busy or out of reach: so what changes anything needs an Idempotency-Key.
        Raises Refused, SiteFailed or Unreachable.
        """
        for attempt in range(self.retries + 1):
            last = attempt == self.retries
            wait: float | None = None
            try:
                response = self.http.request(method, path, **options)
            except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
                raise Unreachable(f"This is no address of a site: {self.url} ({error}).") from None
            except httpx.TransportError as error:
                if last:
                    raise Unreachable(f"{self.url} does not answer: {error or type(error).__name__}.") from None
            except httpx.HTTPError as error:
                raise SiteFailed(f"The answer of {self.url} cannot be read: {error}.") from None
            else:
                wait = seconds_of(response.headers.get("Retry-After"))
                busy = response.status_code in BUSY and response.status_code not in accepted
                if not busy or last or (wait or 0) > LONGEST_PAUSE:
                    return self.checked(response, accepted, wait)
            if wait is None:
                wait = FIRST_PAUSE * 2**attempt * random.uniform(0.75, 1.25)
            self.sleep(wait)
        raise AssertionError("The last try returns or raises.")

    def checked(self, response: httpx.Response, accepted: tuple[int, ...], wait: float | None) -> httpx.Response:
        """The answer, if it is one. Raises Refused or SiteFailed."""
        status = response.status_code
        if response.is_success or status in accepted:
            return response
        if response.has_redirect_location:
            # It would be followed without the picture, and might lead the key to somebody else.
            raise SiteFailed(f"{response.url} leads to {response.headers['Location']}: use the address of that site.")
        try:
            problem = response.json()
        except ValueError:
            problem = None
        if not isinstance(problem, dict):
            problem = {"detail": f"{response.url} answers {status} {response.reason_phrase}."}
        if status < 500:
            raise Refused(status, problem, wait)
        raise SiteFailed(str(problem.get("detail") or f"The site failed with {status}."))

    def json(self, method: str, path: str, *, accepted: tuple[int, ...] = (), **options: Any) -> Any:
        """The JSON of an answer. Raises Refused, SiteFailed or Unreachable."""
        response = self.request(method, path, accepted=accepted, **options)
        try:
            return response.json()
        except ValueError:
            raise SiteFailed(f"There is no Iconsite at {self.url}: the answer is no JSON.") from None

    def close(self) -> None:
        """End the connections to the site."""
        self.http.close()
