"""Public ids: `prefix:name`, both parts as Iconify writes them."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

NAME = re.compile(r"\A[a-z0-9]+(-[a-z0-9]+)*\Z")  # from its beginning, since validators search
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])")  # where the second word begins in arrowLeft
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
HAN_RUN = re.compile(f"{HAN.pattern}+")
KANA_OR_HANGUL = re.compile("[\u3040-\u30ff\u31f0-\u31ff\uac00-\ud7af\u1100-\u11ff]")
MAX_LENGTH = 200  # characters, of a prefix or a name

validate_name = RegexValidator(
    NAME, _("Use lower-case letters, digits and single hyphens between them, as in “arrow-left-2”.")
)


def is_name(text: str) -> bool:
    """Whether the text may be a prefix or a name: lower-case ASCII letters, digits, single hyphens between them."""
    return bool(NAME.match(text)) and len(text) <= MAX_LENGTH


def to_name(text: str) -> str:
    """The text as a name, in Latin letters: Chinese by its pinyin, other scripts as they sound. "" where none is left.

    >>> to_name("Größe Arrow_Left.2"), to_name("首页"), to_name("🎉 party")
    ('grosse-arrow-left-2', 'shou-ye', 'tada-party')
    """
    plain = HUMP.sub("-", text if text.isascii() else _in_latin(text))
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:MAX_LENGTH].strip("-")


def is_chinese(text: str) -> bool:
    """Whether the text has Chinese characters and no letters of Japanese or Korean."""
    return bool(HAN.search(text)) and not KANA_OR_HANGUL.search(text)


def short_hash(text: str) -> str:
    """Six hexadecimal digits that tell texts apart where their names would be equal."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:6]


def _in_latin(text: str) -> str:
    from anyascii import anyascii  # these tables take a while to load, and most names are ASCII
    from pypinyin import lazy_pinyin

    text = unicodedata.normalize("NFKC", text)
    if is_chinese(text):
        text = HAN_RUN.sub(lambda match: f" {' '.join(lazy_pinyin(match[0]))} ", text)
    return str(anyascii(text))


def stem(file_name: str) -> str:
    """The file name without folders and extension; an empty one stays empty."""
    return PurePosixPath(file_name.replace("\\", "/")).stem


def split_id(public_id: str) -> tuple[str, str] | None:
    """(prefix, name) of `prefix:name`, or None where the text is not of that form."""
    prefix, _, name = public_id.partition(":")
    return (prefix, name) if is_name(prefix) and is_name(name) else None


@dataclass
class UniqueNames:
    """Gives icons unique names, made of texts that need be neither names nor unique.

    The same calls in the same order give the same names.
    """

    taken: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)  # the last that was added to a name

    def pick(self, *candidates: str) -> str:
        """A name made of the first candidate that gives one, else "icon"; a number is added to one already taken.

        >>> names = UniqueNames()
        >>> names.pick("", "Home"), names.pick("home"), names.pick("")
        ('home', 'home-2', 'icon')
        """
        base = next(filter(None, map(to_name, candidates)), "icon")
        name, number = base, self.numbers.get(base, 1)
        while name in self.taken:
            number += 1
            name = f"{base}-{number}"
        self.taken.add(name)
        self.numbers[base] = number
        return name
