"""/mcp: the tools for agents (client.tools) over streamable HTTP, of the Model Context Protocol.

Each request is answered by itself, in JSON, by the classes of the official package; there are no sessions and no
streams, which would keep a thread each. What a tool asks of the site goes through the API as if the agent itself had
asked, so that permissions, limits and errors are those of the API.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from api.pictures import BASE64_SIZE
from api.problems import problem_response
from iconsite.limits import WITHIN
from iconsite.observing import request_id
from search.uploads import FORM_OVERHEAD, drain, refuse_large_body

# What the API is to know of the agent's request; no cookies, since a page elsewhere must not act as who is signed in.
PASSED_ON = (
    *("REMOTE_ADDR", "SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "HTTP_AUTHORIZATION"),
    *("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "wsgi.url_scheme"),
)
PATH = "/mcp"

_importing = threading.Lock()


@csrf_exempt
def mcp_endpoint(request: HttpRequest) -> HttpResponse:
    """The answer to one message of an agent; 405 to all but POST, since there is no stream to listen to."""
    if request.method != "POST":
        response = problem_response(405, _("This address is for agents: send messages of MCP to it, with POST."))
        response["Allow"] = "POST"
        return response
    origin = request.headers.get("Origin")
    if origin and "*" not in settings.API_ORIGINS and origin not in settings.API_ORIGINS:
        drain(request)
        return problem_response(403, _("Pages of this origin may not use the site."))
    most = int(settings.UPLOAD_MAX_BYTES * BASE64_SIZE)
    try:
        refuse_large_body(request, most)
    except ValidationError as error:
        return problem_response(413, " ".join(error.messages))
    warm_up()
    response = async_to_sync(_answered)(request, request.read(), most + FORM_OVERHEAD)
    response["Cache-Control"] = "no-store"
    return response


def warm_up() -> None:
    """Import what answers agents: half a second, for which no page is to wait.

    One thread at a time does, since the package's modules import each other: two threads that begin with different ones
    would wait for each other, which Python ends with an error.
    """
    with _importing:
        import httpx  # noqa: F401
        from mcp.server import transport_security  # noqa: F401

        from client import tools  # noqa: F401


async def _answered(request: HttpRequest, body: bytes, most: int) -> HttpResponse:
    import httpx
    from mcp.server.transport_security import TransportSecuritySettings

    from client.site import Client
    from client.tools import Access, access, server

    client = Client(
        f"{request.scheme}://{request.get_host()}",
        "",  # the key is among what is passed on
        transport=httpx.WSGITransport(app=_as_part_of(request)),
        retries=0,
        language=get_language(),
    )
    token = access.set(Access(client, _in_the_request, files=False))
    try:
        app = server.streamable_http_app(
            stateless_http=True,
            json_response=True,
            max_request_body_size=most,
            # Django has checked the host by then, and the view the origin.
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        response = HttpResponse()
        async with app.router.lifespan_context(app):
            await app(_scope(request), _receiver(body), _sender(response))
        return response
    finally:
        access.reset(token)
        client.close()


async def _in_the_request(call: Callable[[], Any]) -> Any:
    """What a call returns that is run in the thread of the request, which has the connection to the database."""
    return await sync_to_async(call)()


def _scope(request: HttpRequest) -> dict[str, Any]:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers.items()]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": PATH,
        "raw_path": PATH.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": headers,
    }


def _receiver(body: bytes) -> Callable[[], Any]:
    sent = False

    async def receive() -> dict[str, Any]:
        nonlocal sent
        if sent:  # whoever asked waits for the answer
            await asyncio.Event().wait()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _sender(response: HttpResponse) -> Callable[[Any], Any]:
    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            response.status_code = message["status"]
            del response["Content-Type"]
            for name, value in message.get("headers", []):
                if name.lower() != b"content-length":
                    response[name.decode("latin-1")] = value.decode("latin-1")
        else:
            response.write(message.get("body", b""))

    return send


def _as_part_of(request: HttpRequest) -> Callable[..., Iterable[bytes]]:
    """The site, for requests that are part of this one."""
    passed_on = {name: request.META[name] for name in PASSED_ON if name in request.META}
    passed_on |= {WITHIN: True, "HTTP_X_REQUEST_ID": request_id.get()}

    def within(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        from iconsite.wsgi import application  # which loads the settings that name this view

        answer: Iterable[bytes] = application({**environ, **passed_on}, start_response)
        return answer

    return within
