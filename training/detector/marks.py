"""What stands on a page beside icons: texts, and what may be taken for an icon but is none."""

import html
from random import Random

from training.detector import words
from training.detector.themes import Theme, random_colour

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
CHARACTERS = "新中文人我你好日月山水火木金土王李张田口目手足一二三大小上下左右东西南北あいうえおアイウエオ"
SKINS = ("#f2d3bd", "#e3b08f", "#c68863", "#8d5a3b", "#5a3825")
HAIRS = ("#1d1612", "#4a2f1d", "#8b5e34", "#c9a063", "#9a9a9a", "#e8e3da")
TEXT_SYMBOLS = "→←↑↓»«›‹•·…✓×+−=#@%&*?!§€$£¥~|/"
ARROWS = (
    "→",
    "←",
    "↗",
    "↓",
    "»",
    "«",
    "›",
    "‹",
    "->",
    ">>",
    ">",
    "▸",
    "▾",
    "▼",
    "▲",
    "…",
    "×",
    "+",
    "·",
    "•",
    "|",
    "/",
)


def text(theme: Theme, rng: Random, content: str = "", style: str = "", classes: str = "") -> str:
    """A label, or this content."""
    return f'<span class="{classes}" style="{style}">{html.escape(content or theme.script.label(rng))}</span>'


def paragraph(theme: Theme, rng: Random) -> str:
    """Running text, sometimes with a heading."""
    heading = text(theme, rng, style=f"font-size:{rng.uniform(1.2, 2.4) * theme.size}px;font-weight:700;display:block")
    body = theme.script.sentence(rng, rng.randint(4, 40))
    width = rng.randint(140, 420)
    return f'<div style="width:{width}px">{heading if rng.random() < 0.5 else ""}{html.escape(body)}</div>'


def avatar(theme: Theme, rng: Random, side: float) -> str:
    """A photograph or initials in a circle or a square."""
    shape = rng.choice(("round", "round", "panel"))
    if (chance := rng.random()) < 0.3:
        return photo(rng, side, side, shape)
    if chance < 0.5:
        return portrait(rng, side, shape)
    letters = (
        "".join(rng.choice(LETTERS) for _ in range(rng.choice((1, 1, 2))))
        if rng.random() < 0.8
        else rng.choice(CHARACTERS)
    )
    style = (
        f"width:{side}px;height:{side}px;display:inline-flex;align-items:center;justify-content:center;flex:none;"
        f"background:{random_colour(rng)};color:#fff;font-size:{rng.uniform(0.36, 0.5) * side}px;font-weight:{rng.choice((400, 600))}"
    )
    return f'<span class="{shape}" style="{style}">{letters}</span>'


def portrait(rng: Random, side: float, classes: str = "") -> str:
    """A person as on a photograph: head, hair and shoulders in soft colours before a ground."""
    skin, hair, clothes = rng.choice(SKINS), rng.choice(HAIRS), random_colour(rng)
    wide, high, blur = rng.uniform(14, 19), rng.uniform(17, 23), rng.uniform(0, 3)
    x, y = rng.uniform(42, 58), rng.uniform(38, 48)
    figure = (
        f'<ellipse cx="{x}" cy="{y - 5}" rx="{wide + 4}" ry="{high + 3}" fill="{hair}"/>'
        f'<ellipse cx="{x}" cy="{100 + rng.uniform(-6, 12)}" rx="{rng.uniform(32, 46)}" ry="36" fill="{clothes}"/>'
        f'<rect x="{x - 7}" y="{y + 8}" width="14" height="26" fill="{skin}"/>'
        f'<ellipse cx="{x}" cy="{y + 2}" rx="{wide}" ry="{high}" fill="{skin}"/>'
    )
    ground = f"linear-gradient({rng.randrange(360)}deg,{random_colour(rng)},{random_colour(rng)})"
    style = f"display:inline-block;flex:none;overflow:hidden;width:{side}px;height:{side}px;background:{ground}"
    seen = f'<svg viewBox="0 0 100 100" width="100%" height="100%" style="filter:blur({blur * side / 100:.2f}px)">'
    return f'<span class="{classes}" style="{style}">{seen}{figure}</svg></span>'


def photo(rng: Random, width: float, height: float, classes: str = "") -> str:
    """Soft colours, as a photograph has them, or a drawn landscape."""
    layers = ",".join(
        f"radial-gradient(circle at {rng.randrange(100)}% {rng.randrange(100)}%, {random_colour(rng)}, transparent {rng.randint(20, 70)}%)"
        for _ in range(rng.randint(2, 7))
    )
    noise = rng.randrange(1000)
    seen = f'<svg width="100%" height="100%" style="opacity:{rng.uniform(0.05, 0.6):.2f}"><filter id="n{noise}"><feTurbulence type="fractalNoise" baseFrequency="{rng.uniform(0.01, 0.4):.3f}" numOctaves="{rng.randint(2, 5)}" seed="{noise}"/></filter><rect width="100%" height="100%" filter="url(#n{noise})"/></svg>'
    style = f"display:inline-block;flex:none;overflow:hidden;width:{width}px;height:{height}px;background:{layers},{random_colour(rng)}"
    return f'<span class="{classes}" style="{style}">{seen}</span>'


