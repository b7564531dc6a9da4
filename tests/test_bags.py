"""Bags: collect icons, come back to them, share them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from bags import context_processors
from bags.models import Bag, BagIcon
from bags.tasks import delete_old_bags
from icons.models import Icon

JSON = {"Accept": "application/json"}


def add(client: Client, *icons: str) -> list[str]:
    """What is in the visitor's bag once these icons were added by the script of a page."""
    icons_in_bag: list[str] = client.post("/bag/change/", {"add": icons}, headers=JSON).json()["icons"]
    return icons_in_bag


def bag_of(client: Client) -> Bag:
    return Bag.objects.get(key=client.session["bag"])


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("ada", password="secret")


def test_an_icon_that_is_added_is_there_on_every_page(client: Client, icons: dict[str, Icon]) -> None:
    reply = client.post("/bag/change/", {"add": "shapes:home"}, headers={"referer": "http://testserver/sets/"})
    assert (reply.status_code, reply["Location"]) == (302, "http://testserver/sets/")
    assert '<span id="bag-count">(1)</span>' in client.get("/sets/").content.decode()
    assert add(client, "shapes:ring", "shapes:home") == ["shapes:home", "shapes:ring"]
    assert client.get("/bag/icons.json").json() == {"icons": ["shapes:home", "shapes:ring"]}
    assert client.get("/bag/")["Location"] == bag_of(client).get_absolute_url()


def test_an_icon_that_is_taken_out_is_gone(client: Client, icons: dict[str, Icon]) -> None:
    add(client, "shapes:home", "shapes:ring")
    taken = {"remove": ["shapes:home", "shapes:cross"]}  # the second was not in
    assert client.post("/bag/change/", taken, headers=JSON).json() == {"icons": ["shapes:ring"]}


def test_taking_out_of_no_bag_does_nothing(client: Client, icons: dict[str, Icon]) -> None:
    assert client.post("/bag/change/", {"remove": "shapes:home"}, headers=JSON).json() == {"icons": []}
    assert not Bag.objects.exists() and not Session.objects.exists()


def test_a_visitor_without_a_bag_costs_nothing(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        page = client.get("/login/").content.decode()
    assert '<span id="bag-count" hidden>' in page
    assert "Your bag is empty" in client.get("/bag/").content.decode()
    assert not Bag.objects.exists() and not Session.objects.exists()


def test_only_a_page_of_this_site_is_gone_back_to(client: Client, icons: dict[str, Icon]) -> None:
    reply = client.post("/bag/change/", {"add": "shapes:home"}, headers={"referer": "http://elsewhere/"})
    assert reply["Location"] == "/bag/"


def test_an_icon_is_shown_and_given_away_at_the_stroke_width_that_it_was_added_with(
    client: Client, icons: dict[str, Icon]
) -> None:
    assert add(client, "shapes:ring?stroke=1.5", "shapes:cross") == ["shapes:ring", "shapes:cross"]
    address = bag_of(client).get_absolute_url()
    page = client.get(address).content.decode()
    assert f'src="{icons["ring"].svg_url}&amp;stroke=1.5"' in page and page.count("stroke 1.5") == 1
    assert 'href="/icons/shapes/ring/?stroke=1.5"' in page and 'href="/icons/shapes/cross/"' in page
    for file_format in ("sprite.svg", "icons.json"):
        content = client.get(f"{address}{file_format}").content.decode().replace('\\"', '"')
        assert content.count('stroke-width="1.5"') == 1 and content.count('stroke-width="3"') == 1, file_format
    add(client, "shapes:ring?stroke=2")
    assert bag_of(client).strokes() == {icons["ring"].pk: 2}
    add(client, "shapes:ring")  # which says nothing of its strokes
    assert bag_of(client).strokes() == {icons["ring"].pk: 2}
    other = Client()
    other.post(f"{address}take/")
    assert bag_of(other).strokes() == {icons["ring"].pk: 2}


@pytest.mark.parametrize("query", ["stroke=0", "stroke=x", "stroke=1e9", "stroke=nan"])
def test_a_stroke_width_that_no_icon_has_is_refused_with_a_sentence(
    client: Client, icons: dict[str, Icon], query: str
) -> None:
    reply = client.post("/bag/change/", {"add": ["shapes:home", f"shapes:ring?{query}"]}, headers=JSON)
    assert reply.status_code == 400
    assert reply.json() == {"detail": "The stroke width must be a number from 0.1 to 20."}
    assert not BagIcon.objects.exists()


@pytest.mark.parametrize(
    "icon", ["shapes:nope", "nope:home", "", "home", "shapes:\x00", "a:b:c", "x" * 5000, "🦊:x", "shapes:no?stroke=2"]
)
def test_an_unknown_icon_is_refused_with_a_sentence(client: Client, icons: dict[str, Icon], icon: str) -> None:
    reply = client.post("/bag/change/", {"add": ["shapes:home", icon]}, headers=JSON)
    assert reply.status_code == 404 and reply.json()["detail"].startswith("There is no icon ")
    page = client.post("/bag/change/", {"remove": icon})
    assert page.status_code == 404 and "<h1>There is no icon " in page.content.decode()
    assert not BagIcon.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"add": "shapes:ring", "remove": "shapes:nope"},
        {"add": "shapes:nope", "remove": "shapes:home"},
        {"add": ["shapes:ring", "shapes:cross"], "remove": "shapes:home"},  # more than the bag holds
    ],
)
def test_icons_are_put_in_and_taken_out_together_or_not_at_all(
    client: Client, icons: dict[str, Icon], settings: LazySettings, change: dict[str, Any]
) -> None:
    settings.BAG_MAX_ICONS = 2
    add(client, "shapes:home")
    assert client.post("/bag/change/", change, headers=JSON).status_code in (400, 404)
    assert client.get("/bag/icons.json").json() == {"icons": ["shapes:home"]}
    swap = {"add": "shapes:ring", "remove": "shapes:home"}
    assert client.post("/bag/change/", swap, headers=JSON).json() == {"icons": ["shapes:ring"]}


