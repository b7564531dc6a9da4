"""A GraphQL endpoint of a company's icon library."""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from pathlib import Path
from threading import Thread
from typing import Any

from django.utils.translation import gettext as _

from icons.importing import legacy_json
from icons.importing.packs import Pack, SetInfo, SourceError

OLD_QUERY = "{ icons { key name c_name e_name o_name source_code } }"
TOKEN_VARIABLE = "ICONSITE_GRAPHQL_TOKEN"
TIMEOUT = 120  # seconds between two bytes of the reply: the old library answers with everything at once
TOTAL_TIMEOUT = 600  # seconds that the whole reply may take, as a download by npm may


def read_pack(url: str, info: SetInfo, query: str = OLD_QUERY, headers: Mapping[str, str] | None = None) -> Pack:
    """The pack of the icons that answer the query. Raises SourceError."""
    data = fetch(url, query or OLD_QUERY, headers or {})
    return legacy_json.read_pack(legacy_json.find_icons({"data": data}), info)


def fetch(url: str, query: str, headers: Mapping[str, str]) -> Any:
    """The `data` of the reply, parsed. Raises SourceError."""
    from gql import Client, gql
    from gql.transport.exceptions import TransportError
    from gql.transport.requests import RequestsHTTPTransport
    from graphql import GraphQLError
    from requests import RequestException

    token = os.environ.get(TOKEN_VARIABLE)
    all_headers = {**headers, **({"Authorization": f"Bearer {token}"} if token else {})}
    transport = RequestsHTTPTransport(url=url, headers=all_headers, timeout=TIMEOUT)
    try:
        document = gql(query)
        reply = _in_a_thread(lambda: Client(transport=transport, execute_timeout=None).execute(document))
        if not wait([reply], TOTAL_TIMEOUT).done:
            raise SourceError(
                _("%(url)s did not send its whole reply within %(seconds)s seconds.")
                % {"url": url, "seconds": TOTAL_TIMEOUT}
            )
        return reply.result()
    except GraphQLError as error:
        raise SourceError(_("The GraphQL query is not valid: %(why)s.") % {"why": error.message}) from None
    except (TransportError, RequestException, OSError) as error:
        why = str(error)[:300]
        raise SourceError(_("%(url)s does not answer the query: %(why)s") % {"url": url, "why": why}) from None


def _in_a_thread(call: Callable[[], Any]) -> Future[Any]:
    """The result of the call, to come.

    The client can only limit the time between two bytes, so whoever waits may have to leave it behind. Unlike a thread
    of an executor, a daemon does not keep the program from ending then.
    """
    future: Future[Any] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future


def read_query(option: str) -> str:
    """A query that is given as text, or as @FILE. Raises SourceError."""
    if not option.startswith("@"):
        return option
    try:
        return Path(option[1:]).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise SourceError(_("%(file)s is not UTF-8 text.") % {"file": option[1:]}) from None
    except OSError as error:
        raise SourceError(
            _("%(file)s cannot be read: %(why)s.") % {"file": option[1:], "why": error.strerror}
        ) from None
