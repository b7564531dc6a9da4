"""What drawn pages are made of: a skin, with colours, typeface and measures, and a draft, which hands out icons."""

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from bench.scenes import Colour, css, luminance
from bench.screenshots import BEFORE_OWN_ID, START_TAG
from bench.typefaces import SYSTEM, TYPEFACES, Typeface
from bench.wording import LANGUAGES, RIGHT_TO_LEFT, SENTENCES, label

RADII = (0, 3, 4, 6, 8, 12, 99)  # CSS px
ICON_SIDES = (14, 16, 16, 18, 20, 20, 24)  # CSS px


@dataclass(frozen=True)
class Skin:
    """How a page looks. Lengths are CSS px."""

    language: str
    typeface: Typeface | None  # None: what the machine has
    dark: bool
    page: Colour
    surface: Colour  # of cards, menus and bars
    ink: Colour
    muted: Colour  # of less important text
    accent: Colour
    radius: int
    font_size: int
    side: int  # of an icon

    @property
    def on_accent(self) -> Colour:
        """The colour of text on the accent colour."""
        return (255, 255, 255) if luminance(self.accent) < 150 else (24, 24, 28)

    @property
    def line(self) -> str:
        """The CSS colour of borders."""
        return "rgba(255,255,255,.16)" if self.dark else "rgba(20,24,40,.16)"

    @property
    def style(self) -> str:
        """The style sheet of a page. Raises SourceError where the typeface cannot be had."""
        family = f"'{self.typeface.family}', {SYSTEM}" if self.typeface else SYSTEM
        direction = "rtl" if self.language in RIGHT_TO_LEFT else "ltr"
        return f"""{self.typeface.css if self.typeface else ""}
        body {{ background: {css(self.page)}; color: {css(self.ink)}; direction: {direction} }}
        body, span {{ font: {self.font_size}px/1.35 {family} }}
        body * {{ box-sizing: border-box }}
        svg, .rigid {{ flex: none }}
        .row, .column {{ display: flex; align-items: center }}
        .column {{ flex-direction: column; align-items: stretch }}
        .fill {{ flex: 1; min-width: 0 }}
        .muted {{ color: {css(self.muted)} }}
        .surface {{ background: {css(self.surface)} }}
        .bordered {{ border: 1px solid {self.line} }}
        """


@dataclass
class Draft:
    """A page that is being put together. Each icon that it draws is marked with its number, `icon 0` and so on."""

    rng: Random
    skin: Skin
    icons: Sequence[tuple[str, str]]  # id and SVG of those that it may draw, in this order
    drawn: int = 0  # how many of them it drew
    text_width: float = 0  # CSS px that labels are to take; 0: any

    @property
    def has_more(self) -> bool:
        """Whether there is an icon left to draw."""
        return self.drawn < len(self.icons)

    def icon(self, colour: str = "", side: float = 0) -> str:
        """HTML of the next icon; nothing where none is left. `colour` is CSS, `side` in CSS px."""
        if not self.has_more:
            return ""
        side, mark = side or self.skin.side, f"icon {self.drawn}"
        style = f"width:{side:g}px;height:{side:g}px;font-size:{side:g}px;display:block"
        style += f";color:{colour}" if colour else ""
        svg = BEFORE_OWN_ID.sub(f"draft{self.drawn}-", self.icons[self.drawn][1])
        self.drawn += 1
        return START_TAG.sub(rf'<\1 data-mark="{mark}" style="{style}" ', svg, count=1)

    def label(self, style: str = "") -> str:
        """HTML of a label, marked `text`."""
        text = label(self.rng, self.skin.language, self.text_width, self.skin.font_size)
        return f'<span data-mark=text style="{style}">{text}</span>'

    def sentence(self) -> str:
        """A sentence without a mark."""
        return self.rng.choice(SENTENCES[self.skin.language])


def random_skin(rng: Random, language: str = "") -> Skin:
    """A skin, light three times out of five."""
    language = language or rng.choice(LANGUAGES)
    dark = rng.random() < 0.4
    tint = rng.choice((0, 0, 0.08, 0.15))
    hue = rng.random()
    page_light = rng.uniform(0.05, 0.16) if dark else rng.uniform(0.93, 1)
    surface_light = page_light + rng.uniform(0, 0.06) if dark else rng.uniform(0.97, 1)
    ink_light = rng.uniform(0.82, 1) if dark else rng.uniform(0, 0.28)
    muted_light = rng.uniform(0.55, 0.7) if dark else rng.uniform(0.38, 0.55)
    font_size = rng.choice((12, 13, 14, 14, 15, 16))
    return Skin(
        language,
        rng.choice(TYPEFACES[language]),
        dark,
        _colour(hue, page_light, tint),
        _colour(hue, surface_light, tint),
        _colour(hue, ink_light, tint),
        _colour(hue, muted_light, tint),
        _colour(rng.random(), rng.uniform(0.32, 0.6), rng.uniform(0.5, 0.95)),
        rng.choice(RADII),
        font_size,
        rng.choice([side for side in ICON_SIDES if font_size - 1 <= side <= 2 * font_size]),
    )


def _colour(hue: float, lightness: float, saturation: float) -> Colour:
    red, green, blue = colorsys.hls_to_rgb(hue, min(lightness, 1), saturation)
    return round(255 * red), round(255 * green), round(255 * blue)
