"""Parts of forms that are no icons, although many resemble them: checkboxes, radio buttons, switches, sliders, dots."""

from collections.abc import Callable
from random import Random

from training.detector.themes import Theme, random_colour

TICKS = ("M3.5 8.5l3 3 6-7", "M4 8l3 3 5-6", "M3 8.2l3.4 3.3L13 4.6")  # in a view box of 16 units


def control(theme: Theme, rng: Random) -> str:
    """Any of them."""
    makers: tuple[Callable[[Theme, Random], str], ...] = (native, checkbox, checkbox, radio, switch, switch, bar, dot)
    return rng.choice(makers)(theme, rng)


def choice(theme: Theme, rng: Random) -> str:
    """A checkbox or a radio button, as they stand before the rows of a table or of a form."""
    return rng.choice((native, checkbox, checkbox, checkbox, radio))(theme, rng)


def native(theme: Theme, rng: Random) -> str:
    """A checkbox, a radio button or a slider as the browser or the style sheet draws it."""
    side = theme.size * rng.uniform(0.9, 1.4)
    if rng.random() < 0.2:
        return f'<input type="range" style="width:{rng.randint(60, 200)}px" value="{rng.randrange(100)}">'
    accent = rng.choice(("", f"accent-color:{theme.primary};", f"accent-color:{random_colour(rng)};"))
    style = f"{accent}width:{side:.1f}px;height:{side:.1f}px;flex:none"
    return f'<input type="{rng.choice(("checkbox", "radio"))}" style="{style}" {rng.choice(("checked", ""))}>'


def checkbox(theme: Theme, rng: Random) -> str:
    """A checkbox that the page draws: empty, ticked, or with a dash for some of many."""
    side, on, colour = _side(theme, rng), rng.random() < 0.6, rng.choice((theme.primary, random_colour(rng)))
    width, radius = rng.choice((1, 1, 1.5, 2)), rng.choice((0, 2, 3, 4, 5))
    filled = on and rng.random() < 0.8
    paint = f"background:{colour};border:{width}px solid {colour};" if filled else _outlined(theme, rng, width)
    ink = rng.choice((theme.on_primary, "#fff")) if filled else rng.choice((colour, theme.ink))
    return _box(side, f"{paint}border-radius:{radius}px", _tick(rng, side, ink) if on else "")


def radio(theme: Theme, rng: Random) -> str:
    """A radio button that the page draws, on or off."""
    side, on, colour = _side(theme, rng), rng.random() < 0.5, rng.choice((theme.primary, random_colour(rng)))
    width, filled = rng.choice((1, 1.5, 2)), rng.random() < 0.5
    if not on:
        return _box(side, f"{_outlined(theme, rng, width)}border-radius:50%", "")
    paint = f"background:{colour if filled else 'none'};border:{width}px solid {colour};border-radius:50%"
    return _box(side, paint, _disc(rng.uniform(0.3, 0.55) * side, "#fff" if filled else colour))


def switch(theme: Theme, rng: Random) -> str:
    """A switch, on or off, its knob within its track or wider than it."""
    side, on = theme.size * rng.uniform(0.9, 1.6), rng.random() < 0.5
    colour = rng.choice((theme.primary, random_colour(rng))) if on else rng.choice((theme.line, theme.muted))
    knob, pad = rng.choice(((side - 4, 2), (side - 6, 3), (side + 4, 0)))
    style = f"display:inline-flex;align-items:center;justify-content:{'flex-end' if on else 'flex-start'};flex:none;"
    style += f"width:{rng.uniform(1.6, 2.1) * side:.1f}px;height:{side:.1f}px;padding:{pad}px;background:{colour}"
    shadow = rng.choice(("", "box-shadow:0 1px 3px rgba(0,0,0,.4)"))
    return f'<span class="pill" style="{style}">{_disc(knob, rng.choice(("#fff", "#fff", theme.panel)), shadow)}</span>'


def bar(theme: Theme, rng: Random) -> str:
    """How far something has come."""
    style = f"display:inline-block;width:{rng.randint(60, 200)}px;height:{rng.randint(3, 12)}px"
    part = f'<span class="solid pill" style="display:block;width:{rng.randrange(10, 90)}%;height:100%"></span>'
    return f'<span class="soft pill" style="{style}">{part}</span>'


def dot(theme: Theme, rng: Random) -> str:
    """A coloured dot or ring, as it stands before a state or a colour's name."""
    side = theme.size * rng.uniform(0.4, 1.2)
    if rng.random() < 0.3:
        return _box(side, f"{_outlined(theme, rng, rng.choice((1, 2)))}border-radius:50%", "")
    return _disc(side, random_colour(rng), rng.choice(("", "", "border-radius:3px")))


def _side(theme: Theme, rng: Random) -> float:
    return rng.choice((theme.size, theme.size + 2, 12, 13, 14, 16, 18, 20))


def _outlined(theme: Theme, rng: Random, width: float) -> str:
    ground = rng.choice(("none", "none", theme.panel))
    return f"background:{ground};border:{width}px solid {rng.choice((theme.line, theme.muted, theme.muted))};"


def _tick(rng: Random, side: float, colour: str) -> str:
    """A tick drawn by a path or by two borders, a dash, a character, or a filled square."""
    chance = rng.random()
    if chance < 0.4:
        path = (
            f'<path d="{rng.choice(TICKS)}" fill="none" stroke="{colour}" stroke-width="{rng.uniform(1.5, 2.6):.1f}"/>'
        )
        return f'<svg viewBox="0 0 16 16" style="width:{rng.uniform(0.8, 1) * side:.1f}px;flex:none">{path}</svg>'
    if chance < 0.65:
        size = f"width:{0.3 * side:.1f}px;height:{0.55 * side:.1f}px;margin-top:{-0.12 * side:.1f}px"
        return f'<span style="{size};border:solid {colour};border-width:0 2px 2px 0;rotate:45deg;flex:none"></span>'
    if chance < 0.8:
        return f'<span style="width:{0.55 * side:.1f}px;height:2px;background:{colour};flex:none"></span>'
    if chance < 0.92:
        return f'<span style="color:{colour};font-size:{0.8 * side:.1f}px;line-height:1">\u2713</span>'
    return f'<span style="width:{0.5 * side:.1f}px;height:{0.5 * side:.1f}px;background:{colour};flex:none"></span>'


def _disc(side: float, colour: str, style: str = "") -> str:
    size = f"width:{side:.1f}px;height:{side:.1f}px"
    return f'<span class="round" style="display:inline-block;flex:none;{size};background:{colour};{style}"></span>'


def _box(side: float, style: str, content: str) -> str:
    size = f"width:{side:g}px;height:{side:g}px"
    return (
        f'<span style="display:inline-flex;align-items:center;justify-content:center;flex:none;overflow:hidden;{size};'
        f'{style}">{content}</span>'
    )
