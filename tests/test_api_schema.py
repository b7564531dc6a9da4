"""The schema, and the site held against it: every operation is called with made-up requests on a real web server."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLResolver, get_resolver
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.models import ApiKey, Scope
from iconify.exports import ask_for
from iconify.selections import sets_named
from icons.models import Icon, IconSet, ImportRun
from search import indexing
from tests.conftest import SHAPES, svg_of
from tests.live_site import live_site

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = int(os.environ.get("API_EXAMPLES", "12"))  # of each operation, in each of two ways to make requests up
QUERIES = {"GET /api/v1/icons/sets/": {"icon": ["shapes:ring", "shapes:home"]}}
RING = svg_of(SHAPES["ring"])
BODIES: dict[str, Any] = {  # that are right, and seldom made up by chance
    "POST /api/v1/icons/": {"set": "shapes", "name": "new", "svg": RING},
    "PATCH /api/v1/icons/{prefix}:{name}/": {"category": "Round"},
    "POST /api/v1/sets/": {"prefix": "new", "title": "New"},
    "PATCH /api/v1/sets/{prefix}/": {"title": "Changed"},
    "POST /api/v1/search/image/": {"image": RING},
    "POST /api/v1/search/images/": {"image": [RING]},
    "POST /api/v1/search/batch/": {"image": [{"name": "ring", "image": RING}]},
    "POST /api/v1/exports/": {"sets": ["shapes"]},
    "POST /api/v1/imports/": {"package": "@iconify-json/none"},
    "POST /api/v1/index/": {"all": True},
    "POST /api/v1/index/model/": {"model": "vgg16-imagenet"},
}
LAST = ["get", "post", "patch", "delete"]  # what deletes comes last


@pytest.fixture
def site(transactional_db: None) -> Iterator[str]:
    """The address of a web server of its own on the database of the tests, with nobody limited."""
    with live_site() as address:
        yield address


def test_every_operation_keeps_to_the_schema(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    icon_set = IconSet.objects.create(prefix="shapes", title="Shapes", licence_spdx="MIT")
    icons = [Icon.objects.create(set=icon_set, name=name, svg=svg_of(body)) for name, body in SHAPES.items()]
    indexing.index_icons([icon.pk for icon in icons])
    run = ImportRun.objects.create(source="x.json")
    _, secret = ApiKey.objects.issue(User.objects.create_superuser("root"), "all", Scope.values)
    schema = schemathesis.openapi.from_url(f"{site}/api/v1/schema/", config=SchemathesisConfig())
    export, _is_new = ask_for("somebody", sets_named(["shapes"]), "iconify", "")
    export.write()
    there = {"prefix": "shapes", "name": "ring", "id": run.pk, "key": export.key}
    called: Counter[str] = Counter()
    succeeded: Counter[str] = Counter()

    def call(operation: Any, mode: GenerationMode) -> None:
        @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans(), key=st.booleans())
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def call_one(case: Any, real: bool, key: bool) -> None:
            if real:  # something that there is
                case.path_parameters.update({name: there[name] for name in case.path_parameters})
                case.query.update(QUERIES.get(operation.label, {}))
                if operation.label in BODIES and case.media_type == "application/json":
                    case.body = BODIES[operation.label]
                if operation.method == "patch":
                    case.headers["If-Match"] = "*"
            if key or operation.method in ("patch", "delete"):
                case.headers["Authorization"] = f"Bearer {secret}"
            response = case.call()
            called[operation.label] += 1
            succeeded[operation.label] += response.status_code < 300
            case.validate_response(response, checks=CHECKS)

        call_one()

    failures: list[str] = []
    operations: list[Any] = [result.ok() for result in schema.get_all_operations()]  # type: ignore[union-attr]
    for operation in sorted(operations, key=lambda operation: LAST.index(operation.method)):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                call(operation, mode)
            except BaseExceptionGroup as error:
                failures.append(f"{operation.label}: {error} {getattr(error, 'exceptions', '')}")
    assert failures == []
    assert len(operations) >= 25 and all(called[operation.label] for operation in operations)
    assert [operation.label for operation in operations if not succeeded[operation.label]] == []


def test_every_route_of_the_api_is_in_the_schema(client: Client, db: None) -> None:
    paths = client.get("/api/v1/schema/").json()["paths"]
    (names,) = (
        {re.sub(r"<\w+:(\w+)>", r"{\1}", str(route.pattern)) for route in resolver.url_patterns}
        for resolver in get_resolver().url_patterns
        if isinstance(resolver, URLResolver) and str(resolver.pattern) == "api/v1/"
    )
    assert {path.removeprefix("/api/v1/") for path in paths} == names


def test_the_schema_is_openapi_with_problems_everywhere(client: Client, db: None) -> None:
    schema = client.get("/api/v1/schema/").json()
    assert schema["openapi"].startswith("3.1")
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert {"401", "403", "429", "503"} <= set(operation["responses"]), (path, method)
            assert operation["description"], (path, method)
            strangers = {} in operation["security"]
            assert strangers == (
                (method == "get" and not path.startswith(("/api/v1/imports", "/api/v1/index")))
                or path.startswith(("/api/v1/search/", "/api/v1/exports/"))
            )
