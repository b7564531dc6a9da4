"""Finding icons by words, in English and Chinese."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from icons.models import Icon, IconSet
from search import tasks
from search.models import IconStyle, IconTerms, Term
from search.words.look_up import search_by_words, sets_by_words
from search.words.synonyms import split_chinese, synonyms
from search.words.tokens import index_terms, query_terms, singular, split_words
from tests.conftest import SHAPES, svg_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(make_icon: Callable[..., Icon]) -> None:
    for name in ("home", "home-2", "smart-home", "trash", "arrow-left", "arrow-up", "battery", "x"):
        make_icon(name)
    make_icon("lamp", tags=["home", "light"])
    make_icon("delete-file", name_zh="删除文件")
    make_icon("garbage-truck", category="Vehicles")
    make_icon("basket", aliases=["shopping-bag"])
    tasks.sweep_terms()


def names(text: str) -> list[str]:
    return [icon.name for icon in search_by_words(text, 20).icons]


def test_words_are_cut_at_humps_and_signs_and_lose_accents_and_plurals() -> None:
    assert split_words("arrowLeft Größe 2x_boxes") == ["arrow", "left", "grosse", "2x", "box"]
    plurals = {"arrows": "arrow", "batteries": "battery", "boxes": "box", "glass": "glass", "bus": "bus", "xs": "xs"}
    plurals |= {"leaves": "leaf", "wolves": "wolf", "knives": "knife", "mice": "mouse", "feet": "foot"}
    assert {word: singular(word) for word in plurals} == plurals


def test_chinese_is_stored_in_single_characters_and_pairs_and_looked_up_in_pairs() -> None:
    assert index_terms(["垃圾桶"]) == ["垃", "圾", "桶", "垃圾", "圾桶"]
    assert [query_terms(word) for word in split_words("垃圾桶 bins")] == [["垃圾", "圾桶"], ["bin"]]
    assert query_terms("删") == ["删"]


def test_every_line_of_the_synonyms_joins_at_least_two_words() -> None:
    assert ("trash",) in synonyms()[("bin",)].strong and ("bin",) in synonyms()[("垃圾桶",)].strong
    assert ("delete",) in synonyms()[("bin",)].weak and ("bin",) not in synonyms()[("trash",)].strong
    assert all(others.strong or others.weak for others in synonyms().values())


def test_the_exact_name_comes_first_then_longer_names_then_tags(library: None) -> None:
    assert names("home") == ["home", "home-2", "smart-home", "lamp"]
    assert names("Homes") == names("home")


def test_all_words_must_fit_in_any_order(library: None) -> None:
    assert names("left arrow") == ["arrow-left"]
    assert names("arrow") == ["arrow-left", "arrow-up"]
    assert names("battery arrow-left") == ["arrow-left"]  # no icon has all, so that one word is left out


def test_a_word_that_somebody_is_typing_is_enough(library: None) -> None:
    assert names("arr") == ["arrow-left", "arrow-up"]
    assert names("arrow le") == ["arrow-left"]
    assert names("batt") == ["battery"]
    assert names("x") == ["x"]


@pytest.mark.parametrize("word", ["bin", "rubbish", "删除", "垃圾桶"])
def test_synonyms_are_found_in_both_languages(library: None, word: str) -> None:
    assert {"trash", "delete-file"} <= set(names(word))


def test_a_chinese_name_comes_before_what_a_synonym_finds(library: None) -> None:
    assert names("删除")[0] == "delete-file"
    assert names("文件") == ["delete-file"]


def test_a_slip_in_one_word_still_puts_both_words_first(library: None, make_icon: Callable[..., Icon]) -> None:
    for name in ("cart", "shopping-cart", "shopping-cart-off"):
        make_icon(name)
    assert names("shoping cart")[:2] == ["shopping-cart", "shopping-cart-off"]


@pytest.mark.parametrize("slip", ["batery", "battrey", "batteri"])
def test_a_slip_finds_the_word_that_was_meant(library: None, slip: str) -> None:
    assert names(slip) == ["battery"]


@pytest.mark.parametrize("slip", ["battery", "batery", "abttery", "battrey"])
def test_a_rare_spelling_does_not_hide_the_frequent_one(make_icon: Callable[..., Icon], slip: str) -> None:
    for number in range(10, 40):
        make_icon(f"battery-x{number}")
    make_icon("batery-low")
    make_icon("batted")
    tasks.sweep_terms()
    icons = names(slip)
    assert icons[:2] == (["batery-low", "battery-x10"] if slip == "batery" else ["battery-x10", "battery-x11"])
    assert "batted" not in icons


def test_what_is_written_as_asked_for_comes_before_its_plural(make_icon: Callable[..., Icon]) -> None:
    for name in ("houses", "house", "house-2"):
        make_icon(name)
    assert names("house") == ["house", "houses", "house-2"]
    assert names("houses") == ["houses", "house", "house-2"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("删除按钮", "delete-file"),
        ("删除文件", "delete-file"),
        ("主页图标", "home"),
        ("返回主页", "home"),
        ("主页面板", "home"),
    ],
)
def test_chinese_words_are_found_though_nothing_parts_them(library: None, text: str, name: str) -> None:
    assert names(text)[0] == name


def test_what_is_between_known_chinese_words_counts_where_icons_have_it(make_icon: Callable[..., Icon]) -> None:
    make_icon("honey-badger", name_zh="电话 蜜貛")
    make_icon("phone")
    assert names("蜜貛电话") == ["honey-badger"] and names("电话号码") == ["honey-badger", "phone"]
    assert split_chinese("蜜貛电话亭") == (["电话"], ["蜜貛"]) and split_chinese("火狸") == ([], ["火狸"])


def test_words_of_sets_are_distinguished_from_words_of_icons(library: None, make_icon: Callable[..., Icon]) -> None:
    other = IconSet.objects.create(prefix="arrow-battery", title="Battery Arrow")
    Icon.objects.create(set=other, name="left", svg=svg_of(SHAPES["ring"]))
    assert names("arrow left") == ["arrow-left", "left"] and names("battery arrow") == ["left"]
    Icon.objects.filter(name="left").get().save()
    assert names("battery left") == ["left"]


def test_tags_categories_aliases_and_sets_are_found(library: None) -> None:
    assert names("light") == ["lamp"]
    assert names("vehicle") == ["garbage-truck"]
    assert names("shopping") == ["basket"]
    IconSet.objects.update(title="Fine Shapes")
    assert names("fine battery") == ["battery"]
    assert [icon_set.title for icon_set in sets_by_words("shape")] == ["Fine Shapes"]


def test_what_is_hidden_renamed_or_deleted_is_found_no_longer(library: None) -> None:
    icon = Icon.objects.get(name="battery")
    icon.name = "accumulator"
    icon.save()
    assert names("battery") == [] and names("accumulator") == ["accumulator"]
    icon.hidden = True
    icon.save()
    assert names("accumulator") == []
    Icon.objects.filter(name="trash").delete()
    assert "trash" not in names("trash")


def test_a_sweep_stores_what_is_missing_and_counts_the_terms(library: None) -> None:
    IconTerms.objects.all().delete()
    assert names("home") == []
    assert tasks.sweep_terms() == 12
    assert names("home")[0] == "home"
    assert Term.objects.get(text="home").icons == 4
    assert not Term.objects.filter(icons=0).exists()


def actual_counts() -> dict[str, int]:
    """How many icons have each term, counted in Python from the icons themselves."""
    fields = ("name", "name_en", "name_zh", "category")
    return dict(
        Counter(
            term
            for icon in Icon.objects.visible()
            for term in index_terms([*(getattr(icon, field) for field in fields), *icon.aliases, *icon.tags])
        )
    )


def edit(edited: str, /, **fields: Any) -> None:
    icon = Icon.objects.get(name=edited)
    for field, value in fields.items():
        setattr(icon, field, value)
    icon.save()


CHANGES: dict[str, Callable[[], object]] = {
    "one icon deleted": lambda: Icon.objects.get(name="battery").delete(),
    "several icons deleted": lambda: Icon.objects.filter(name__startswith="home").delete(),
    "icons pruned": lambda: Icon.objects.filter(name__startswith="arrow").delete_locked(),
    "a set deleted": lambda: IconSet.objects.get(prefix="shapes").delete(),
    "an icon hidden": lambda: edit("battery", hidden=True),
    "an icon renamed to known words": lambda: edit("battery", name="home-arrow"),
    "an icon renamed": lambda: edit("battery", name="accumulator"),
    "tags changed to known words": lambda: edit("lamp", tags=["battery", "light"]),
    "an icon added with known words": lambda: edit("battery", pk=None, name="home-arrow"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_sweep_counts_right_after_any_change_of_icons(library: None, change: Callable[[], object]) -> None:
    change()
    tasks.sweep_terms()
    assert dict(Term.objects.values_list("text", "icons")) == actual_counts()


def test_a_sweep_counts_only_after_changes(library: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(4):  # icons without terms, changes, and the savepoint of a test with its release
        tasks.sweep_terms()


@pytest.mark.parametrize("change", ["one icon deleted", "a set deleted", "an icon hidden", "an icon renamed"])
def test_a_slip_never_means_a_word_that_no_icon_has_any_more(library: None, change: str) -> None:
    other = IconSet.objects.create(prefix="other", title="Other")
    Icon.objects.create(set=other, name="buttery", svg=svg_of(SHAPES["ring"]))
    tasks.sweep_terms()
    assert names("batery") == ["battery"]
    CHANGES[change]()
    assert names("batery") == ["buttery"]


@pytest.mark.parametrize("text", ["batery", "batery low"], ids=["a word being typed", "a whole word"])
def test_a_frequent_word_that_no_icon_has_any_more_is_corrected_at_once(
    make_icon: Callable[..., Icon], text: str
) -> None:
    make_icon("battery-low")
    other = IconSet.objects.create(prefix="other", title="Other")
    for number in range(12):
        make_icon(f"batery-low-{number}", set=other)
    tasks.sweep_terms()
    assert len(names(text)) == 12
    other.delete()
    assert names(text) == ["battery-low"]


def test_a_chinese_word_that_no_icon_has_any_more_is_not_required(make_icon: Callable[..., Icon]) -> None:
    for name in ("phone", "home", "phone-home"):
        make_icon(name)
    make_icon("honey-badger", name_zh="蜜貛")
    tasks.sweep_terms()
    Icon.objects.get(name="honey-badger").delete()
    assert names("蜜貛电话主页") == ["phone-home"]


@pytest.mark.parametrize("text", ["", "  ", "!?%_'\"\\", "a" * 500, "x " * 300, "\x00", "a\x00b", "🙂", "%", "{}"])
def test_no_text_is_too_odd(client: Client, library: None, text: str) -> None:
    assert client.get("/icons/", {"q": text}).status_code == 200


def test_the_page_lists_icons_and_a_part_of_it_follows_typing(client: Client, library: None) -> None:
    page = client.get("/icons/", {"q": "home"}).content.decode()
    assert "<title>home – Find icons by words – Iconsite</title>" in page and page.count("<li ") == 4
    assert '<p class="soft"><span data-summary>4 icons</span></p>' in page
    assert "Type above what the icon shows" in client.get("/icons/").content.decode()
    part = client.get("/icons/", {"q": "home", "part": ""}).content.decode()
    assert part.count("<li ") == 4 and "<html" not in part
    assert "No icon is called" in client.get("/icons/", {"q": "nothing-like-it"}).content.decode()


def test_pages_follow_each_other(client: Client, make_icon: Callable[..., Icon]) -> None:
    for number in range(125):
        make_icon(f"arrow-{number}")
    first = client.get("/icons/", {"q": "arrow"}).content.decode()
    second = client.get("/icons/", {"q": "arrow", "page": "2"}).content.decode()
    assert "125 icons" in first and ", 1 to 120 on this page" in first and ", 121 to 125 on this page" in second
    assert first.count("<li ") == 120 and 'rel="next"' in first
    assert second.count("<li ") == 5 and 'rel="next"' not in second and 'rel="prev"' in second
    assert client.get("/icons/", {"q": "arrow", "page": "9" * 30}).status_code == 200


# --- whole names, compounds, styles, ids ---


@pytest.fixture
def interface(make_icon: Callable[..., Icon]) -> None:
    names = (
        "login log-out user-plus device-floppy bookmark dots-vertical dots moon-stars home-filled home-heart settings"
    )
    for name in (*names.split(), "user-cog", "shopping-cart", "cart-off", "brand-github", "chart-line", "line-height"):
        make_icon(name)
    make_icon("home", aliases=["house"])
    tasks.sweep_terms()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("log in", "login"),
        ("log-in", "login"),
        ("sign in", "login"),
        ("logout", "log-out"),
        ("sign out", "log-out"),
        ("userplus", "user-plus"),
        ("plus user", "user-plus"),
        ("save", "device-floppy"),
        ("kebab menu", "dots-vertical"),
        ("dark mode", "moon-stars"),
        ("cog", "settings"),
        ("购物车", "shopping-cart"),
        ("github logo", "brand-github"),
        ("line chart", "chart-line"),
        ("the house icon", "home"),
        ("shapes:home-heart", "home-heart"),
        ("other:home-heart", "home-heart"),
        ("home filled", "home-filled"),
        ("实心首页", "home-filled"),
    ],
)
def test_what_is_called_so_altogether_comes_first(interface: None, text: str, first: str) -> None:
    assert names(text)[0] == first


@pytest.mark.parametrize(
    ("text", "icons", "left_out"),
    [
        ("red home heart", ["home-heart"], ["red"]),
        ("bookmark duotone", ["bookmark"], ["duotone"]),
        ("lucide:bookmark", ["bookmark"], ["lucide"]),
        ("xyzzy", [], []),
        ("xyzzy plugh bookmark", ["bookmark"], ["xyzzy", "plugh"]),
    ],
)
def test_what_fits_no_icon_is_left_out_and_named(
    client: Client, interface: None, text: str, icons: list[str], left_out: list[str]
) -> None:
    answer = search_by_words(text, 5)
    assert [icon.name for icon in answer.icons][:1] == icons and answer.left_out == left_out
    page = client.get("/icons/", {"q": text}).content.decode()
    assert ("left out: " + ", ".join(left_out) in page) == bool(left_out)


def test_the_total_counts_the_icons_of_all_pages(interface: None) -> None:
    first, second = search_by_words("home", 2), search_by_words("home", 2, 2)
    assert first.total == second.total == 3 and len(first.icons) == 2 and len(second.icons) == 1
    assert search_by_words("home", 2, 9).icons == []


def test_sets_that_are_used_more_come_first_and_own_ones_before_all(make_icon: Callable[..., Icon]) -> None:
    make_icon("bell")
    for prefix in ("carbon", "lucide", "zondicons"):
        make_icon("bell", set=IconSet.objects.create(prefix=prefix, title=prefix))
    assert [icon.set.prefix for icon in search_by_words("bell", 9).icons] == ["shapes", "lucide", "carbon", "zondicons"]


def test_terms_that_an_earlier_version_stored_are_stored_anew(interface: None) -> None:
    IconTerms.objects.filter(icon__name="login").update(version=0, wholes=[])
    assert tasks.sweep_terms() == 1
    assert IconTerms.objects.get(icon__name="login").wholes == ["login"]


# --- filters, the preview and the API ---


@pytest.fixture
def two_sets(interface: None, make_icon: Callable[..., Icon]) -> None:
    other = IconSet.objects.create(prefix="other", title="Other", licence_spdx="Apache-2.0")
    gold = Icon.objects.create(set=other, name="home", svg=svg_of('<path fill="gold" d="M2 2h9v9z"/>'))
    IconStyle.objects.create(icon=gold, style="filled")
    tasks.sweep_terms()


@pytest.mark.parametrize(
    ("query", "icons"),
    [
        ("", ["shapes:home", "other:home", "shapes:home-filled", "shapes:home-heart"]),
        ("&set=other", ["other:home"]),
        ("&set=other&set=shapes&licence=Apache-2.0", ["other:home"]),
        ("&palette=colour", ["other:home"]),
        ("&palette=mono", ["shapes:home", "shapes:home-filled", "shapes:home-heart"]),
        ("&style=filled", ["other:home"]),
        ("&limit=1&offset=1", ["other:home"]),
    ],
)
def test_the_api_finds_by_words_within_filters(client: Client, two_sets: None, query: str, icons: list[str]) -> None:
    reply = client.get(f"/api/v1/search/words/?q=home{query}").json()
    assert [result["icon"] for result in reply["results"]] == icons
    assert reply["left_out"] == [] and reply["total"] == (4 if "limit" in query or not query else len(icons))
    if "limit" not in query:
        page = client.get(f"/icons/?q=home{query}").content.decode()
        assert re.findall('data-icon="(.+?)"', page) == icons


@pytest.mark.parametrize("text", ["zzqx zzqx", "home home", "zzqx home zzqx", "a a a"])
def test_a_word_that_is_said_twice_is_one(client: Client, two_sets: None, text: str) -> None:
    assert client.get("/api/v1/search/words/", {"q": text}).status_code == 200
    assert client.get("/icons/", {"q": text}).status_code == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [("", "q"), ("q=", "q"), ("q=home&set=none", "set"), ("q=home&licence=X", "licence"), ("q=a&style=x", "style"),
     ("q=a&palette=x", "palette"), ("q=a&limit=0", "limit"), ("q=a&offset=-1", "offset"), ("q=" + "x" * 201, "q")],
)  # fmt: skip
def test_the_api_names_the_field_that_is_wrong(client: Client, two_sets: None, query: str, field: str) -> None:
    response = client.get(f"/api/v1/search/words/?{query}")
    assert response.status_code == 400 and list(response.json()["errors"]) == [field]
    if field not in ("q", "limit", "offset"):
        page = client.get(f"/icons/?{query}")
        assert page.status_code == 400 and 'class="errors"' in page.content.decode()


def test_other_pages_ask_for_the_beginning_and_scripts_for_tiles(
    client: Client, make_icon: Callable[..., Icon]
) -> None:
    for number in range(40):
        make_icon(f"arrow-{number}")
    preview = client.get("/icons/?q=arrow&part=preview").content.decode()
    assert preview.count("<li ") == 24 and "40 icons" in preview and ">Show all</a>" in preview
    tiles = client.get("/icons/?q=arrow&part&from=30&count=120").content.decode()
    assert tiles.count("<li ") == 10 and "icons" not in tiles.replace("/icons/", "")
    assert "There are no further icons" in client.get("/icons/?q=arrow&page=5").content.decode()
    assert "passes all filters" in client.get("/icons/?q=arrow&palette=colour").content.decode()
