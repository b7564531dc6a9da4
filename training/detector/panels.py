"""Larger parts of synthetic pages, made of components and of what is no icon: tables, lists, cards, bars, windows."""

from random import Random

from training.detector import components as parts
from training.detector import controls, marks, tiles, words
from training.detector import plain_panels as plain
from training.detector.components import Component, Maker
from training.detector.themes import random_colour


def table(make: Maker) -> str:
    """Rows with checkboxes, avatars, texts, badges, and icons to act with."""
    rng, columns = make.rng, make.rng.randint(2, 5)
    cells = [
        rng.choice(
            (
                make.label,
                make.text,
                lambda: make.text(words.number(rng)),
                lambda: marks.badge(make.theme, rng),
                lambda: f'<span class="row">{make.icon()}{make.label()}</span>',
            )
        )
        for _ in range(columns)
    ]
    lead = make.any_of(
        lambda: "",
        lambda: controls.choice(make.theme, rng),
        lambda: controls.choice(make.theme, rng),
        lambda: marks.avatar(make.theme, rng, 1.8 * make.theme.size),
        make.icon,
    )
    head = "".join(f"<th>{make.text()}{make.maybe(0.3, make.chevron)}</th>" for _ in range(columns))
    rows = []
    for _ in range(rng.randint(2, 7)):
        actions = f'<span class="row muted" style="gap:{rng.choice((6, 10, 14))}px">{"".join(make.icon() for _ in range(rng.randint(1, 3)))}</span>'
        rows.append(f"<tr><td>{lead()}</td>{''.join(f'<td>{cell()}</td>' for cell in cells)}<td>{actions}</td></tr>")
    return f'<table class="table panel" style="width:auto"><tr><td></td>{head}<td></td></tr>{"".join(rows)}</table>'


def rows(make: Maker) -> str:
    """A list of people, messages or settings with two lines of text each."""
    rng, items, side = make.rng, [], make.rng.choice((24, 32, 40, 48))
    lead = make.any_of(
        lambda: marks.avatar(make.theme, rng, side),
        make.icon,
        lambda: parts.single(make),
        lambda: marks.letter_tile(make.theme, rng),
    )
    end = make.any_of(
        make.chevron,
        make.icon,
        lambda: controls.control(make.theme, rng),
        lambda: marks.badge(make.theme, rng),
        lambda: make.text(words.number(rng), classes="muted"),
    )
    for _ in range(rng.randint(2, 6)):
        title = make.text(rng.choice(words.NAMES) if rng.random() < 0.5 else "", style="font-weight:600")
        below = make.text(make.theme.script.sentence(rng, rng.randint(2, 7)), classes="muted", style="font-size:.85em")
        items.append(
            f'<div class="row" style="padding:6px;gap:10px">{lead()}<span class="col grow"><span class="nowrap">{title}</span><span>{below}</span></span>{make.maybe(0.8, end)}</div>'
        )
    return (
        f'<div class="panel {rng.choice(("", "lined"))}" style="width:{rng.randint(220, 420)}px">{"".join(items)}</div>'
    )


def card(make: Maker) -> str:
    """A picture, a title, text, and icons with counts beneath."""
    rng, width = make.rng, make.rng.randint(160, 300)
    picture = marks.photo(rng, width, rng.randint(60, 160)) if rng.random() < 0.6 else ""
    actions = "".join(
        f'<span class="row muted" style="gap:4px">{make.icon()}{make.maybe(0.6, lambda: make.text(words.number(rng)))}</span>'
        for _ in range(rng.randint(1, 5))
    )
    body = marks.text(make.theme, rng, make.theme.script.sentence(rng, rng.randint(3, 16)))
    return f'<div class="panel lined" style="width:{width}px;overflow:hidden">{picture}<div style="padding:10px"><b>{make.label()}</b><div class="muted">{body}</div><div class="row" style="gap:14px;margin-top:8px">{actions}</div></div></div>'