def badge(theme: Theme, rng: Random) -> str:
    """A count or a word on a coloured ground."""
    content = words.number(rng) if rng.random() < 0.7 else theme.script.label(rng)
    style = "" if rng.random() < 0.6 else f"background:{random_colour(rng)};color:#fff"
    return f'<span class="badge tag nowrap" style="{style}">{html.escape(content)}</span>'


def letter_tile(theme: Theme, rng: Random) -> str:
    """A letter, a digit, a Chinese character or a sign, alone, in a circle or in a square: no icon."""
    content = rng.choice(
        (rng.choice(LETTERS), str(rng.randrange(1, 20)), rng.choice(CHARACTERS), rng.choice(TEXT_SYMBOLS))
    )
    side = rng.uniform(1.2, 2.6) * theme.size
    look = rng.choice(("solid round", "soft round", "lined round", "lined panel", "solid panel", "", ""))
    style = (
        f"display:inline-flex;align-items:center;justify-content:center;width:{side}px;height:{side}px;flex:none;"
        f"font-size:{rng.uniform(0.5, 0.8) * side}px;font-weight:{rng.choice((400, 700))}"
    )
    return f'<span class="{look}" style="{style}">{html.escape(content)}</span>'


def arrowed(theme: Theme, rng: Random) -> str:
    """A link, a button or a line whose arrow, cross or point is a letter of its text: no icon."""
    sign = rng.choice(ARROWS)
    apart = f'<span style="margin:0 {rng.choice((0, 3, 6, 10))}px">{html.escape(sign)}</span>'
    label = html.escape(theme.script.label(rng))
    content = rng.choice((label + apart, label + apart, apart + label, f"{label} {html.escape(sign)}"))
    classes = rng.choice(("", "accent", "muted", "btn button btn-primary is-primary", "btn button btn-outline-primary"))
    return f'<span class="nowrap {classes}" style="font-weight:{rng.choice((400, 500, 700))}">{content}</span>'


def dots(theme: Theme, rng: Random) -> str:
    """The dots under pictures that are shown one after the other: one is longer or darker than the others."""
    side, number = rng.choice((5, 6, 8, 10)), rng.randint(3, 7)
    here, on, off = rng.randrange(number), rng.choice((theme.primary, theme.ink)), rng.choice((theme.line, theme.muted))
    wide = rng.choice((1, 1, 2, 3))
    shown = "".join(
        f'<span class="pill" style="width:{side * wide if index == here else side}px;height:{side}px;'
        f'background:{on if index == here else off}"></span>'
        for index in range(number)
    )
    return f'<span class="row" style="gap:{rng.choice((4, 6, 8))}px">{shown}</span>'


def chart(theme: Theme, rng: Random) -> str:
    """Bars, a line or a pie, larger than an icon and with more detail."""
    width, height, chance = rng.randint(120, 320), rng.randint(60, 180), rng.randrange(3)
    if chance == 0:
        count = rng.randint(7, 24)
        body = "".join(
            f'<rect x="{width * i / count}" width="{0.7 * width / count}" y="{height - (h := rng.uniform(0.1, 0.9) * height)}" height="{h}" fill="{theme.primary}"/>'
            for i in range(count)
        )
    elif chance == 1:
        count = rng.randint(8, 40)
        points = " ".join(f"{width * i / count:.0f},{rng.uniform(0.1, 0.9) * height:.0f}" for i in range(count + 1))
        body = f'<polyline points="{points}" fill="none" stroke="{random_colour(rng)}" stroke-width="{rng.choice((1, 2, 3))}"/>'
    else:
        radius, share = min(width, height) / 2 - 4, rng.uniform(0.2, 0.8)
        body = (
            f'<circle cx="{width / 2}" cy="{height / 2}" r="{0.7 * radius}" fill="none" stroke="{theme.line}" stroke-width="{0.5 * radius}"/>'
            f'<circle cx="{width / 2}" cy="{height / 2}" r="{0.7 * radius}" fill="none" stroke="{random_colour(rng)}" stroke-width="{0.5 * radius}" '
            f'pathLength="1" stroke-dasharray="{share} 1"/>'
        )
    grid = "".join(f'<path d="M0 {y}H{width}" stroke="{theme.line}"/>' for y in range(10, height, 30))
    return f'<svg width="{width}" height="{height}" style="flex:none">{grid if chance < 2 else ""}{body}</svg>'


def code(theme: Theme, rng: Random) -> str:
    """Lines of source code, of one colour or coloured word by word."""
    lines, plain = [], rng.random() < 0.4
    for _ in range(rng.randint(3, 12)):
        coloured = [
            html.escape(word) if plain else f'<span style="color:{random_colour(rng)}">{html.escape(word)}</span>'
            for word in words.code_line(rng).split(" ")
        ]
        lines.append(" ".join(coloured))
    family = rng.choice(("'JetBrains Mono',", ""))
    return (
        f'<pre style="margin:0;font-family:{family}monospace;font-size:{theme.size - 1}px">'
        + "\n".join(lines)
        + "</pre>"
    )


def calendar(theme: Theme, rng: Random) -> str:
    """A month of numbers."""
    side = 2 * theme.size
    cells = "".join(
        f'<span class="{rng.choice(("", "", "", "", "", "", "solid round", "soft panel"))}" style="width:{side}px;height:{side}px;line-height:{side}px;text-align:center">{day}</span>'
        for day in range(1, 29)
    )
    return f'<div style="display:grid;grid-template-columns:repeat(7,{side}px)">{cells}</div>'
