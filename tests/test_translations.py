"""English and Chinese: every text that a person reads is translated, and the catalogue is compiled at the start."""

import gettext
import io
import os
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.utils.translation.template import templatize

from icons.models import Icon, ImportProblem, ImportRun
from iconsite.translations import compile_catalogues
from search.indexing import BLANK_ICON
from search.models import Outcome
from tests.conftest import SHAPES, png_of, store_outcomes, svg_of, upload

APPS = ("api", "bags", "iconify", "icons", "iconsite", "search")
KEYWORDS = ("_", "_lazy", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext")
PLACEHOLDERS = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{\w+\}|<[^>]+>")

Id = str | tuple[str, ...]  # with its plural


def ids_in(source: str) -> Iterator[Id]:
    """The texts that Python source has translated; for plurals, (singular, plural)."""
    for _line, _function, texts, _comments in extract_python(
        io.BytesIO(source.encode()), dict.fromkeys(KEYWORDS), (), {}
    ):
        if texts:  # not where a variable is translated
            yield texts if isinstance(texts, str) else tuple(text for text in texts if text)


def ids_in_templates(folder: Path) -> set[Id]:
    ids: set[Id] = set()
    for path in folder.rglob("*.html"):
        # What is not translated becomes X's, indented as in the template, which is no valid Python.
        lines = templatize(path.read_text(encoding="utf-8")).splitlines()
        ids.update(ids_in("\n".join(line.strip() for line in lines)))
    return ids


def ids_used() -> set[Id]:
    """The texts that all templates and modules have translated."""
    modules = (path for app in APPS for path in (settings.BASE_DIR / app).rglob("*.py"))
    python = {text_id for path in modules for text_id in ids_in(path.read_text(encoding="utf-8"))}
    return python | ids_in_templates(settings.BASE_DIR / "templates")


def catalogue() -> Catalog:
    with open(settings.BASE_DIR / "locale/zh_Hans/LC_MESSAGES/django.po", encoding="utf-8") as file:
        return read_po(file, abort_invalid=True)


def id_of(message: Message) -> Id:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def singular(text_id: Id) -> str:
    return text_id if isinstance(text_id, str) else text_id[0]


def translations(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def test_every_text_is_translated() -> None:
    known = {id_of(message) for message in catalogue() if message.id and all(translations(message))}
    assert sorted(map(singular, ids_used() - known)) == []


def test_every_translation_is_of_a_text_in_use() -> None:
    texts = catalogue()
    used = ids_used() | ids_in_templates(Path(admin.__path__[0]))  # Django's own translation of its admin has gaps
    ids = {id_of(message) for message in texts if message.id}
    assert sorted(map(singular, ids - used)) == []
    assert not texts.obsolete and not any(message.fuzzy for message in texts if message.id)


def test_translations_keep_placeholders_and_elements() -> None:
    for message in catalogue():
        english = message.id if isinstance(message.id, str) else message.id[-1]
        for text in translations(message) if english else ():
            assert Counter(PLACEHOLDERS.findall(text)) == Counter(PLACEHOLDERS.findall(english)), english


# --- pages ---

# Proper names, names of keys, and terms of programs and formats, which are the same in every language.
NAMES = frozenset(
    re.findall(
        r"\w+",
        """Iconsite SVG PNG JPEG WebP GIF BMP ICO JSX React Vue Svelte CSS Iconify JSON iconify icon Django Data URI ID
        API api OpenAPI Webhook standardwebhooks com Bearer Authorization
        viewBox currentColor TrueType WOFF npm symbol use Ctrl Shift Esc px AVIF TIFF HEIC IcoMoon Fontello
        MIT License SPDX SHA
        LEFT OUT zip json svg
        txt source admin Shapes shapes ring cross home square triangle xylophone""",
    )
)
DJANGO_SAYS = {"Search", "False"}  # texts of pictures in Django's admin, which are not translated
SHOWN_ATTRIBUTES = ("title", "alt", "aria-label", "placeholder")
NOT_READ = ("script", "style", "textarea", "code")
VOID = ("input", "img", "link", "meta", "br", "hr", "rect", "path", "circle")


class EnglishWords(HTMLParser):
    """The English words that a page shows or says, but for proper names and words that are marked as English."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[bool] = []  # for each open element: whether its text is read
        self.words: set[str] = set()
        self.languages: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag == "html":
            self.languages.append(values.get("lang") or "")
        read = tag not in NOT_READ and values.get("lang") != "en" and all(self.open[-1:])
        texts = [values.get(name) for name in SHOWN_ATTRIBUTES]
        if tag == "input" and values.get("type") in ("submit", "button", "reset"):
            texts.append(values.get("value"))
        # The sentences that scripts say are in data- attributes, among values that nobody reads.
        texts += [value for name, value in attributes if name.startswith("data-") and re.match(r"\w+ \w", value or "")]
        if read:
            self.note(" ".join(filter(None, texts)))
        if tag not in VOID:
            self.open.append(read)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if all(self.open[-1:]):
            self.note(data)

    def note(self, text: str) -> None:
        words = re.findall(r"\b[a-z]{2,}\b", text, re.ASCII | re.IGNORECASE)  # a Chinese character ends a word, too
        self.words.update(set(words) - NAMES - DJANGO_SAYS)


def assert_chinese(client: Client, address: str) -> None:
    page = EnglishWords(client.get(address, headers={"accept-language": "zh-CN"}).content.decode())
    assert (page.languages, sorted(page.words)) == (["zh-hans"], []), address


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/icons/",
        "/icons/?q=ring",
        "/icons/?q=xylophone",
        "/sets/",
        "/sets/?q=xylophone",
        "/icons/shapes/",
        "/icons/shapes/?q=xylophone",
        "/icons/shapes/ring/",
        "/icons/shapes/ring/?size=0&stroke=99&rotate=9&flip=z",
        "/icons/shapes/ring.svg?size=0",
        "/icons/shapes/xylophone/",
        "/bag/",
        "/api/",
        "/login/",
        "/nowhere/",
        "/admin/login/",
    ],
)
def test_pages_are_in_chinese(client: Client, icons: dict[str, Icon], address: str) -> None:
    assert_chinese(client, address)


def test_without_icons_pages_are_in_chinese(client: Client, db: None) -> None:
    for address in ("/", "/sets/"):
        assert_chinese(client, address)


def test_a_bag_is_in_chinese(admin_client: Client, client: Client, icons: dict[str, Icon]) -> None:
    admin_client.post("/bag/change/", {"add": ["shapes:ring", "shapes:home"]})
    address = admin_client.get("/bag/").headers["Location"]
    assert_chinese(admin_client, address)
    assert_chinese(client, address)


def test_what_a_picture_finds_is_in_chinese(client: Client, indexed_icons: dict[str, Icon]) -> None:
    address = client.post("/", {"image": upload(png_of(svg_of(SHAPES["ring"])))}).headers["Location"]
    assert_chinese(client, address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "icons/iconset/",
        "icons/iconset/add/",
        "icons/icon/",
        "icons/icon/add/",
        "icons/importrun/",
        "icons/importrun/add/",
        "search/iconvector/",
        "search/iconvector/progress/",
        "bags/bag/",
        "api/apikey/",
        "api/apikey/add/",
        "api/webhook/",
        "api/webhook/add/",
        "api/delivery/",
    ],
)
def test_the_admin_is_in_chinese(admin_client: Client, icons: dict[str, Icon], address: str) -> None:
    assert_chinese(admin_client, f"/admin/{address}")


def test_what_the_admin_shows_of_one_thing_is_in_chinese(admin_client: Client, icons: dict[str, Icon]) -> None:
    run = ImportRun.objects.create(source="shapes.json", status=ImportRun.Status.STOPPED)
    ImportProblem.objects.create(run=run, icon="shapes:ring", reason="–")
    ring = icons["ring"]
    for address in (f"icons/importrun/{run.pk}/change/", f"icons/icon/{ring.pk}/change/",
                    f"icons/iconset/{ring.set_id}/change/", f"icons/iconset/{ring.set_id}/delete/"):  # fmt: skip
        assert_chinese(admin_client, f"/admin/{address}")


def test_the_page_of_keys_is_in_chinese(admin_client: Client) -> None:
    assert_chinese(admin_client, "/keys/")
    page = admin_client.post("/keys/", {}, headers={"accept-language": "zh-CN"}).content.decode()
    assert EnglishWords(page).words == set()


def test_the_admin_translates_why_an_icon_is_not_indexed(admin_client: Client, icons: dict[str, Icon]) -> None:
    icon = icons["ring"]
    store_outcomes([Outcome(icon.pk, icon.svg_hash, error=BLANK_ICON)])
    for address in ("icons/icon/", f"icons/icon/{icon.pk}/change/", "search/iconvector/"):
        page = admin_client.get(f"/admin/{address}", headers={"accept-language": "zh-CN"}).content.decode()
        assert "图形为空白。" in page and BLANK_ICON not in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (svg_of('<use href="x.svg#a"/>').encode(), "SVG 包含引用其他文件的 <use>，这是不允许的。"),
        (
            svg_of("<script>1</script>").encode(),
            "SVG 包含不允许使用的 <script>：请将图标导出为没有交互的普通 SVG。",
        ),
        (b"<svg>\n<g><a></g></svg>", "SVG 不是格式正确的 XML：请看第 2 行第 9 列。"),
        (b"no picture", "无法读取此图片：请使用 PNG、JPEG、WebP、AVIF、GIF、BMP、TIFF、ICO 或 SVG。"),
    ],
)
def test_what_is_refused_is_refused_in_the_language_asked_for(client: Client, data: bytes, sentence: str) -> None:
    chinese = {"accept-language": "zh-CN"}
    reply = client.post("/api/v1/search/image/", {"image": upload(data)}, headers=chinese)
    assert reply.json()["image"] == [sentence] and reply.json()["title"] == "请求有误"


def test_both_languages_are_called_what_they_call_themselves(client: Client, db: None) -> None:
    page = client.get("/sets/", headers={"accept-language": "zh"}).content.decode()
    buttons = re.findall(r'<button[^>]*name="language"[^>]*lang="([^"]*)" aria-pressed="(\w+)">([^<]*)<', page)
    assert buttons == [("en", "false", "English"), ("zh-hans", "true", "简体中文")]


# --- compiling ---


@pytest.fixture
def source(tmp_path: Path) -> Path:
    write(tmp_path / "locale", "图标")
    return tmp_path / "locale"


def write(source: Path, text: str, seconds: int = 1_000_000_000) -> None:
    """A catalogue with a translation of `Icon`, which was last changed so many seconds after 1970."""
    po = source / "zh_Hans/LC_MESSAGES/django.po"
    po.parent.mkdir(parents=True, exist_ok=True)
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    po.write_text(f'{header}msgid "Icon"\nmsgstr "{text}"\n', encoding="utf-8")
    os.utime(po, (seconds, seconds))


def translated(target: Path) -> str:
    with open(target / "zh_Hans/LC_MESSAGES/django.mo", "rb") as file:
        return gettext.GNUTranslations(file).gettext("Icon")


def test_a_catalogue_is_compiled_once_and_again_after_a_change(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "made"
    assert compile_catalogues(source, target) == target and translated(target) == "图标"
    first = (target / "zh_Hans/LC_MESSAGES/django.mo").stat()
    compile_catalogues(source, target)
    assert (target / "zh_Hans/LC_MESSAGES/django.mo").stat().st_ino == first.st_ino
    write(source, "新图标", 1_000_000_001)
    compile_catalogues(source, target)
    assert translated(target) == "新图标"
    assert [path.name for path in target.rglob("*") if path.is_file()] == ["django.mo"]


def test_a_catalogue_that_cannot_be_compiled_leaves_what_there_was(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "made"
    compile_catalogues(source, target)
    po = source / "zh_Hans/LC_MESSAGES/django.po"
    po.write_bytes(po.read_bytes() + b'msgid "\xff"\n')
    with pytest.raises(UnicodeDecodeError):
        compile_catalogues(source, target)
    assert translated(target) == "图标"
    assert [path.name for path in target.rglob("*") if path.is_file()] == ["django.mo"]
