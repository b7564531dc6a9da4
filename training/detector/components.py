"""The parts of synthetic pages: buttons, menus, tabs, tables and the like, with icons among text.

Each takes a `Maker` and returns HTML. An icon is written by `Maker.icon`, so that its place is known afterwards.
"""

import html
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from training.detector import marks, words
from training.detector.themes import Theme, random_colour

Component = Callable[["Maker"], str]


@dataclass
class Maker:
    """Writes the parts of one page in one theme."""

    rng: Random
    theme: Theme
    draw: Callable[[], str]  # the next icon of the page: its <svg> with {} for the style
    small: Callable[[], str]  # the same for a chevron, a cross, a caret and the like
    dots: Callable[[], str]  # the same for three dots or a grip
    bullets: Callable[[], str]  # the same for a ring, a point, a dash or the like
    used: int = field(default=0)

    def menu_dots(self) -> str:
        """Three dots or a grip, as they stand at the end of a card's head, of a row or of a bar."""
        colour = self.rng.choice(("inherit", "inherit", self.theme.muted, self.theme.line))
        side = self.rng.choice((12, 14, 16, 18, 20, 24, 24, 28))
        return self.dots().format(f"width:{side}px;height:{side}px;color:{colour}")

    def icon(self, side: float = 0, style: str = "", small: bool = False) -> str:
        """An icon, of the page's usual size if no other is given, CSS px."""
        side = side or self.theme.icon
        if self.rng.random() < 0.05:
            style += f";opacity:{self.rng.uniform(0.4, 0.8):.2f}"
        elif self.rng.random() < 0.06:
            style += f";color:{random_colour(self.rng)}"
        return (self.small() if small else self.draw()).format(f"width:{side:g}px;height:{side:g}px;{style}")

    def chevron(self) -> str:
        """A small arrow, cross or dots, as they stand at the end of rows."""
        return self.icon(
            self.rng.choice((8, 10, 12, 14, 16)), f"color:{self.rng.choice(('inherit', self.theme.muted))}", small=True
        )

    def text(self, content: str = "", style: str = "", classes: str = "") -> str:
        """A label, or this content."""
        return marks.text(self.theme, self.rng, content, style, classes)

    def label(self) -> str:
        """A label that is not broken over lines."""
        weight = self.rng.choice((400, 400, 500, 600, 700))
        return self.text(classes="nowrap", style=f"font-weight:{weight}")

    def maybe(self, share: float, content: Callable[[], str]) -> str:
        """The content in this share of the cases."""
        return content() if self.rng.random() < share else ""

    def any_of(self, *contents: Callable[[], str]) -> Callable[[], str]:
        """A choice of these."""
        return self.rng.choice(contents)

    def badged(self, icon: str) -> str:
        """The icon with a dot or a number on its corner."""
        side = self.rng.choice((6, 8, 12, 14, 16))
        content = "" if side < 12 else self.rng.choice(("3", "9+", "15", "1", "99"))
        place = f"{self.rng.choice(('top', 'top', 'bottom'))}:-{side * self.rng.uniform(0.1, 0.5):.0f}px;{self.rng.choice(('right', 'right', 'left'))}:-{side * self.rng.uniform(0.1, 0.6):.0f}px"
        colour = self.rng.choice(("#e11d48", "#ef4444", self.theme.primary, "#22c55e", "#f59e0b"))
        style = f"{place};min-width:{side}px;height:{side}px;padding:0 2px;font-size:{0.65 * side:g}px;line-height:{side}px;text-align:center;background:{colour};color:#fff"
        return f'<span class="rel">{icon}<span class="corner pill" style="{style}">{content}</span></span>'


