"""Groups of icons on pages as HTML: menus, sidebars, tables, settings, tab bars, toolbars and whole windows.

Each draws the icons of its draft, or as many as it has room for, and is marked `crop`.
"""

from collections.abc import Callable

from bench.components import Component, button, chevron, count, list_entry, shortcut
from bench.distractors import avatar, chart, checkbox, paragraph, person, picture, status, switch
from bench.drafts import Draft
from bench.scenes import css

Group = Callable[[Draft], str]


def menu(draft: Draft) -> str:
    """A menu with dividers, and tails of shortcuts, numbers and chevrons."""
    rng, rows = draft.rng, []
    tails: list[Component] = rng.sample((shortcut, count, chevron, _nothing), 2)
    padding, gap = f"{rng.randint(4, 8)}px {rng.randint(8, 14)}px", rng.randint(6, 14)
    while draft.has_more:
        content = f"{draft.icon()}{draft.label()}<div class=fill></div>{rng.choice(tails)(draft)}"
        chosen = f";background:rgba{(*draft.skin.accent, 0.18)}" if rng.random() < 0.1 else ""
        rows.append(f'<div class=row style="padding:{padding};gap:{gap}px{chosen}">{content}</div>')
        if rng.random() < 0.2:
            rows.append(f'<div style="border-top:1px solid {draft.skin.line};margin:4px 0"></div>')
    shape = f"min-width:{rng.randint(170, 280)}px;padding:4px 0;border-radius:{min(draft.skin.radius, 12)}px"
    return _group(f"{shape};box-shadow:0 4px 16px rgba(0,0,0,.25)", "".join(rows), "surface bordered")


def sidebar(draft: Draft) -> str:
    """The navigation of a program, with a title above, and a person below."""
    return _group(f"width:{draft.rng.randint(190, 260)}px", _navigation(draft, len(draft.icons)), "surface")


def table(draft: Draft) -> str:
    """A table of people, whose rows end with the same actions."""
    return _group(f"width:{draft.rng.randint(560, 820)}px", _rows(draft, len(draft.icons)), "surface bordered")


def settings(draft: Draft) -> str:
    """A list of settings: icon, title and explanation, and a switch, a value or a chevron."""
    rng, rows = draft.rng, []
    tile = rng.random() < 0.35
    while draft.has_more:
        icon = draft.icon(css(draft.skin.on_accent) if tile else "")
        if tile:
            side = draft.skin.side + 12
            style = f"width:{side}px;height:{side}px;border-radius:8px;background:{css(draft.skin.accent)}"
            icon = f'<div class="row rigid" style="{style};justify-content:center">{icon}</div>'
        about = f"<div class=muted>{draft.sentence()}</div>" if rng.random() < 0.6 else ""
        tail = rng.choice((switch, chevron, status, checkbox))(draft)
        text = f"<div class=fill>{draft.label('font-weight:600')}{about}</div>"
        style = f"gap:14px;padding:{rng.randint(8, 13)}px 14px;border-bottom:1px solid {draft.skin.line}"
        rows.append(f'<div class=row style="{style}">{icon}{text}{tail}</div>')
    return _group(f"width:{rng.randint(420, 640)}px", "".join(rows), "surface")


def tab_bar(draft: Draft) -> str:
    """The tabs of a phone, with captions; the first is chosen."""
    rng = draft.rng
    tabs: list[str] = []
    size, side = rng.choice((10, 11, 12)), rng.choice((20, 24))
    while draft.has_more:
        colour = f"color:{css(draft.skin.accent)}" if not tabs else ""
        caption = draft.label(f"font-size:{size}px;white-space:nowrap")
        style = f"align-items:center;gap:3px;padding:6px 4px;{colour}"
        tabs.append(f'<div class="column fill" style="{style}">{draft.icon(side=side)}{caption}</div>')
    width = max(360, 84 * len(tabs))
    return _group(f"width:{width}px;border-top:1px solid {draft.skin.line}", _row("".join(tabs), 0), "surface")


def labelled_toolbar(draft: Draft) -> str:
    """Buttons with labels, between buttons without, and dividers."""
    rng, parts = draft.rng, []
    while draft.has_more:
        if rng.random() < 0.6:
            parts.append(_unmarked(button(draft)))
        else:
            parts.append(f'<div style="padding:6px">{draft.icon()}</div>')
        if rng.random() < 0.2:
            parts.append(f'<div class=rigid style="width:1px;height:22px;background:{draft.skin.line}"></div>')
    return _group("padding:8px", _row("".join(parts), rng.randint(4, 12)), "surface")


