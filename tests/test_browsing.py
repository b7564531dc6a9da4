"""The list of sets and the page of a set, as served."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from icons.models import Icon, IconSet
from icons.set_samples import add_samples, summarise_sets
from search.tasks import sweep_terms
from tests.conftest import SHAPES, svg_of

SVG = svg_of(SHAPES["ring"])


def fill(icon_set: IconSet, *names: str, **fields: Any) -> None:
    Icon.objects.bulk_create(Icon(set=icon_set, name=name, svg=SVG, svg_hash="0" * 64, **fields) for name in names)


def numbered(count: int) -> list[str]:
    return [f"n{i:04}" for i in range(count)]


def shown(client: Client, address: str) -> list[str]:
    """The names of the tiles, or the prefixes of the sets, in order."""
    reply = client.get(address)
    assert reply.status_code == 200
    pairs = re.findall(r'data-icon="[^:]+:([^"]+)"|<p class="soft"><code>([^<]+)</code>', reply.content.decode())
    return [icon or prefix for icon, prefix in pairs]


@pytest.fixture
def sets(icon_set: IconSet) -> dict[str, IconSet]:
    fill(icon_set, "ring", "cross")
    emoji = IconSet.objects.create(prefix="emoji", title="Faces", licence="Apache 2.0", author="Ada", palette=True)
    fill(emoji, *numbered(150))
    large = IconSet.objects.create(prefix="big", title="A large one", licence_spdx="MIT", author="Bob")
    fill(large, *numbered(1001))
    IconSet.objects.create(prefix="void", title="Void")
    return {"shapes": icon_set, "emoji": emoji, "big": large}


@pytest.mark.parametrize(
    ("query", "prefixes"),
    [
        ("", ["big", "emoji", "shapes", "void"]),
        ("?sort=size", ["big", "emoji", "shapes", "void"]),
        ("?q=face", ["emoji"]),
        ("?q=FACES+ada", ["emoji"]),
        ("?q=shap", ["shapes"]),
        ("?licence=MIT", ["big", "shapes"]),
        ("?licence=Apache+2.0", ["emoji"]),
        ("?colours=several", ["emoji"]),
        ("?colours=one&size=large", ["big"]),
        ("?size=small", ["shapes", "void"]),
        ("?size=medium", ["emoji"]),
        ("?part&q=large", ["big"]),
        ("?licence=GPL&size=tiny&sort=%00&colours=9", ["big", "emoji", "shapes", "void"]),
        ("?q=%00", ["big", "emoji", "shapes", "void"]),
        ("?q=" + "x" * 3000, ["big", "emoji", "shapes", "void"]),
    ],
)
def test_sets_are_filtered(client: Client, sets: dict[str, IconSet], query: str, prefixes: list[str]) -> None:
    assert shown(client, f"/sets/{query}") == prefixes


def test_a_list_without_sets_says_so(client: Client, sets: dict[str, IconSet]) -> None:
    for query in ("q=nothing", "size=large&colours=several", "part&q=nothing"):
        assert "No icon set matches all of these filters" in client.get(f"/sets/?{query}").content.decode()


def test_an_empty_library_says_how_to_fill_it(client: Client, db: None) -> None:
    page = client.get("/sets/").content.decode()
    assert "There are no icons yet. Import some in the <a href=" in page and 'class="filters"' not in page


def test_the_part_has_nothing_around_it(client: Client, sets: dict[str, IconSet]) -> None:
    for address in ("/sets/?part", "/sets/big/?part", "/sets/big/?part&from=0&count=2"):
        part = client.get(address).content.decode()
        assert "<html" not in part and "<h1" not in part and "/big/" in part


def test_a_sample_shows_what_most_sets_draw(icon_set: IconSet) -> None:
    fill(icon_set, "aardvark", "abacus", "bell", "home", "house", "settings-2", "starfish", "user", "zebra")
    fill(icon_set, "heart", hidden=True)
    (summary,) = summarise_sets()
    add_samples([summary])
    assert [icon.name for icon in summary.row.icons] == ["home", "user", "settings-2", "starfish", "bell", "aardvark"]


def test_a_sample_of_few_icons_has_all_of_them(sets: dict[str, IconSet], django_assert_num_queries: Any) -> None:
    summaries = {summary.icon_set.prefix: summary for summary in summarise_sets()}
    with django_assert_num_queries(1):
        add_samples(list(summaries.values()))
        assert summaries["shapes"].row.icons[0].svg_url.startswith("/icons/shapes/")
    assert sorted(icon.name for icon in summaries["shapes"].row.icons) == ["cross", "ring"]
    assert len(summaries["big"].row.icons) == 6 and summaries["void"].row.icons == []


def test_the_list_takes_two_queries(client: Client, sets: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        client.get("/sets/")


# --- one set ---


@pytest.fixture
def styled_icons(icon_set: IconSet) -> None:
    motifs = ("arrow-left", "bell", "cat", "dog")
    fill(icon_set, *(f"{motif}{style}" for motif in motifs[:2] for style in ("", "-outline", "-sharp")), category="UI")
    fill(icon_set, *(f"{motif}{style}" for motif in motifs[2:] for style in ("", "-outline")), category="Pets & co")
    fill(icon_set, "secret-outline", category="Hidden", hidden=True)
    Icon.objects.filter(name="cat").update(tags=["Kitten", "tom, {cat}"], name_zh="猫", aliases=["tomcat", "puss"])
    sweep_terms()


def test_a_set_offers_its_categories_and_variants(client: Client, styled_icons: None) -> None:
    page = re.sub(r"\s+", " ", client.get("/sets/shapes/").content.decode())
    for part in (
        'href="?variant=outline">outline <span class="soft">4</span>',
        'href="?variant=plain">no style <span class="soft">4</span>',
        'href="?category=Pets+%26+co">Pets &amp; co <span class="soft">4</span>',
        'href="?category=UI">UI <span class="soft">6</span>',
    ):
        assert part in page
    assert "variant=sharp" not in page and "Hidden" not in page and "secret" not in page
    chosen = client.get("/sets/shapes/?category=UI&variant=outline&q=b&page=1").content.decode()
    assert 'aria-current="true" href="?category=UI&amp;q=b">outline' in chosen
    assert '<input type="hidden" name="variant" value="outline">' in chosen


def test_an_icon_whose_category_is_changed_is_at_once_in_the_new_one(client: Client, styled_icons: None) -> None:
    assert shown(client, "/sets/shapes/?category=Birds") == []
    icon = Icon.objects.get(name="dog")
    icon.category = "Birds"
    icon.save()
    assert shown(client, "/sets/shapes/?category=Birds") == ["dog"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("category=Pets+%26+co", ["cat", "cat-outline", "dog", "dog-outline"]),
        ("variant=outline", ["arrow-left-outline", "bell-outline", "cat-outline", "dog-outline"]),
        ("variant=plain", ["arrow-left", "bell", "cat", "dog"]),
        ("variant=plain&category=UI", ["arrow-left", "bell"]),
        ("q=out+CAT", ["cat-outline"]),
        ("q=kitten", ["cat", "cat-outline"]),
        ("q=猫", ["cat", "cat-outline"]),
        ("q=Puss", ["cat"]),
        ("q=tomc", ["cat"]),
        ("q=kitten+puss", ["cat"]),
        ("q=cat-puss", ["cat"]),
        ("q=%7Bcat", ["cat", "cat-outline"]),
        ("q=bel", ["bell", "bell-outline", "bell-sharp"]),
        ("q=notification", ["bell", "bell-outline", "bell-sharp"]),
        ("q=puppy+outline", ["dog-outline"]),
        ("q=小狗", ["dog", "dog-outline"]),
        ("q=purple+dog", ["dog", "dog-outline"]),
        ("q=ow-l", ["arrow-left", "arrow-left-outline", "arrow-left-sharp"]),
        ("q=pets&variant=plain", ["dog", "cat"]),
        ("q=%00dog%00", ["dog", "dog-outline"]),
        ("q=%25", []),
        ("q=%7B%7D", []),
        ("q=%22", []),
    ],
)
def test_the_icons_of_a_set_are_filtered(client: Client, styled_icons: None, query: str, names: list[str]) -> None:
    assert shown(client, f"/sets/shapes/?{query}") == names
    assert shown(client, f"/sets/shapes/?part&from=0&count=9&{query}") == names


@pytest.mark.parametrize(
    "query", ["category=Nope", "variant=sharp", "variant=%00", "category=%00", "q=nope", "variant=.*"]
)
def test_a_filter_that_no_icon_passes_is_reported(client: Client, styled_icons: None, query: str) -> None:
    page = client.get(f"/sets/shapes/?{query}").content.decode()
    assert "No icon of this set matches" in page and "data-icon" not in page


def test_words_that_no_icon_of_the_set_has_are_named(client: Client, styled_icons: None) -> None:
    assert "This was left out: purple." in client.get("/sets/shapes/?q=purple+dog").content.decode()
    assert "left out" not in client.get("/sets/shapes/?q=dog").content.decode()


def test_a_set_without_icons_says_so(client: Client, icon_set: IconSet) -> None:
    assert "This set has no icons" in client.get("/sets/shapes/").content.decode()


def test_a_part_is_bounded(client: Client, icon_set: IconSet) -> None:
    names = numbered(600)
    fill(icon_set, *names)
    page = "/sets/shapes/?part&from={}&count={}".format
    assert shown(client, page(200, 3)) == names[200:203]
    assert shown(client, page(0, 10**30)) == names[:480]
    for start in ("-1", "x", "", "%00", "1.5", "٣x"):
        assert shown(client, page(start, 1)) == names[:1]
    for count in ("0", "-5", "NaN", ""):
        assert shown(client, page(7, count)) == names[7:8]
    for start in ("600", "10000000", str(10**30), "9" * 5000):
        assert shown(client, page(start, 9)) == []
    for number in ("3", "99", "9" * 5000):
        assert shown(client, f"/sets/shapes/?page={number}") == names[480:]


def test_pages_keep_the_filters(client: Client, icon_set: IconSet) -> None:
    fill(icon_set, *numbered(500))
    page = client.get("/sets/shapes/?q=n&page=2").content.decode()
    assert 'href="?q=n&amp;page=1" rel="prev"' in page and 'href="?q=n&amp;page=3" rel="next"' in page
    assert "500 icons" in page and "241 to 480 on this page" in page and "Page 2 of 3" in page


def test_categories_follow_a_change_of_the_set(
    client: Client, make_icon: Callable[..., Icon], styled_icons: None
) -> None:
    assert "?category=New" not in client.get("/sets/shapes/").content.decode()
    make_icon("egg", category="New")
    assert "?category=New" in client.get("/sets/shapes/").content.decode()


def test_sets_of_one_title_are_told_apart_by_their_prefixes(client: Client, make_icon: Callable[..., Icon]) -> None:
    for prefix, title in (("shapes-2", "Shapes"), ("other", "Other")):
        make_icon("ring", set=IconSet.objects.create(prefix=prefix, title=title))
    make_icon("ring")
    sweep_terms()
    page = client.get("/icons/?q=ring").content.decode()
    assert sorted(re.findall('tile-detail">(.+?)<', page)) == ["Other", "Shapes (shapes)", "Shapes (shapes-2)"]
    assert page.count("Shapes (shapes-2)") == 2  # on the tile, and among the filters
    assert "Shapes (shapes-2)" in client.get("/icons/shapes-2/ring/").content.decode()
