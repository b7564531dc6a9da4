"""Parts of pages that are no icons, although some resemble them, as HTML: avatars, checkboxes, charts and so on."""

import base64
from random import Random

from bench.drafts import Draft
from bench.negatives import photograph
from bench.scenes import css, random_colour
from bench.wording import NAMES, initials

STATES = ((22, 130, 70), (190, 120, 0), (200, 40, 40), (90, 100, 120))


def avatar(draft: Draft, side: int) -> str:
    """A round picture of a person: initials, or a photograph."""
    rng = draft.rng
    shape = f"width:{side}px;height:{side}px;border-radius:{rng.choice(('50%', '50%', '22%'))}"
    if rng.random() < 0.4:
        return f'<div class=rigid style="{shape};background:{photograph_css(side, side, rng)}"></div>'
    text = f"font-size:{round(0.42 * side)}px;line-height:{side}px;color:#fff;text-align:center"
    fill = f"background:{css(rng.choice((draft.skin.accent, random_colour(rng), (110, 120, 140))))}"
    return f'<div class=rigid style="{shape};{text};{fill}">{initials(rng)}</div>'


def photograph_css(width: int, height: int, rng: Random) -> str:
    """A synthetic photograph as a CSS background."""
    data = base64.b64encode(photograph(width, height, rng)).decode()
    return f"url(data:image/jpeg;base64,{data}) center/cover"


def checkbox(draft: Draft) -> str:
    """A checkbox or a radio button, on or off."""
    skin, on, radio = draft.skin, draft.rng.random() < 0.5, draft.rng.random() < 0.3
    side = draft.rng.choice((13, 14, 16, 18))
    fill = (
        f"background:{css(skin.accent)};border:1px solid {css(skin.accent)}"
        if on
        else f"border:1.5px solid {_grey(draft)}"
    )
    style = f"position:relative;width:{side}px;height:{side}px;{fill};border-radius:{'50%' if radio else '3px'}"
    mark = f"position:absolute;left:{0.34 * side:.1f}px;top:{0.14 * side:.1f}px;width:{0.26 * side:.1f}px"
    mark += f";height:{0.5 * side:.1f}px;border:solid {css(skin.on_accent)};border-width:0 2px 2px 0;rotate:45deg"
    if radio:
        mark = f"position:absolute;inset:{0.28 * side:.1f}px;border-radius:50%;background:{css(skin.on_accent)}"
    return f'<div class=rigid style="{style}">{f"""<div style="{mark}"></div>""" if on else ""}</div>'


def switch(draft: Draft) -> str:
    """A switch, on or off."""
    on, height = draft.rng.random() < 0.5, draft.rng.choice((16, 18, 20))
    track = css(draft.skin.accent) if on else _grey(draft)
    style = f"width:{1.8 * height:.0f}px;height:{height}px;border-radius:99px;padding:2px;background:{track}"
    knob = f"width:{height - 4}px;height:{height - 4}px;border-radius:50%;background:#fff"
    margin = f"margin-inline-start:{0.8 * height:.0f}px" if on else ""
    return f'<div class=rigid style="{style}"><div style="{knob};{margin}"></div></div>'


def status(draft: Draft) -> str:
    """A state in words, in a tinted pill or after a dot."""
    colour = draft.rng.choice(STATES)
    if draft.rng.random() < 0.5:
        style = f"background:rgba{(*colour, 0.18)};border-radius:99px;padding:1px 8px"
        return f'<span class=rigid style="{style}">{draft.label()}</span>'
    dot = f'<div class=rigid style="width:8px;height:8px;border-radius:50%;background:{css(colour)}"></div>'
    return f'<div class=row style="gap:6px">{dot}{draft.label()}</div>'


def person(draft: Draft) -> str:
    """An avatar and a name."""
    name = draft.rng.choice(NAMES)
    side = draft.rng.choice((20, 24, 28, 32))
    return f'<div class=row style="gap:8px;min-width:0">{avatar(draft, side)}<span>{name}</span></div>'


def chart(draft: Draft, width: int, height: int) -> str:
    """Bars or a line over a grid, with numbers at its side."""
    rng, colour = draft.rng, css(draft.skin.accent)
    ys = [rng.uniform(0.1, 0.9) * height for _ in range(rng.randint(8, 16))]
    step = (width - 36) / len(ys)
    if rng.random() < 0.5:
        ink = "".join(
            f'<rect x="{32 + step * index:.1f}" y="{y:.1f}" width="{0.6 * step:.1f}" height="{height - y:.1f}"/>'
            for index, y in enumerate(ys)
        )
        drawing = f'<g fill="{colour}">{ink}</g>'
    else:
        points = " ".join(f"{32 + step * index:.1f},{y:.1f}" for index, y in enumerate(ys))
        drawing = f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
    lines = "".join(
        f'<path d="M30 {y}H{width}" stroke="{_grey(draft)}" stroke-width=".5"/>'
        f'<text x="2" y="{y + 4}" font-size="10" fill="{css(draft.skin.muted)}">{rng.randrange(900)}</text>'
        for y in range(10, height, 30)
    )
    return f'<svg width="{width}" height="{height}" style="display:block">{lines}{drawing}</svg>'


def picture(draft: Draft, width: int, height: int) -> str:
    """A photograph."""
    background = photograph_css(width // 2, height // 2, draft.rng)
    return f'<div class=rigid style="width:{width}px;height:{height}px;background:{background}"></div>'


def paragraph(draft: Draft) -> str:
    """Two or three sentences."""
    text = " ".join(draft.sentence() for _ in range(draft.rng.randint(2, 3)))
    return f'<p class=muted style="margin:0">{text}</p>'


def _grey(draft: Draft) -> str:
    return "rgba(255,255,255,.4)" if draft.skin.dark else "rgba(30,40,60,.4)"