def window(draft: Draft) -> str:
    """A whole window: navigation, a bar above, cards with a chart, a photograph and text, a table."""
    rng, skin = draft.rng, draft.skin
    width, height = rng.choice(((700, 620), (900, 700), (1100, 760), (1440, 900)))
    quarter = len(draft.icons) // 4
    side_bar = f'<div class="surface rigid" style="width:210px">{_navigation(draft, quarter + 2)}</div>'
    search = f'<div class="row fill" style="gap:8px;padding:6px 10px;border:1px solid {skin.line};border-radius:8px">'
    search += f"{draft.icon(css(skin.muted))}<span class=muted>{draft.label()}</span></div>"
    actions = "".join(draft.icon() for _ in range(min(4, quarter)))
    bar = f'<div class="row surface" style="gap:14px;padding:8px 14px">{search}{actions}{avatar(draft, 30)}</div>'
    box = (width - 210 - 3 * 14) // 2
    card = 'class="surface bordered" style="padding:12px;border-radius:8px;overflow:hidden;width:'
    chart_card = f'<div {card}{box}px">{_unmarked(list_entry(draft))}{chart(draft, box - 26, 130)}</div>'
    photograph = picture(draft, box - 26, 90)
    text_card = f'<div {card}{box}px">{photograph}{paragraph(draft)}</div>'
    cards = _row(chart_card + text_card, 14)
    rows = f'<div class="surface bordered" style="width:{2 * box + 14}px">{_rows(draft, len(draft.icons))}</div>'
    main = f'<div class="column fill" style="gap:14px;justify-content:start">{bar}'
    main += f'<div class=column style="gap:14px;padding:0 14px">{cards}{rows}</div></div>'
    style = f"width:{width}px;height:{height}px;overflow:hidden;display:flex;background:{css(skin.page)}"
    return _group(style, side_bar + main)


GROUPS: dict[str, Group] = {
    "menu": menu,
    "sidebar": sidebar,
    "table": table,
    "settings": settings,
    "tab bar": tab_bar,
    "labelled toolbar": labelled_toolbar,
    "window": window,
}
ICONS_OF_GROUPS = {"tab bar": (3, 5), "window": (24, 36), "labelled toolbar": (4, 8)}  # at least and at most
ANY_GROUP = (4, 9)
REPEATED = {"table": 3, "window": 4}  # how many icons make the actions of the rows, and so come again and again


def _navigation(draft: Draft, number: int) -> str:
    title = f'<div style="padding:10px 12px;font-weight:700">{draft.label("font-size:17px")}</div>'
    rows = []
    for index in range(min(number, len(draft.icons) - draft.drawn)):
        chosen = f"background:rgba{(*draft.skin.accent, 0.2)}" if index == 1 else ""
        number_behind = count(draft) if draft.rng.random() < 0.3 else ""
        content = f"{draft.icon()}{draft.label()}<div class=fill></div>{number_behind}"
        rows.append(f'<div class=row style="gap:10px;padding:7px 12px;border-radius:6px;{chosen}">{content}</div>')
    return f'<div class=column style="padding:8px">{title}{"".join(rows)}{person(draft)}</div>'


def _rows(draft: Draft, number: int) -> str:
    """Rows of a table with a checkbox, a person, text and actions, until so many icons are drawn or none is left."""
    rng, rows = draft.rng, []
    actions = rng.randint(1, 3)
    while draft.has_more and draft.drawn < number:
        boxes = "".join(draft.icon() for _ in range(actions))
        cells = (checkbox(draft), person(draft), draft.label(), status(draft))
        grid = f"grid-template-columns:24px 1.4fr 1fr 1fr {actions * (draft.skin.side + 12)}px"
        style = f"display:grid;{grid};align-items:center;padding:7px 12px;border-bottom:1px solid {draft.skin.line}"
        end = f'<div class=row style="gap:12px;justify-content:end">{boxes}</div>'
        content = "".join(f'<div style="overflow:hidden">{cell}</div>' for cell in cells)
        rows.append(f'<div style="{style}">{content}{end}</div>')
    return "".join(rows)


def _nothing(draft: Draft) -> str:
    return ""


def _row(content: str, gap: int) -> str:
    return f'<div class=row style="gap:{gap}px">{content}</div>'


def _group(style: str, content: str, classes: str = "") -> str:
    return f'<div data-mark=crop class="{classes}" style="width:max-content;{style}">{content}</div>'


def _unmarked(component: str) -> str:
    """The component without the mark of what a person crops, which is the whole group here."""
    return component.replace("data-mark=crop ", "", 1)
