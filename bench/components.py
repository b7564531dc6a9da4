"""Parts of pages that have an icon and a label: buttons, rows of menus, tabs, chips, fields and so on, as HTML.

Each draws one icon of the draft. What a person crops is marked `crop`, the label `text`.
"""

from collections.abc import Callable

from bench.drafts import Draft
from bench.scenes import css

SHORTCUTS = ("Ctrl+N", "⌘K", "⇧⌘P", "Alt+F4", "Del", "F2", "Ctrl+Shift+S")

Component = Callable[[Draft], str]


def button(draft: Draft) -> str:
    """A button: filled, soft, outlined or ghost, with its icon before or after the label."""
    rng, skin = draft.rng, draft.skin
    accent, on_accent = css(skin.accent), css(skin.on_accent)
    styles = {
        "filled": f"background:{accent};color:{on_accent}",
        "soft": f"background:{_mixed(skin.accent, 0.18)}",
        "outlined": f"border:{rng.choice((1, 1, 2))}px solid {rng.choice((skin.line, accent))}",
        "ghost": "",
        "raised": f"background:{css(skin.surface)};border:1px solid {skin.line};box-shadow:0 1px 3px rgba(0,0,0,.25)",
    }
    style = styles[rng.choice(tuple(styles))]
    padding = f"padding:{rng.randint(4, 12)}px {rng.randint(8, 20)}px;gap:{rng.randint(4, 10)}px"
    order = ";flex-direction:row-reverse" if rng.random() < 0.2 else ""
    weight = f"font-weight:{rng.choice((400, 500, 700))}"
    return _box(f"{padding}{order};border-radius:{skin.radius}px;{style}", draft.icon() + draft.label(weight))


def menu_row(draft: Draft) -> str:
    """A row of a menu, with a shortcut, a number, a chevron or nothing at its end."""
    rng, skin = draft.rng, draft.skin
    end = rng.choice((shortcut, count, chevron, lambda _: ""))(draft)
    hovered = rng.random() < 0.3
    background = _mixed(skin.accent, 0.15) if hovered else css(skin.surface)
    style = f"padding:{rng.randint(4, 9)}px {rng.randint(8, 14)}px;gap:{rng.randint(6, 14)}px;background:{background}"
    width = f"min-width:{rng.randint(120, 260)}px" if end else ""
    content = f"{draft.icon()}{draft.label()}<div class=fill></div>{end}"
    return _box(f"{style};{width};border-radius:{rng.choice((0, 0, 4, 6))}px", content)


def tab(draft: Draft) -> str:
    """A tab of a phone's or a window's bar, with the caption below its icon."""
    rng, skin = draft.rng, draft.skin
    size = rng.choice((10, 11, 12))
    colour = css(skin.accent if rng.random() < 0.4 and not skin.dark else skin.ink)
    line = f"border-bottom:2px solid {colour}" if rng.random() < 0.3 else ""
    style = f"flex-direction:column;gap:{rng.randint(2, 5)}px;padding:{rng.randint(4, 9)}px {rng.randint(6, 18)}px"
    caption = draft.label(f"font-size:{size}px")
    return _box(f"{style};color:{colour};{line}", draft.icon(side=draft.skin.side + rng.choice((0, 4))) + caption)


def list_entry(draft: Draft) -> str:
    """An entry like “Inbox 12”, with the number in a pill or plain, close by or at the other end."""
    rng = draft.rng
    gap = "<div class=fill></div>" if rng.random() < 0.5 else ""
    number = count(draft) if rng.random() < 0.8 else ""
    selected = f"background:{_mixed(draft.skin.accent, 0.2)}" if rng.random() < 0.35 else ""
    width = f"min-width:{rng.randint(130, 260)}px" if gap else ""
    style = f"gap:{rng.randint(6, 12)}px;padding:{rng.randint(4, 8)}px {rng.randint(6, 12)}px;{width};{selected}"
    content = draft.icon() + draft.label() + gap + number
    return _box(f"{style};border-radius:{min(draft.skin.radius, 20)}px", content)


def chip(draft: Draft) -> str:
    """A chip, some with a cross, which is a letter, to take it away."""
    rng, skin = draft.rng, draft.skin
    style = rng.choice((f"background:{_mixed(skin.ink, 0.12)}", f"border:1px solid {skin.line}"))
    cross = '<span class="muted rigid">×</span>' if rng.random() < 0.35 else ""
    padding = f"padding:{rng.randint(2, 5)}px {rng.randint(8, 12)}px;gap:{rng.randint(4, 7)}px"
    return _box(f"{padding};border-radius:99px;{style}", draft.icon(side=min(skin.side, 18)) + draft.label() + cross)