def figure(make: Maker) -> str:
    """A number with a caption, an icon on a tile, and a small chart."""
    rng = make.rng
    value = make.text(words.number(rng), style=f"font-size:{rng.choice((20, 24, 32))}px;font-weight:700")
    trend = f'<span class="row" style="gap:2px;color:{random_colour(rng)}">{make.icon(rng.choice((10, 12, 14)), small=True)}{make.text(words.number(rng))}</span>'
    return f'<div class="panel lined row" style="padding:12px;gap:14px">{parts.single(make)}<span class="col"><span class="muted">{make.label()}</span>{value}{make.maybe(0.5, lambda: trend)}</span>{make.maybe(0.3, lambda: marks.chart(make.theme, rng))}</div>'


def features(make: Maker) -> str:
    """Large icons with a heading and text under or beside them."""
    rng, side, items = make.rng, make.rng.choice((24, 32, 40, 48, 64)), []
    across = rng.random() < 0.4
    for _ in range(rng.randint(2, 4)):
        body = marks.text(make.theme, rng, make.theme.script.sentence(rng, rng.randint(3, 12)), classes="muted")
        items.append(
            f'<div class="{"row" if across else "col"} {rng.choice(("", "mid"))}" style="gap:{rng.choice((4, 8, 12))}px;width:{rng.randint(110, 200)}px">{make.icon(side)}<span class="col"><b>{make.label()}</b>{body}</span></div>'
        )
    return f'<div class="row" style="gap:20px;align-items:flex-start">{"".join(items)}</div>'


def files(make: Maker) -> str:
    """A tree of files: arrows, icons and names, stepped in."""
    rng, step, line = make.rng, make.rng.choice((10, 14, 18)), make.rng.choice((1, 2, 4))
    items = "".join(
        f'<div class="row nowrap" style="gap:{rng.choice((3, 4, 6))}px;padding:{line}px 4px {line}px {rng.randrange(4) * step}px">{make.maybe(0.5, make.chevron)}{make.icon()}{make.text()}{make.maybe(0.15, lambda: make.text("M", style="color:orange"))}</div>'
        for _ in range(rng.randint(4, 12))
    )
    return f'<div class="panel" style="width:{rng.randint(140, 240)}px">{items}</div>'


def desktop(make: Maker) -> str:
    """Large icons in a grid with captions, as a desktop, a home screen or a launcher has them."""
    rng, side, columns = make.rng, make.rng.choice((32, 40, 48, 56, 64)), make.rng.randint(2, 6)
    tile, ground = (
        rng.random() < 0.5,
        rng.choice((f"background:linear-gradient({random_colour(rng)},{random_colour(rng)});color:#fff", "")),
    )
    cells = []
    for _ in range(columns * rng.randint(1, 3)):
        icon = make.icon(0.55 * side if tile else side)
        if tile:
            icon = f'<span style="width:{side}px;height:{side}px;display:inline-flex;align-items:center;justify-content:center;color:#fff;border-radius:{rng.choice((0.2, 0.25, 0.5)) * side}px;background:{random_colour(rng)}">{icon}</span>'
        cells.append(
            f'<span class="col mid" style="gap:4px;font-size:{rng.choice((10, 11, 12))}px">{icon}{make.text()}</span>'
        )
    return f'<div style="display:grid;grid-template-columns:repeat({columns},auto);gap:{rng.choice((12, 20, 28))}px;padding:12px;{ground}">{"".join(cells)}</div>'


def window_bar(make: Maker) -> str:
    """The bar of a window: buttons to close it, a title, icons."""
    rng = make.rng
    lights = "".join(
        f'<span class="round" style="width:12px;height:12px;background:{colour}"></span>'
        for colour in ("#ff5f57", "#febc2e", "#28c840")
    )
    start = lights if rng.random() < 0.4 else make.icon()
    icons = "".join(make.icon(rng.choice((12, 14, 16))) for _ in range(rng.randint(1, 4)))
    return f'<div class="row {rng.choice(("panel", "solid", "lined"))}" style="padding:6px 10px;width:{rng.randint(280, 620)}px">{start}{make.label()}<span class="grow"></span><span class="row" style="gap:12px">{icons}</span></div>'