def button(make: Maker) -> str:
    """A button with an icon before, after or without its label, or with the label alone."""
    rng = make.rng
    style = rng.choice(
        (
            "btn-primary is-primary",
            "btn-outline-primary is-outlined",
            "btn-outline-secondary",
            "btn-light is-light",
            "is-text",
            "is-ghost",
        )
    )
    own = f"background:{random_colour(rng)};color:#fff;" if rng.random() < 0.15 else ""
    own += rng.choice(
        (
            "",
            "",
            "",
            "border-radius:99px;",
            "box-shadow:0 1px 3px rgba(0,0,0,.3);",
            "background-image:linear-gradient(rgba(255,255,255,.2),rgba(0,0,0,.15));",
        )
    )
    icon, label = make.icon(), make.label()
    gap = f'<span style="display:inline-block;width:{make.theme.gap}px"></span>' if make.theme.framework else ""
    parts = rng.choice(
        (
            (icon, gap, label),
            (icon, gap, label),
            (label, gap, icon),
            (icon,),
            (label,),
            (icon, gap, label, gap, make.chevron()),
        )
    )
    return f'<span role="button" class="btn button {style}" style="{own}">{"".join(parts)}</span>'


def buttons(make: Maker) -> str:
    """A row of buttons."""
    return f'<div class="row wrap" style="gap:{make.rng.choice((4, 8, 16))}px">{"".join(button(make) for _ in range(make.rng.randint(2, 5)))}</div>'


def toolbar(make: Maker) -> str:
    """Icons in a row or a column, some on a ground, some with a caret, between lines."""
    rng, side = make.rng, make.rng.choice((make.theme.icon, 16, 20, 24))
    pad, column = rng.choice((2, 4, 6, 8)), rng.random() < 0.25
    items = []
    for _ in range(rng.randint(3, 12)):
        icon = make.icon(side)
        if rng.random() < 0.08:
            icon = make.badged(icon)
        classes = rng.choice(("", "", "", "", "", "soft panel", "solid panel"))
        items.append(
            f'<span class="row {classes}" style="padding:{pad}px;gap:2px">{icon}{make.maybe(0.08, make.chevron)}{make.maybe(0.05, make.label)}</span>'
        )
        if rng.random() < 0.12:
            items.append(
                f'<span style="background:{make.theme.line};align-self:stretch;{"height" if column else "width"}:1px"></span>'
            )
    classes = f"{'col' if column else 'row'} {rng.choice(('', 'panel', 'panel lined', 'solid panel'))}"
    return f'<div class="{classes}" style="gap:{rng.choice((0, 2, 4, 8, 16))}px;display:inline-flex;padding:{pad}px;align-items:center">{"".join(items)}</div>'


def menu(make: Maker) -> str:
    """A menu or a sidebar: rows of an icon and a label, with shortcuts, counts and arrows."""
    rng, pad = make.rng, make.rng.choice((3, 5, 7, 10))
    rows, has_icons, width = [], rng.random() < 0.9, rng.randint(120, 280)
    for _ in range(rng.randint(2, 9)):
        ends = (
            lambda: make.text(words.number(rng), classes="muted"),
            make.chevron,
            lambda: marks.badge(make.theme, rng),
            lambda: make.text("Ctrl+" + rng.choice("CVXZSF"), classes="muted"),
        )
        icon = make.icon() if has_icons and rng.random() < 0.93 else f'<span style="width:{make.theme.icon}px"></span>'
        classes = rng.choice(("", "", "", "", "", "soft panel", "solid panel"))
        rows.append(
            f'<div class="row {classes}" style="padding:{pad}px {pad + 3}px"><span class="muted row">{icon}</span>{make.label()}<span class="grow"></span>{make.maybe(0.4, rng.choice(ends))}</div>'
        )
        if rng.random() < 0.1:
            rows.append(
                rng.choice(
                    (
                        f'<hr style="border:0;border-top:1px solid {make.theme.line};margin:3px 0">',
                        f'<div class="muted" style="padding:{pad}px;font-size:.8em">{make.label()}</div>',
                    )
                )
            )
    return f'<div class="panel {rng.choice(("", "lined"))}" style="width:{width}px;padding:4px;{rng.choice(("", "box-shadow:0 4px 16px rgba(0,0,0,.25)"))}">{"".join(rows)}</div>'


