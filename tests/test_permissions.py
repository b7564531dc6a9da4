"""Every address of the site, as it is found in the URLconf: who may change something there, and what caches keep."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from bags.models import Bag
from icons.models import Icon, ImportRun
from search.models import KeptPicture
from tests.conftest import SHAPES, png_of, svg_of, upload

# The searches, which are posted without a token; they change nothing but a picture of the sender's own. So do agents,
# whose requests are answered as a stranger's: cookies are not looked at.
STATELESS = {"/", "/upload", "/mcp", *(f"/api/v1/search/{kind}/" for kind in ("image", "images", "batch"))}
STATELESS |= {"/api/v1/exports/"}  # it makes a file of what everybody may see
# What changes only the visitor's own cookie or session.
OF_THE_VISITOR = {"/login/", "/logout/", "/language/", "/theme/", "/admin/login/", "/admin/logout/"}
ADMIN_FOR_ALL_STAFF = {"/admin/", "/admin/jsi18n/", "/admin/password_change/", "/admin/password_change/done/"}
UNSAFE = ("post", "put", "patch", "delete")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
NOT_SEEN = {"sessions.session", "contenttypes.contenttype", "auth.permission"}


def patterns(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """All addresses below a resolver, with their parameters as they stand in the patterns."""
    for pattern in resolver.url_patterns:
        text = before + str(pattern.pattern).lstrip("^").replace("\\Z", "").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, text)
        elif isinstance(pattern, URLPattern):
            yield text


@pytest.fixture
def owner(db: None) -> User:
    return User.objects.create_user("owner", password="x")


@pytest.fixture
def parameters(owner: User, make_icon: Callable[..., Icon]) -> dict[str, str]:
    """A value for each parameter of an address, so that there is something at it."""
    icon = make_icon("ring")
    bag = Bag.objects.create(owner=owner, name="Mine")
    bag.add([icon.pk])
    run = ImportRun(source="x.json")
    run.upload.save("import.json", ContentFile(b"{}"), save=False)
    run.save()
    return {
        "prefix": "shapes",
        "name": "ring",
        "file_format": "png",
        "ending": "json",
        "rest": "no/such/address",
        "key": bag.key,
        "object_id": str(icon.pk),
        "app_label": "icons",
        "content_type_id": "1",
        "url": "nowhere",
        "id": str(owner.pk),
    }


def addresses(parameters: dict[str, str]) -> list[str]:
    """Every address of the site. A parameter that `parameters` does not have is a KeyError: say what it may be."""
    return sorted(
        {
            PARAMETER.sub(lambda found: parameters[found[1] or found[2]], pattern)
            for pattern in patterns(get_resolver())
            if not pattern.startswith("/static/")
        }
    )


def contents() -> dict[str, list[dict[str, Any]]]:
    """All rows of the database but sessions."""
    return {
        model._meta.label_lower: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.label_lower not in NOT_SEEN
    }


def changed(before: dict[str, Any]) -> list[str]:
    """The tables that are not as they were."""
    after = contents()
    return [
        label
        for label in before
        if [drop_login(row) for row in before[label]] != [drop_login(row) for row in after[label]]
    ]


def drop_login(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "last_login"}


FIELDS = {"name": "Other", "delete": "1", "empty": "1", "remove": "shapes:ring", "add": "shapes:ring", "post": "yes"}
FIELDS |= {"action": "delete_selected", "_selected_action": "1", "usage": "1", "username": "x", "password1": "y"}


@pytest.mark.parametrize("method", UNSAFE)
def test_nothing_changes_without_a_token(parameters: dict[str, str], method: str, owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    owner.is_staff = owner.is_superuser = True  # who may do everything, and whose browser another site misuses
    owner.save()
    client.force_login(owner)
    before = contents()
    for address in addresses(parameters):
        status = getattr(client, method)(address, FIELDS if method == "post" else None).status_code
        assert status < 500, address
        if address not in STATELESS:
            assert status in (302, 403, 404, 405), (address, status)
    assert changed(before) == []


@pytest.mark.parametrize("who", ["stranger", "person", "staff"])
def test_who_has_no_right_changes_nothing(parameters: dict[str, str], client: Client, who: str) -> None:
    if who != "stranger":
        client.force_login(User.objects.create_user("other", password="x", is_staff=who == "staff"))
    before = contents()
    # A visitor may collect icons, and go on with icons of a bag whose address they know: in a bag of their own.
    own = {"/bag/change/", "/bag/new/", f"/bags/{parameters['key']}/take/"}
    for address in set(addresses(parameters)) - own - OF_THE_VISITOR:
        for method in UNSAFE:
            reply = getattr(client, method)(address, FIELDS if method == "post" else None)
            assert reply.status_code < 500, address
            if address.startswith("/admin/"):
                elsewhere = ("/admin/login/", f"{address}change/")
                target = reply.get("Location", "")
                sent_on = reply.status_code == 302 and (target == "/admin/" or target.startswith(elsewhere))
                refused = sent_on or reply.status_code in (403, 404, 405)
                assert refused or who == "staff" and address in ADMIN_FOR_ALL_STAFF, (address, reply.status_code)
    assert changed(before) == []


@pytest.mark.parametrize("who", ["stranger", "person", "staff"])
def test_who_has_no_right_sees_nothing_of_the_admin(parameters: dict[str, str], client: Client, who: str) -> None:
    if who != "stranger":
        client.force_login(User.objects.create_user("other", password="x", is_staff=who == "staff"))
    for address in addresses(parameters):
        if not address.startswith("/admin/") or address in OF_THE_VISITOR:
            continue
        status = client.get(address).status_code
        opened = {200} if who == "staff" and address in ADMIN_FOR_ALL_STAFF else set()
        assert status in {302, 403, 404} | opened, (address, status)


def test_every_right_opens_its_own_pages_alone(parameters: dict[str, str], client: Client) -> None:
    viewer = User.objects.create_user("viewer", password="x", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_iconset"))
    client.force_login(viewer)
    opened = {
        address
        for address in addresses(parameters)
        if re.match(r"/admin/(icons|search|bags|auth)/", address) and client.get(address).status_code == 200
    }
    assert "/admin/icons/iconset/" in opened
    assert [address for address in opened if not re.fullmatch("/admin/icons/(iconset/.*)?", address)] == []


def test_no_page_that_is_somebodys_own_is_kept_by_a_shared_cache(parameters: dict[str, str], client: Client) -> None:
    client.force_login(User.objects.get(username="owner"))
    kept = KeptPicture.objects.keep(png_of(svg_of(SHAPES["ring"])))
    for address in [*addresses(parameters), kept.get_absolute_url(), f"{kept.get_absolute_url()}/picture"]:
        reply = client.get(address)
        policy = reply.get("Cache-Control", "")
        varies = {name.strip().lower() for name in reply.get("Vary", "").split(",")}
        if "public" in policy:
            assert "cookie" not in varies and not reply.cookies, address
        elif reply.status_code == 200 and not address.startswith("/api/"):
            assert "private" in policy or "no-store" in policy or "cookie" in varies, (address, policy, varies)
        if "/admin/" in address and reply.status_code == 200 and "jsi18n" not in address:
            assert "private" in policy or "no-store" in policy, (address, policy)
        if address.startswith(("/bags/", "/find/")) and reply.status_code == 200:
            assert "private" in policy and "noindex" in reply["X-Robots-Tag"], address


@pytest.mark.parametrize(
    "elsewhere",
    [
        *("https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example"),
        *("http:evil.example", "javascript:alert(1)", "https:/\\evil.example", "\thttps://evil.example"),
    ],
)  # fmt: skip
def test_redirects_stay_on_the_site(owner: User, client: Client, elsewhere: str) -> None:
    login = {"username": "owner", "password": "x"}
    replies = [
        client.post("/language/", {"language": "en", "next": elsewhere}),
        client.post("/theme/", {"theme": "dark"}, headers={"Referer": elsewhere}),
        client.post("/bag/change/", {"add": "a:b"}, headers={"Referer": elsewhere}),
        client.post(f"/login/?next={elsewhere}", login),
        client.post("/login/", {**login, "next": elsewhere}),
        client.get(f"/{elsewhere}"),
    ]
    for reply in replies:
        target = urlsplit(reply.get("Location", "/"))
        assert not target.netloc and not target.scheme and not reply.get("Location", "/").startswith(("//", "/\\"))


def test_names_cannot_break_out_of_headers(client: Client, make_icon: Callable[..., Icon]) -> None:
    make_icon("ring")
    client.post("/bag/change/", {"add": "shapes:ring"})
    address = client.get("/bag/")["Location"]
    client.post(f"{address}edit/", {"name": 'a"; filename="x.exe\r\nSet-Cookie: a=b; 图 ../../etc/passwd'})
    reply = client.get(f"{address}svg.zip")
    assert re.fullmatch(r'attachment; filename="[a-z0-9-]+\.zip"', reply["Content-Disposition"])
    assert "Set-Cookie" not in reply.headers and reply["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("query", ["q=%00", "set__id__exact=%00", "hidden__exact=%00", "indexed=%00", "%00=1"])
def test_a_nul_in_the_admin_is_refused(admin_client: Client, query: str) -> None:
    assert admin_client.get(f"/admin/icons/icon/?{query}").status_code == 400


def test_a_stranger_may_search(client: Client, db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    picture = png_of(svg_of(SHAPES["ring"]))
    assert strict.post("/", {"image": upload(picture)}).status_code == 302
    assert strict.post("/api/v1/search/image/", {"image": upload(picture)}).status_code == 200
    assert strict.post("/upload", {"the_file": upload(picture)}).status_code == 200


@pytest.mark.parametrize(("method", "address"), [("GET", "/logout/"), ("GET", "/bag/change/"), ("TRACE", "/sets/")])
def test_a_method_that_an_address_does_not_take_gets_a_sentence(
    client: Client, method: str, address: str, db: None
) -> None:
    reply = client.generic(method, address)
    assert reply.status_code == 405 and f"does not take the method {method}" in reply.content.decode()
    assert method not in reply["Allow"]
    reply = client.get("/upload")
    assert reply.status_code == 405 and reply.json()["status"] == 405