def navigation(make: Maker) -> str:
    """The bar at the top of a site: a name, links, a search field, icons, an avatar."""
    rng = make.rng
    links = "".join(
        f'<span class="row" style="gap:4px">{make.maybe(0.3, make.icon)}{make.label()}{make.maybe(0.2, make.chevron)}</span>'
        for _ in range(rng.randint(2, 5))
    )
    ends = "".join(
        make.badged(icon) if rng.random() < 0.25 else icon for icon in (make.icon() for _ in range(rng.randint(1, 4)))
    )
    name = make.text(style=f"font-weight:800;font-size:{1.3 * make.theme.size}px")
    return f'<div class="row nowrap {rng.choice(("panel lined", "solid", "soft"))}" style="padding:8px 14px;gap:16px;display:inline-flex">{make.maybe(0.6, make.icon)}{name}{links}{make.maybe(0.4, lambda: parts.field_with_icon(make))}{ends}{make.maybe(0.5, lambda: marks.avatar(make.theme, rng, 2 * make.theme.size))}</div>'


def chat(make: Maker) -> str:
    """Messages in bubbles, and a line to write in with icons."""
    rng = make.rng
    bubbles = "".join(
        f'<div class="row" style="margin:4px;flex-direction:{rng.choice(("row", "row-reverse"))}">{marks.avatar(make.theme, rng, 28)}<span class="{rng.choice(("soft", "solid", "lined"))}" style="padding:6px 10px;border-radius:12px">{make.text(make.theme.script.sentence(rng, rng.randint(1, 9)))}</span></div>'
        for _ in range(rng.randint(1, 4))
    )
    line = f'<div class="row lined pill" style="padding:6px 12px">{make.icon()}<span class="grow muted">{make.text()}</span>{make.icon()}{make.icon()}</div>'
    return f'<div class="panel" style="width:{rng.randint(220, 400)}px;padding:8px">{bubbles}{line}</div>'


# What pages are made of, and how often.
SHARES: tuple[tuple[Component, float], ...] = (
    (parts.button, 4), (parts.buttons, 3), (parts.toolbar, 5), (parts.menu, 5), (parts.tabs, 3),
    (parts.field_with_icon, 2), (parts.alert, 1.5), (parts.chips, 1.5), (parts.breadcrumb, 1.5), (parts.single, 5),
    (table, 2), (rows, 2), (card, 1.5), (figure, 1), (features, 1.5), (files, 2), (desktop, 1.5), (window_bar, 1),
    (navigation, 1.5), (plain.steps, 0.7), (chat, 0.7), (plain.form, 2), (plain.led, 3), (plain.people, 1.5), (plain.without_icons, 7),
    (tiles.discs, 4), (tiles.figures, 1.5), (tiles.entries, 1.5), (tiles.split_buttons, 1), (tiles.card_head, 2),
    (tiles.dotted_rows, 2), (tiles.tree, 2.5), (tiles.last_line, 1.5),
    (plain.source, 4),
)  # fmt: skip


def body(make: Maker, rng: Random, number: int) -> str:
    """So many parts of a page, flowing, on grounds of several colours."""
    chosen = rng.choices([component for component, _ in SHARES], [share for _, share in SHARES], k=number)
    blocks = []
    for component in chosen:
        ground = rng.choice(("", "", "", "panel", "panel lined", "soft", "solid"))
        pad = rng.choice((2, 6, 10)) if ground else 0
        blocks.append(f'<div class="{ground}" style="padding:{pad}px">{component(make)}</div>')
    gaps = rng.choice((8, 14, 22))
    return f'<div style="display:flex;flex-wrap:wrap;gap:{gaps}px;padding:{gaps}px;align-items:flex-start">{"".join(blocks)}</div>'
