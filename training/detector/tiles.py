"""Icons on coloured discs and tiles, as dashboards have them, and the small dots and grips of their cards."""

from training.detector import marks, words
from training.detector.components import Maker
from training.detector.themes import random_colour

# Signs that stand in lines of text where an icon might, above all in the last line of a page.
LINE_SIGNS = ("©", "©", "©", "®", "™", "·", "•", "|", "–", "°", "№", "§", "¶", "†", "=", "+", "×", "<", ">", "±")


def disc(make: Maker, side: float = 0) -> str:
    """An icon on a coloured disc or tile of so many CSS px."""
    rng = make.rng
    side, share = side or rng.choice((20, 24, 28, 32, 36, 40, 48, 56, 64)), rng.uniform(0.36, 0.62)
    colour = random_colour(rng)
    ink = rng.choice(("#fff", "#fff", "#fff", "#fff", "rgba(255,255,255,.75)", "#111"))
    ground = rng.choice((f"background:{colour}", f"background:{colour}", f"background:{colour}", "", "pale"))
    if ground == "pale":  # the icon in the colour itself, on a shade of it
        ground, ink = f"background:color-mix(in srgb, {colour} {rng.randint(10, 30)}%, transparent)", colour
    elif not ground:
        ground, ink = f"border:{rng.choice((1, 1, 2))}px solid {colour}", colour
    if rng.random() < 0.1:
        ground = f"background:linear-gradient({rng.randrange(360)}deg,{colour},{random_colour(rng)})"
    style = (
        f"display:inline-flex;align-items:center;justify-content:center;flex:none;width:{side}px;height:{side}px;{ground};"
        f"color:{ink};border-radius:{rng.choice((50, 50, 50, 50, 25, 12, 4, 0))}%;"
        f"{rng.choice(('', '', '', 'box-shadow:0 2px 6px rgba(0,0,0,.3)'))}"
    )
    icon = make.icon(round(share * side))
    return f'<span style="{style}">{make.badged(icon) if rng.random() < 0.05 else icon}</span>'


def discs(make: Maker) -> str:
    """A row of discs of one size: to share, to act with, to choose from; among them letters in such discs."""
    rng, side = make.rng, make.rng.choice((20, 24, 28, 30, 32, 36, 40, 48, 56))
    letters = rng.random() < 0.25
    shown = "".join(
        marks.avatar(make.theme, rng, side) if letters and rng.random() < 0.3 else disc(make, side)
        for _ in range(rng.randint(1, 6))
    )
    return f'<div class="row" style="gap:{rng.choice((0, 2, 4, 8, 12))}px">{shown}</div>'


def figures(make: Maker) -> str:
    """Cards with a caption, a number and an icon, on a disc or pale and large, before or behind them."""
    rng, cards = make.rng, []
    large, behind = rng.random() < 0.4, rng.random() < 0.6
    for _ in range(rng.randint(1, 4)):
        pale = f"color:{rng.choice((make.theme.line, make.theme.line, make.theme.muted, make.theme.primary))}"
        icon = make.icon(rng.choice((24, 28, 32, 40, 48)), pale) if large else disc(make)
        value = make.text(words.number(rng), style=f"font-size:{rng.choice((16, 20, 24))}px;font-weight:700")
        texts = f'<span class="col grow"><span class="muted nowrap">{make.label()}</span>{value}</span>'
        both = (texts, icon) if behind else (icon, texts)
        cards.append(
            f'<div class="panel lined row" style="width:{rng.randint(160, 280)}px;padding:{rng.choice((8, 12, 16))}px;gap:12px">{"".join(both)}</div>'
        )
    return f'<div class="row wrap" style="gap:10px">{"".join(cards)}</div>'


def entries(make: Maker) -> str:
    """A line of events or of messages: discs with an icon, some with letters, and a text beside each."""
    rng, side = make.rng, make.rng.choice((20, 24, 28, 32, 40))
    items = []
    for _ in range(rng.randint(2, 6)):
        lead = disc(make, side) if rng.random() < 0.8 else marks.avatar(make.theme, rng, side)
        below = ""
        if rng.random() < 0.6:
            sentence = make.theme.script.sentence(rng, rng.randint(2, 6))
            below = make.text(sentence, classes="muted", style="font-size:.85em")
        both = f'<span class="col"><span class="nowrap">{make.label()}</span>{below}</span>'
        items.append(f'<div class="row" style="padding:4px;gap:8px">{lead}{both}</div>')
    return f'<div class="panel" style="width:{rng.randint(160, 340)}px">{"".join(items)}</div>'


