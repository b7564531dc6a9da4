"""Larger parts of synthetic pages with few icons or none, and much that resembles them."""

from training.detector import controls, marks, words
from training.detector.components import Maker


def steps(make: Maker) -> str:
    """Numbers in circles with captions, pages to turn, stars to give: little that is an icon."""
    rng, side = make.rng, 2 * make.theme.size
    if rng.random() < 0.5:
        circles = "".join(
            f'<span class="row">{marks.letter_tile(make.theme, rng)}{make.label()}</span>'
            for _ in range(rng.randint(2, 4))
        )
        return f'<div class="row" style="gap:16px">{circles}</div>'
    numbers = "".join(
        f'<span class="{rng.choice(("", "", "solid panel", "lined panel"))}" style="width:{side}px;line-height:{side}px;text-align:center">{n}</span>'
        for n in range(1, rng.randint(4, 9))
    )
    return f'<div class="row">{make.icon(small=True)}{numbers}{make.icon(small=True)}</div>'


def form(make: Maker) -> str:
    """Boxes and switches with captions."""
    return "".join(
        f'<div class="row" style="padding:3px">{controls.control(make.theme, make.rng)}{make.label()}</div>'
        for _ in range(make.rng.randint(2, 6))
    )


def led(make: Maker) -> str:
    """Labels, one or some, that are led or followed by what is no icon, where icons often are."""
    theme, rng = make.theme, make.rng
    lead = make.any_of(
        lambda: marks.letter_tile(theme, rng),
        lambda: marks.letter_tile(theme, rng),
        lambda: marks.badge(theme, rng),
        lambda: controls.choice(theme, rng),
        lambda: controls.dot(theme, rng),
        lambda: marks.avatar(theme, rng, rng.choice((16, 20, 24, 28, 32, 40))),
    )
    items = []
    for _ in range(rng.choice((1, 1, 2, 3, 5))):
        parts_of = [lead(), make.label()]
        if rng.random() < 0.2:
            parts_of.reverse()
        if rng.random() < 0.25:  # beside real ones
            parts_of.append(make.chevron() if rng.random() < 0.5 else make.icon())
        items.append(f'<span class="row nowrap" style="padding:{rng.choice((2, 4, 6))}px">{"".join(parts_of)}</span>')
    return (
        f'<div class="{rng.choice(("row", "col"))} {rng.choice(("", "lined panel", "panel"))}">{"".join(items)}</div>'
    )


def people(make: Maker) -> str:
    """People by their picture and name, alone or in rows, some with a checkbox before and an icon behind."""
    rng, side = make.rng, make.rng.choice((16, 20, 24, 28, 32, 40))
    before, behind = rng.random() < 0.4, rng.random() < 0.4
    items = []
    for _ in range(rng.randint(1, 5)):
        lead = controls.choice(make.theme, rng) if before else ""
        end = f'<span class="grow"></span>{make.icon()}' if behind else ""
        name = make.text(rng.choice(words.NAMES), classes="nowrap")
        items.append(
            f'<div class="row" style="padding:4px;gap:8px">{lead}{marks.avatar(make.theme, rng, side)}{name}{end}</div>'
        )
    return f'<div class="panel" style="min-width:{rng.randint(100, 320)}px">{"".join(items)}</div>'


def source(make: Maker) -> str:
    """Source code on a ground of its own, whose signs stand apart as icons do."""
    return f'<div class="panel lined" style="padding:{make.rng.choice((6, 10, 16))}px">{marks.code(make.theme, make.rng)}</div>'


def without_icons(make: Maker) -> str:
    """Something that holds no icon."""
    theme, rng = make.theme, make.rng
    makers = (
        lambda: marks.paragraph(theme, rng),
        lambda: marks.paragraph(theme, rng),
        lambda: marks.chart(theme, rng),
        lambda: marks.code(theme, rng),
        lambda: marks.dots(theme, rng),
        lambda: f'<div class="row wrap">{"".join(marks.arrowed(theme, rng) for _ in range(rng.randint(1, 5)))}</div>',
        lambda: f'<div class="row wrap">{"".join(marks.arrowed(theme, rng) for _ in range(rng.randint(1, 3)))}</div>',
        lambda: marks.calendar(theme, rng),
        lambda: marks.photo(rng, rng.randint(60, 300), rng.randint(60, 200)),
        lambda: f'<div class="row">{"".join(marks.letter_tile(theme, rng) for _ in range(rng.randint(1, 6)))}</div>',
        lambda: f'<div class="row">{"".join(marks.badge(theme, rng) for _ in range(rng.randint(1, 5)))}</div>',
        lambda: f'<div class="row">{"".join(controls.control(theme, rng) for _ in range(rng.randint(1, 6)))}</div>',
        lambda: (
            f'<div class="row">{"".join(marks.avatar(theme, rng, rng.choice((24, 32, 40))) for _ in range(rng.randint(1, 5)))}</div>'
        ),
    )
    return rng.choice(makers)()
