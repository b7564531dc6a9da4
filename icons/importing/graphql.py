"""A GraphQL endpoint of a company's icon library."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from icons.importing import legacy_json
from icons.importing.packs import Pack, SetInfo, SourceError

OLD_QUERY = "{ icons { key name c_name e_name o_name source_code } }"
TOKEN_VARIABLE = "ICONSITE_GRAPHQL_TOKEN"
TIMEOUT = 120  # seconds: the old library answers with everything at once


def read_pack(url: str, info: SetInfo, query: str = OLD_QUERY, headers: Mapping[str, str] | None = None) -> Pack:
    return legacy_json.read_pack(legacy_json.find_icons({"data": fetch(url, query or OLD_QUERY, headers or {})}), info)


def fetch(url: str, query: str, headers: Mapping[str, str]) -> Any:
    """The `data` of the reply. Raises SourceError."""
    from gql import Client, gql
    from gql.transport.exceptions import TransportError
    from gql.transport.requests import RequestsHTTPTransport
    from graphql import GraphQLError
    from requests import RequestException

    token = os.environ.get(TOKEN_VARIABLE)
    sent = {**headers, **({"Authorization": f"Bearer {token}"} if token else {})}
    transport = RequestsHTTPTransport(url=url, headers=sent, timeout=TIMEOUT)
    try:
        return Client(transport=transport, execute_timeout=None).execute(gql(query))
    except GraphQLError as error:
        raise SourceError(f"The GraphQL query is not valid: {error.message}.") from None
    except (TransportError, RequestException, OSError) as error:
        raise SourceError(f"{url} does not answer the query: {str(error)[:300]}") from None


def read_query(option: str) -> str:
    """A query given as text, or as @file. Raises SourceError."""
    if not option.startswith("@"):
        return option
    try:
        return Path(option[1:]).read_text()
    except OSError as error:
        raise SourceError(f"{option[1:]} cannot be read: {error.strerror}.") from None