@pytest.mark.parametrize(
    "change",
    [
        {"empty": "1", "name": "x" * 101},
        {"delete": "1", "name": "x" * 101},
        {"name": "New", "remove": "shapes:nope"},
        {"empty": "1", "name": "New", "remove": ["shapes:home", "shapes:nope"], "hold": "1"},
    ],
)
def test_a_bag_is_edited_as_a_whole_or_not_at_all(
    client: Client, icons: dict[str, Icon], change: dict[str, Any]
) -> None:
    add(client, "shapes:home")
    bag = bag_of(client)
    assert client.post(f"/bags/{bag.key}/edit/", change).status_code in (400, 404)
    assert Bag.objects.get().name == "" and list(bag.in_order()) == [icons["home"]]


def test_a_bag_that_was_to_be_changed_and_is_gone_keeps_its_name(
    client: Client, icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(client, "shapes:home")
    bag = bag_of(client)

    def fail(bag: Bag, pks: list[int]) -> None:
        raise ValidationError("This bag has just been deleted.")

    monkeypatch.setattr(Bag, "remove", fail)
    change = {"empty": "1", "name": "New", "remove": "shapes:home"}
    assert client.post(f"/bags/{bag.key}/edit/", change).status_code == 400
    assert Bag.objects.get().name == "" and list(bag.in_order()) == [icons["home"]]


def test_whoever_is_refused_gets_no_bag(client: Client, icons: dict[str, Icon], settings: LazySettings) -> None:
    bag = Bag.objects.create()
    bag.add([icons["home"].pk, icons["ring"].pk])
    settings.BAG_MAX_ICONS = 1
    for visitor, address, data in (
        (Client(), "/bag/change/", {"add": ["shapes:home", "shapes:ring"]}),
        (Client(), f"/bags/{bag.key}/take/", {}),
    ):
        assert visitor.post(address, data).status_code == 400
        assert "sessionid" not in visitor.cookies
    assert Bag.objects.get() == bag


def test_a_list_without_end_is_refused(client: Client, icons: dict[str, Icon]) -> None:
    endless = {"add": ["shapes:home"] * 5000}
    page = client.post("/bag/change/", endless)
    assert page.status_code == 413 and "<h1>The form has too many fields or files." in page.content.decode()
    reply = client.post("/bag/change/", endless, headers=JSON)
    assert reply.status_code == 413 and reply.json()["detail"] == "The form has too many fields or files."


@pytest.mark.parametrize("address", ["/bag/change/", "/bag/new/", "/bags/KEY/edit/"])
def test_a_body_that_is_no_form_is_refused(admin_client: Client, icons: dict[str, Icon], address: str) -> None:
    add(admin_client, "shapes:home")
    address = address.replace("KEY", Bag.objects.get().key)
    fields = {"add": "shapes:ring", "name": "New", "remove": "shapes:home"}
    sentence = "The body must be of type multipart/form-data or application/x-www-form-urlencoded."
    page = admin_client.post(address, fields, content_type="application/json")
    assert page.status_code == 415 and f"<h1>{sentence}" in page.content.decode()
    reply = admin_client.post(address, fields, content_type="application/json", headers=JSON)
    assert reply.status_code == 415 and reply.json() == {"detail": sentence}
    assert list(BagIcon.objects.values_list("icon__name", flat=True)) == ["home"]


def test_a_bag_holds_so_many_icons_and_no_more(client: Client, icons: dict[str, Icon], settings: LazySettings) -> None:
    settings.BAG_MAX_ICONS = 2
    add(client, "shapes:home")
    reply = client.post("/bag/change/", {"add": ["shapes:ring", "shapes:cross"]}, headers=JSON)
    sentence = "A bag holds at most 2 icons, and this one has 1. Remove some first."
    assert (reply.status_code, reply.json()) == (400, {"detail": sentence})
    assert sentence in client.post("/bag/change/", {"add": ["shapes:ring", "shapes:cross"]}).content.decode()
    assert add(client, "shapes:ring") == ["shapes:home", "shapes:ring"]
    assert add(client, "shapes:ring") == ["shapes:home", "shapes:ring"]


def test_an_icon_or_bag_that_has_just_been_deleted_is_reported(icons: dict[str, Icon]) -> None:
    bag = Bag.objects.create()
    Bag.objects.all().delete()
    changes: list[Callable[[], None]] = [
        lambda: bag.add([icons["home"].pk]),
        lambda: bag.remove([1]),
        lambda: bag.rename("x"),
        bag.empty,
    ]
    for change in changes:
        with pytest.raises(ValidationError, match="This bag has just been deleted"):
            change()


def test_an_icon_that_is_deleted_leaves_all_bags(client: Client, icons: dict[str, Icon]) -> None:
    add(client, "shapes:home", "shapes:ring")
    Icon.objects.filter(name="home").delete_locked()
    assert client.get("/bag/icons.json").json() == {"icons": ["shapes:ring"]}


def test_whoever_has_the_address_sees_the_bag(client: Client, icons: dict[str, Icon]) -> None:
    add(client, "shapes:home", "shapes:ring")
    reply = Client().get(bag_of(client).get_absolute_url())
    page = reply.content.decode()
    assert page.index("/icons/shapes/home/") < page.index("/icons/shapes/ring/")
    assert "2 icons from Shapes: MIT License (MIT)" in page and "Add all icons to my bag" in page
    for own in ("/edit/", 'name="remove"', "Rename"):
        assert own not in page and own in client.get(bag_of(client).get_absolute_url()).content.decode()
    assert reply["X-Robots-Tag"] == "noindex, nofollow" and reply["Referrer-Policy"] == "same-origin"
    assert "private" in reply["Cache-Control"]


@pytest.mark.parametrize("change", [{"remove": "shapes:home"}, {"empty": 1}, {"name": "x"}, {"hold": 1}, {"delete": 1}])
def test_nobody_changes_the_bag_of_another(
    client: Client, icons: dict[str, Icon], user: User, change: dict[str, str]
) -> None:
    owned = Bag.objects.create(owner=user, name="Ada's")
    owned.add([icons["home"].pk])
    add(client, "shapes:home")
    outsider, stranger = Client(), User.objects.create_user("eve")
    for bag in (owned, bag_of(client)):
        for visitor in (Client(), outsider):
            assert visitor.post(f"/bags/{bag.key}/edit/", change).status_code == 404
        assert list(bag.in_order()) == [icons["home"]]
        outsider.force_login(stranger)
    assert client.post(f"/bags/{owned.key}/edit/", change).status_code == 404
    assert Bag.objects.get(pk=owned.pk).name == "Ada's"


def test_the_icons_of_another_are_put_in_ones_own(client: Client, icons: dict[str, Icon]) -> None:
    add(client, "shapes:home", "shapes:ring")
    key, visitor = bag_of(client).key, Client()
    add(visitor, "shapes:cross", "shapes:ring")
    reply = visitor.post(f"/bags/{key}/take/")
    assert reply["Location"] == bag_of(visitor).get_absolute_url()
    assert [icon.name for icon in bag_of(visitor).in_order()] == ["cross", "ring", "home"]
    assert [icon.name for icon in bag_of(client).in_order()] == ["home", "ring"]
    empty = Bag.objects.create()
    assert Client().post(f"/bags/{empty.key}/take/")["Location"] == empty.get_absolute_url()
    assert Bag.objects.count() == 3


def test_a_bag_is_named_emptied_and_deleted(client: Client, icons: dict[str, Icon]) -> None:
    add(client, "shapes:home", "shapes:ring", "shapes:cross")
    bag = bag_of(client)
    edit = bag.get_absolute_url() + "edit/"
    assert client.post(edit, {"name": " Toolbar <b> "})["Location"] == bag.get_absolute_url()
    assert "<h1>Toolbar &lt;b&gt;</h1>" in client.get(bag.get_absolute_url()).content.decode()
    client.post(edit, {"remove": "shapes:ring"})
    assert [icon.name for icon in bag.in_order()] == ["home", "cross"]
    client.post(edit, {"empty": "1"})
    assert not bag.in_order() and "This bag is empty." in client.get(bag.get_absolute_url()).content.decode()
    assert client.post(edit, {"delete": "1"})["Location"] == "/bag/"
    assert client.get(bag.get_absolute_url()).status_code == 404
    assert "Your bag is empty" in client.get("/bag/").content.decode()
    assert add(client, "shapes:home") == ["shapes:home"]


@pytest.mark.parametrize("name", ["x" * 101, "a\x00b"])
def test_a_name_that_cannot_be_one_is_refused_with_a_sentence(
    client: Client, icons: dict[str, Icon], name: str
) -> None:
    add(client, "shapes:home")
    reply = client.post(bag_of(client).get_absolute_url() + "edit/", {"name": name})
    assert reply.status_code == 400 and b"<h1>" in reply.content
    assert bag_of(client).name == ""


@pytest.mark.parametrize("path", ["/bag/change/", "/bag/new/", "/bags/KEY/edit/", "/bags/KEY/take/"])
def test_a_link_changes_nothing(client: Client, icons: dict[str, Icon], path: str) -> None:
    add(client, "shapes:home")
    query = "?add=shapes:ring&remove=shapes:home&empty=1&delete=1&name=x"
    assert client.get(path.replace("KEY", bag_of(client).key) + query).status_code == 405
    assert client.get("/bag/icons.json").json() == {"icons": ["shapes:home"]}


@pytest.mark.parametrize("path", ["/bag/change/", "/bag/new/", "/bags/KEY/edit/", "/bags/KEY/take/"])
def test_another_site_cannot_send_the_form(icons: dict[str, Icon], path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    key = Bag.objects.create().key
    assert client.post(path.replace("KEY", key), {"add": "shapes:home"}).status_code == 403
    assert not BagIcon.objects.exists()


@pytest.mark.parametrize("key", ["nope", "x" * 3000, "%00", "a.b"])
def test_a_bag_that_does_not_exist_is_reported(client: Client, db: None, key: str) -> None:
    assert client.get(f"/bags/{key}/").status_code == 404
    assert client.get(f"/bags/{key}/svg.zip").status_code == 404
    assert client.post(f"/bags/{key}/take/").status_code == 404


def test_who_signs_in_keeps_what_they_collected(client: Client, icons: dict[str, Icon], user: User) -> None:
    earlier = Bag.objects.create(owner=user, name="Earlier")
    earlier.add([icons["ring"].pk])
    add(client, "shapes:home")
    bag = bag_of(client)
    client.login(username="ada", password="secret")
    assert client.get("/bag/icons.json").json() == {"icons": ["shapes:home"]}
    assert bag_of(client) == bag and bag_of(client).owner == user
    assert [icon.name for icon in earlier.in_order()] == ["ring"]
    page = client.get(bag.get_absolute_url()).content.decode()
    assert "Your bags" in page and "Earlier" in page
    client.logout()
    assert client.get("/bag/icons.json").json() == {"icons": []}
    assert "Add all icons to my bag" in client.get(bag.get_absolute_url()).content.decode()


def test_who_signs_in_with_nothing_finds_the_bag_changed_last(
    client: Client, icons: dict[str, Icon], user: User
) -> None:
    for name in ("ring", "home"):
        Bag.objects.create(owner=user).add([icons[name].pk])
    add(client, "shapes:cross")
    client.post("/bag/change/", {"remove": "shapes:cross"})
    client.login(username="ada", password="secret")
    assert client.get("/bag/icons.json").json() == {"icons": ["shapes:home"]}


def test_somebody_signed_in_keeps_several_bags(client: Client, icons: dict[str, Icon], user: User) -> None:
    client.force_login(user)
    add(client, "shapes:home")
    first = bag_of(client)
    assert first.owner == user
    client.post("/bag/new/", {"name": "Second"})
    second = bag_of(client)
    assert (second.name, second.owner) == ("Second", user) and add(client, "shapes:ring") == ["shapes:ring"]
    page = client.get(first.get_absolute_url()).content.decode()
    assert "The icons that you add go into another bag." in page and "Second" in page
    client.post(first.get_absolute_url() + "edit/", {"hold": "1"})
    assert add(client, "shapes:cross") == ["shapes:home", "shapes:cross"]
    client.post(second.get_absolute_url() + "edit/", {"remove": "shapes:ring"})
    assert not second.in_order()


def test_a_visitor_who_has_not_signed_in_has_one_bag(client: Client, icons: dict[str, Icon]) -> None:
    add(client, "shapes:home")
    assert client.post("/bag/new/", {"name": "Second"}).status_code == 404


def test_a_visitor_is_remembered_as_long_as_the_bag(client: Client, icons: dict[str, Icon], user: User) -> None:
    add(client, "shapes:home")
    assert client.cookies["sessionid"]["max-age"] == 90 * 24 * 3600
    client.login(username="ada", password="secret")
    assert client.session.get_expiry_age() == 14 * 24 * 3600


def test_bags_of_nobody_that_were_left_are_deleted(icons: dict[str, Icon], user: User) -> None:
    long_ago = timezone.now() - timedelta(days=91)
    remaining = [Bag.objects.create(), Bag.objects.create(owner=user, updated_at=long_ago)]
    left = Bag.objects.create(updated_at=long_ago)
    BagIcon.objects.create(bag=left, icon=icons["home"])
    Session.objects.create(session_key="ended", session_data="", expire_date=long_ago)
    assert delete_old_bags() == 1
    assert sorted(Bag.objects.values_list("pk", flat=True)) == sorted(bag.pk for bag in remaining)
    assert not Session.objects.exists()


def test_every_tile_can_be_put_in_the_bag_without_a_question_for_each(
    client: Client, make_icon: Callable[..., Icon], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        make_icon(f"home-{number}")
    names = [f"shapes:home-{number}" for number in range(30)]
    assert add(client, *names) == names
    key = bag_of(client).key
    with django_assert_max_num_queries(10):
        assert client.get(f"/bags/{key}/").content.decode().count('name="remove"') == 30


def test_the_page_of_an_icon_reads_no_more_of_a_large_bag_than_it_compares(
    client: Client,
    icons: dict[str, Icon],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    many = Icon.objects.bulk_create(
        Icon(set=icons["home"].set, name=f"home-{number}", svg=icons["home"].svg) for number in range(100)
    )
    add(client, "shapes:home")
    Bag.objects.get().add([icon.pk for icon in [*icons.values(), *many]])
    request = RequestFactory().get("/")
    request.user, request.session = AnonymousUser(), client.session
    assert request.session["bag"]  # reads the session
    with django_assert_num_queries(2):
        first_icons = list(context_processors.bag(request)["first_bag_icons"])
    assert [icon.pk for icon in first_icons[:2]] == [icons["home"].pk, icons["square"].pk]
    assert len(first_icons) == 64 and all("svg" in icon.get_deferred_fields() for icon in first_icons)
    assert "(105)" in client.get("/icons/shapes/ring/").content.decode()


def test_the_administrator_sees_bags(admin_client: Client, icons: dict[str, Icon]) -> None:
    bag = Bag.objects.create(name="Toolbar")
    bag.add([icons["home"].pk])
    page = admin_client.get("/admin/bags/bag/").content.decode()
    assert bag.key in page and "Toolbar" in page and '<td class="field-total">1</td>' in page
    assert admin_client.get(f"/admin/bags/bag/{bag.pk}/change/").status_code == 200
    assert admin_client.get("/admin/bags/bag/add/").status_code == 403