def split_buttons(make: Maker) -> str:
    """Buttons whose icon has a darker or lighter ground of its own."""
    rng, pad = make.rng, make.rng.choice((3, 5, 7))
    shown = []
    for _ in range(rng.randint(1, 4)):
        ground, shade = random_colour(rng), rng.choice(("rgba(0,0,0,.15)", "rgba(255,255,255,.2)"))
        icon = f'<span style="background:{shade};padding:{pad}px {pad + 3}px;display:inline-flex">{make.icon()}</span>'
        label = f'<span style="padding:{pad}px {pad + 5}px">{make.label()}</span>'
        shown.append(
            f'<span class="nowrap" style="display:inline-flex;align-items:center;background:{ground};color:{rng.choice(("#fff", "#fff", "rgba(255,255,255,.8)"))};border-radius:{make.theme.radius}px;overflow:hidden">{icon}{label}</span>'
        )
    return f'<div class="row wrap">{"".join(shown)}</div>'


def card_head(make: Maker) -> str:
    """The head of a card: a title, and at its end dots, a grip, a cross or a minus, pale and small."""
    rng, items = make.rng, []
    for _ in range(rng.randint(1, 3)):
        ends = "".join(
            make.maybe(0.4, lambda: make.icon(rng.choice((10, 12, 14, 16, 20)), small=True)) for _ in range(2)
        )
        ends += make.menu_dots() if rng.random() < 0.7 else make.chevron()
        title = make.text(
            style=f"font-weight:{rng.choice((400, 600, 700))}", classes=rng.choice(("", "accent", "muted"))
        )
        items.append(
            f'<div class="panel lined row" style="width:{rng.randint(180, 420)}px;padding:{rng.choice((6, 10, 14))}px">{make.maybe(0.3, make.icon)}{title}<span class="grow"></span><span class="row" style="gap:{rng.choice((6, 10, 16))}px">{ends}</span></div>'
        )
    return f'<div class="col" style="gap:8px">{"".join(items)}</div>'


def dotted_rows(make: Maker) -> str:
    """Rows of text that end in three dots, or begin with a grip."""
    rng, items = make.rng, []
    grip = rng.random() < 0.3
    for _ in range(rng.randint(1, 5)):
        lead = make.menu_dots() if grip else make.maybe(0.5, make.icon)
        items.append(
            f'<div class="row" style="padding:{rng.choice((4, 6, 10))}px">{lead}{make.label()}<span class="grow"></span>{make.maybe(0.3, make.icon)}{make.menu_dots()}</div>'
        )
    ground = f"color:#fff;background:{random_colour(rng)}" if rng.random() < 0.25 else ""
    classes = rng.choice(("panel", "panel lined", "", "solid"))
    return f'<div class="{classes}" style="width:{rng.randint(160, 480)}px;{ground}">{"".join(items)}</div>'


def tree(make: Maker) -> str:
    """A sidebar whose entries have others below them, which are led by the same ring, point or dash each."""
    rng, pad, width = make.rng, make.rng.choice((3, 5, 7, 10)), make.rng.randint(150, 280)
    rows, step = [], rng.choice((0, 0, 8, 14, 20))
    bullet = make.bullets() if rng.random() < 0.8 else make.draw()
    side = rng.choice((8, 10, 12, 14, 16, make.theme.icon, make.theme.icon))
    colour = rng.choice(("inherit", "inherit", "inherit", make.theme.muted, random_colour(rng)))
    for _ in range(rng.randint(1, 4)):
        end = rng.choice((make.chevron, lambda: marks.badge(make.theme, rng), lambda: ""))()
        rows.append(
            f'<div class="row {rng.choice(("", "", "soft panel", "solid panel"))}" style="padding:{pad}px">{make.icon()}{make.label()}<span class="grow"></span>{end}</div>'
        )
        for _ in range(rng.choice((0, 1, 2, 3, 5))):
            active = rng.choice(("", "", "", "", "", "soft panel", "solid panel", "accent"))
            lead = bullet.format(f"width:{side}px;height:{side}px;color:{colour if not active else 'inherit'}")
            rows.append(
                f'<div class="row {active}" style="padding:{pad}px {pad}px {pad}px {pad + step}px">{lead}{make.label()}<span class="grow"></span>{make.maybe(0.1, make.chevron)}</div>'
            )
    ground = (
        f"color:{rng.choice(('#fff', '#c2c7d0', '#8a93a2'))};background:{rng.choice(('#343a40', '#1e293b', '#2c3e50', '#222', random_colour(rng)))}"
        if rng.random() < 0.4
        else ""
    )
    return f'<div class="{rng.choice(("panel", "panel lined", ""))}" style="width:{width}px;{ground}">{"".join(rows)}</div>'


def last_line(make: Maker) -> str:
    """A line of text with signs in it, such as that of the copyright: no icon."""
    rng = make.rng
    sign = rng.choice(LINE_SIGNS)
    words_of = make.theme.script.sentence(rng, rng.randint(2, 6))
    line = rng.choice(
        (
            f"{sign} {rng.randint(1995, 2026)} {words_of}",
            f"Copyright {sign} {words_of}",
            f"{words_of} {sign} {words_of}",
        )
    )
    style = f"font-size:{rng.choice((10, 11, 12, 13, 14, 16))}px;font-weight:{rng.choice((400, 400, 700))}"
    return make.text(line, style, rng.choice(("", "muted", "muted")))
