"""What is seen of the site from outside: the id of each request, in logs and answers, and numbers for Prometheus."""

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from icons.models import ImportRun
from icons.queues import IMPORTS, INDEXING, PROMPT, messages_waiting
from search.metrics import BUCKETS
from search.model_choice import active_model
from search.progress import count_icons

HEADER = "X-Request-ID"
METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"})
USABLE = re.compile(r"[A-Za-z0-9_.:-]{1,64}\Z")
REQUEST_SECONDS = Histogram(
    "iconsite_request_seconds", "Seconds of requests.", ["view", "method", "status"], buckets=BUCKETS
)

request_id: ContextVar[str] = ContextVar("request_id", default="")
log = logging.getLogger("iconsite.requests")


class ObservingMiddleware:
    """Gives each request an id, or keeps the one that a proxy gave it, and measures how long its answer takes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """`get_response` is the rest of the site."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """What the site answers, with the id."""
        id = id_of(request.headers.get(HEADER, ""))
        token, started = request_id.set(id), time.perf_counter()
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - started
            # Views are named, since addresses are too many to count each.
            view = request.resolver_match.view_name if request.resolver_match else ""
            note(view, request.method or "", request.path, response.status_code, seconds)
        finally:
            request_id.reset(token)
        response[HEADER] = id
        return response


def id_of(given: str) -> str:
    """The id of a request that came with this one, or with none that can be used."""
    return given if USABLE.match(given) else secrets.token_hex(8)


def note(view: str, method: str, path: str, status: int, seconds: float) -> None:
    """Count a request, and log it."""
    _seconds_of(view or "none", method if method in METHODS else "other", str(status)).observe(seconds)
    if log.isEnabledFor(logging.INFO):
        extra = {"view": view, "status": status, "seconds": round(seconds, 4)}
        log.info("%s %s %s", method, path, status, extra=extra)


@cache
def _seconds_of(view: str, method: str, status: str) -> Histogram:
    return REQUEST_SECONDS.labels(view, method, status)


class StateCollector(Collector):
    """Numbers that are looked up when they are asked for; those of a part that is away are left out."""

    def collect(self) -> Iterable[Metric]:
        """The gauges."""
        up = GaugeMetricFamily("iconsite_up", "Whether a part of the site answers.", labels=["part"])
        for part, look_up in (("database", self.database), ("queue", self.queue)):
            try:
                found = list(look_up())
            except Exception as error:  # whatever is wrong with a part, the other numbers are told
                logging.getLogger(__name__).warning("No numbers of the %s: %s", part, error)
                found = []
            up.add_metric([part], float(bool(found)))
            yield from found
        yield up

    def database(self) -> Iterable[Metric]:
        """Icons by the state of their indexing, and imports that have not ended."""
        counts = count_icons(active_model().id)
        icons = GaugeMetricFamily("iconsite_icons", "Icons by the state of their indexing.", labels=["state"])
        icons.add_metric(["finished"], counts.finished)
        icons.add_metric(["pending"], counts.pending)
        yield icons
        yield GaugeMetricFamily(
            "iconsite_imports_unfinished", "Imports that have not ended.", ImportRun.objects.unfinished().count()
        )

    def queue(self) -> Iterable[Metric]:
        """Messages that wait in each queue."""
        depth = GaugeMetricFamily("iconsite_queue_messages", "Messages that wait in a queue.", labels=["queue"])
        for queue in (PROMPT, IMPORTS, INDEXING):
            depth.add_metric([queue], messages_waiting(queue))
        yield depth


@require_safe
@never_cache
def metrics_page(request: HttpRequest) -> HttpResponse:
    """The numbers, for whoever knows METRICS_TOKEN. Raises Http404 for all others, and where it is not set."""
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not constant_time_compare(sent, settings.METRICS_TOKEN):
        raise Http404
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(StateCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