def field(draft: Draft) -> str:
    """A field to type into, with an icon at its beginning."""
    rng, skin = draft.rng, draft.skin
    style = f"border:1px solid {skin.line};background:{css(skin.surface)};border-radius:{min(skin.radius, 20)}px"
    padding = f"padding:{rng.randint(6, 11)}px {rng.randint(8, 12)}px;gap:{rng.randint(6, 10)}px"
    icon = draft.icon(css(skin.muted) if rng.random() < 0.6 else "")
    muted = f"color:{css(skin.muted)}" if rng.random() < 0.7 else ""
    return _box(f"{style};{padding};min-width:{rng.randint(140, 300)}px", icon + draft.label(muted))


def breadcrumb(draft: Draft) -> str:
    """A way through pages, whose first step has an icon."""
    rng = draft.rng
    divider = f"<span class=muted>{rng.choice(('/', '›', '»', '>'))}</span>"
    steps = divider.join(draft.label() for _ in range(rng.randint(1, 3)))
    return _box(f"gap:{rng.randint(4, 9)}px;padding:{rng.randint(1, 6)}px", draft.icon() + steps)


def alert(draft: Draft) -> str:
    """A coloured box with a message."""
    rng, skin = draft.rng, draft.skin
    colour = rng.choice(((34, 120, 60), (190, 40, 40), (180, 110, 0), (30, 90, 200)))
    border = rng.choice((f"border:1px solid {_mixed(colour, 0.5)}", f"border-inline-start:4px solid {css(colour)}", ""))
    style = f"background:{_mixed(colour, 0.14)};{border};border-radius:{min(skin.radius, 10)}px"
    padding = f"padding:{rng.randint(8, 14)}px;gap:{rng.randint(8, 12)}px"
    icon = draft.icon(css(colour) if not skin.dark else "")
    text = draft.sentence() if rng.random() < 0.5 else draft.label()
    message = f'<div data-mark=text style="max-width:{rng.randint(140, 320)}px">{text}</div>'
    return _box(f"{style};{padding}", icon + message)


COMPONENTS: dict[str, Component] = {
    "button": button,
    "menu row": menu_row,
    "tab": tab,
    "list entry": list_entry,
    "chip": chip,
    "field": field,
    "breadcrumb": breadcrumb,
    "alert": alert,
}


def count(draft: Draft) -> str:
    """A number, plain or in a pill."""
    rng, skin = draft.rng, draft.skin
    number = str(rng.choice((1, 2, 3, 7, 12, 23, 48, 99, 128, "9+", "99+")))
    if rng.random() < 0.4:
        return f'<span class="muted rigid">{number}</span>'
    height = round(1.35 * skin.font_size)
    colours = rng.choice(
        (f"background:{css(skin.accent)};color:{css(skin.on_accent)}", "background:#d92d20;color:#fff")
    )
    style = f"min-width:{height}px;padding:0 5px;border-radius:99px;text-align:center;{colours}"
    return f'<span class=rigid style="font-size:{skin.font_size - 2}px;line-height:{height}px;{style}">{number}</span>'


def shortcut(draft: Draft) -> str:
    """The keys that do the same, plain or as keycaps."""
    text = draft.rng.choice(SHORTCUTS)
    cap = f"border:1px solid {draft.skin.line};border-radius:4px;padding:0 4px" if draft.rng.random() < 0.3 else ""
    return f'<span class="muted rigid" dir=ltr style="font-size:{draft.skin.font_size - 1}px;{cap}">{text}</span>'


def chevron(draft: Draft) -> str:
    """An arrowhead of two lines, no icon of the library; marked `neutral`, since it is an icon all the same."""
    side, turn = draft.rng.choice((6, 7, 8)), draft.rng.choice((-45, 45))
    style = f"width:{side}px;height:{side}px;border:solid;border-width:0 1.5px 1.5px 0;transform:rotate({turn}deg)"
    return f'<div class="muted rigid" data-mark=neutral style="{style}"></div>'


def _box(style: str, content: str) -> str:
    return f'<div class=row data-mark=crop style="width:max-content;{style}">{content}</div>'


def _mixed(colour: tuple[int, int, int], opacity: float) -> str:
    """A transparent colour, CSS."""
    return f"rgba{(*colour, opacity)}"
