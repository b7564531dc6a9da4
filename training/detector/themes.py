"""How a synthetic page looks: its colours, font and sizes, as a style sheet for the classes of `components`."""

import colorsys
from dataclasses import dataclass
from random import Random

from training.detector.words import SCRIPTS, SHARES, Script

FRAMEWORKS = ("", "", "", "bootstrap", "bulma", "pico")  # "": the page's own style alone


@dataclass(frozen=True)
class Theme:
    """The look of a page."""

    dark: bool
    page: str  # CSS colours
    panel: str
    ink: str
    muted: str
    line: str
    primary: str
    on_primary: str
    soft: str  # a pale ground with `primary` on it
    script: Script
    font: str
    size: int  # CSS px of the text
    radius: float  # CSS px
    gap: float  # CSS px between an icon and its label
    pad: float  # CSS px within a button, above and below its label
    icon: float  # CSS px: the usual side of an icon
    framework: str  # of FRAMEWORKS
    stroke: float  # stroke width of stroked icons in units of their view box; 0: as the set has it

    def css(self) -> str:
        """The style sheet of a page."""
        direction = "rtl" if self.script.language == "ar" else "ltr"
        own = "" if self.framework else self._own_css()
        return f"""
* {{ box-sizing: border-box }}
html, body {{ margin: 0; background: {self.page}; color: {self.ink}; font: {self.size}px/1.4 '{self.font}', sans-serif;
  direction: {direction}; overflow: hidden }}
svg.i {{ vertical-align: middle; flex: none }}
{f"svg.i.stroked [stroke-width] {{ stroke-width: {self.stroke} }}" if self.stroke else ""}
.row {{ display: flex; align-items: center; gap: {self.gap}px }}
.col {{ display: flex; flex-direction: column }} .mid {{ align-items: center; text-align: center }}
.wrap {{ flex-wrap: wrap }} .between {{ justify-content: space-between }} .grow {{ flex: 1 }}
.nowrap {{ white-space: nowrap }} .muted {{ color: {self.muted} }} .accent {{ color: {self.primary} }}
.panel {{ background: {self.panel}; border-radius: {self.radius}px }}
.lined {{ border: 1px solid {self.line} }}
.solid {{ background: {self.primary}; color: {self.on_primary} }} .soft {{ background: {self.soft}; color: {self.primary} }}
.round {{ border-radius: 50% }} .pill {{ border-radius: 99px }}
.rel {{ position: relative; display: inline-flex }} .corner {{ position: absolute; pointer-events: none }}
{own}"""

    def _own_css(self) -> str:
        return f"""
.button, .btn {{ display: inline-flex; align-items: center; gap: {self.gap}px; white-space: nowrap; border: 1px solid transparent;
  padding: {self.pad}px {1.8 * self.pad + 2}px; border-radius: {self.radius}px; background: none; color: inherit; font: inherit }}
.btn-primary {{ background: {self.primary}; color: {self.on_primary} }}
.btn-outline-primary {{ border-color: {self.primary}; color: {self.primary} }}
.btn-outline-secondary {{ border-color: {self.line} }}
.btn-light {{ background: {self.soft}; color: {self.primary} }}
.form-control {{ border: 1px solid {self.line}; border-radius: {self.radius}px; padding: {self.pad}px {self.pad + 4}px; background: {self.panel};
  font: inherit; color: inherit }}
.badge, .tag {{ font-size: {0.8 * self.size}px; padding: 1px 6px; border-radius: 99px; background: {self.primary}; color: {self.on_primary} }}
.alert, .notification {{ padding: {self.pad + 4}px; border-radius: {self.radius}px; background: {self.soft}; color: {self.primary} }}
.table td, .table th {{ padding: {self.pad}px 8px; border-bottom: 1px solid {self.line}; text-align: start }}
.table {{ border-collapse: collapse; width: 100% }}"""


def random_theme(rng: Random) -> Theme:
    """A theme as real pages have them, from plain to gaudy."""
    dark = rng.random() < 0.4
    hue = rng.random()
    tint = rng.choice((0, 0, 0.05, 0.15, 0.4))
    if rng.random() < 0.12:  # a page in strong colours
        page, panel = _hsl(hue, 0.6, 0.3 if dark else 0.6), _hsl(hue, 0.6, 0.35 if dark else 0.68)
        ink, muted = ("#fff", "rgba(255,255,255,.6)") if dark else ("#111", "rgba(0,0,0,.55)")
    elif dark:
        level = rng.uniform(0.04, 0.22)
        page, panel = _hsl(hue, tint, level), _hsl(hue, tint, level + rng.uniform(-0.03, 0.08))
        ink, muted = _hsl(hue, tint, rng.uniform(0.75, 1)), _hsl(hue, tint, rng.uniform(0.45, 0.65))
    else:
        page = _hsl(hue, tint, rng.uniform(0.93, 1))
        panel = rng.choice(("#fff", page, _hsl(hue, tint, rng.uniform(0.9, 1))))
        ink, muted = _hsl(hue, tint, rng.uniform(0, 0.35)), _hsl(hue, tint, rng.uniform(0.4, 0.65))
    accent = rng.random()
    light = rng.uniform(0.3, 0.72)
    size = rng.choice((11, 12, 13, 13, 14, 14, 15, 16, 16, 18))
    script = rng.choices(SCRIPTS, SHARES)[0]
    return Theme(
        dark=dark,
        page=page,
        panel=panel,
        ink=ink,
        muted=muted,
        line=_hsl(hue, tint, rng.uniform(0.2, 0.35) if dark else rng.uniform(0.75, 0.92)),
        primary=_hsl(accent, rng.uniform(0.3, 1), light),
        on_primary="#fff" if light < 0.62 else "#111",
        soft=_hsl(accent, rng.uniform(0.3, 0.9), rng.uniform(0.12, 0.22) if dark else rng.uniform(0.88, 0.96)),
        script=script,
        font=rng.choice(script.fonts),
        size=size,
        radius=rng.choice((0, 2, 3, 4, 6, 8, 12)),
        gap=rng.choice((2, 3, 4, 6, 8, 8, 10, 12)),
        pad=rng.choice((2, 4, 6, 6, 8, 10)),
        icon=rng.choice((size - 2, size, size + 2, size + 4, 16, 18, 20, 24, 24)),
        framework=rng.choice(FRAMEWORKS),
        stroke=rng.choice((0, 0, 0, 0, 1, 1.25, 1.5, 1.75, 2, 2.5)),
    )


def random_colour(rng: Random) -> str:
    """Any colour but a very pale one."""
    return _hsl(rng.random(), rng.uniform(0.2, 1), rng.uniform(0.2, 0.7))


def _hsl(hue: float, saturation: float, lightness: float) -> str:
    red, green, blue = colorsys.hls_to_rgb(hue, min(max(lightness, 0), 1), saturation)
    return f"rgb({round(255 * red)},{round(255 * green)},{round(255 * blue)})"