def tabs(make: Maker) -> str:
    """Tabs with icons before or above their captions."""
    rng, above = make.rng, make.rng.random() < 0.5
    gap = rng.choice((1, 2, 4)) if above else make.theme.gap
    items = []
    for index in range(rng.randint(2, 6)):
        icon = make.icon(rng.choice((make.theme.icon, 20, 24)) if above else 0)
        icon = make.badged(icon) if rng.random() < 0.1 else icon
        size = f"font-size:{rng.choice((9, 10, 11))}px" if above else ""
        border = f"border-bottom:2px solid {make.theme.primary}" if index == 0 and rng.random() < 0.6 else ""
        items.append(
            f'<span class="{"col mid" if above else "row"} {"accent" if index == 0 else "muted"}" style="gap:{gap}px;padding:6px 10px;{size};{border}">{icon}{make.maybe(0.92, make.label)}</span>'
        )
    return f'<div class="row {rng.choice(("", "panel", "panel lined"))}" style="gap:{rng.choice((0, 8, 24))}px;display:inline-flex">{"".join(items)}</div>'


def field_with_icon(make: Maker) -> str:
    """A field of a form with an icon in it, before or after its text."""
    rng = make.rng
    inner = make.text(classes=rng.choice(("muted", "")))
    ends = rng.choice(
        (
            (make.icon(), inner, ""),
            (make.icon(), inner, make.chevron()),
            ("", inner, make.chevron()),
            ("", inner, make.icon()),
        )
    )
    label = f'<div style="font-size:.85em">{make.label()}</div>' if rng.random() < 0.4 else ""
    return f'<div>{label}<div class="row form-control input" style="width:{rng.randint(120, 320)}px;display:flex;align-items:center"><span class="row muted">{ends[0]}</span>{ends[1]}<span class="grow"></span><span class="row muted">{ends[2]}</span></div></div>'


def alert(make: Maker) -> str:
    """A message with an icon and a cross."""
    rng = make.rng
    words_of = html.escape(make.theme.script.sentence(rng, rng.randint(3, 10)))
    return f'<div class="alert alert-info notification row" style="width:{rng.randint(200, 460)}px">{make.icon()}<span class="grow">{words_of}</span>{make.maybe(0.6, make.chevron)}</div>'


def chips(make: Maker) -> str:
    """Small rounded labels with an icon, an avatar or a cross."""
    rng, items = make.rng, []
    for _ in range(rng.randint(2, 6)):
        start = rng.choice(
            (
                lambda: make.icon(make.theme.size + 2),
                lambda: marks.avatar(make.theme, rng, make.theme.size + 6),
                lambda: "",
            )
        )()
        items.append(
            f'<span class="row pill {rng.choice(("soft", "lined", "solid"))} nowrap" style="padding:2px 8px;gap:4px">{start}{make.text()}{make.maybe(0.4, make.chevron)}</span>'
        )
    return f'<div class="row wrap">{"".join(items)}</div>'


def breadcrumb(make: Maker) -> str:
    """A path of labels with arrows between them."""
    separator = make.any_of(lambda: make.text("/", classes="muted"), make.chevron, lambda: make.text("›"))
    items = [make.icon() if make.rng.random() < 0.7 else ""]
    for _ in range(make.rng.randint(2, 4)):
        items += [separator(), make.maybe(0.2, make.icon), make.label()]
    return f'<div class="row">{"".join(items)}</div>'


def single(make: Maker) -> str:
    """An icon alone: plain, in a circle, on a tile, large, with a badge, or with a shadow."""
    rng = make.rng
    side = rng.choice((12, 14, 16, 20, 24, 32, 40, 48, 64, 96))
    shadow = "filter:drop-shadow(0 1px 2px rgba(0,0,0,.5))" if rng.random() < 0.1 else ""
    icon = make.icon(side, shadow)
    icon = make.badged(icon) if rng.random() < 0.25 else icon
    classes = rng.choice(("", "solid round", "soft round", "lined round", "soft panel", "solid panel", "lined panel"))
    gradient = (
        f"background:linear-gradient({random_colour(rng)},{random_colour(rng)});color:#fff;"
        if classes and rng.random() < 0.3
        else ""
    )
    return f'<span class="row {classes}" style="display:inline-flex;{gradient}padding:{rng.uniform(0.2, 0.6) * side:.0f}px">{icon}</span>'
