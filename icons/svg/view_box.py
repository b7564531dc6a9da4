"""Flipping and turning a drawing in its view box."""

ViewBox = tuple[float, float, float, float]  # left, top, width, height


def turned(body: str, box: ViewBox, quarters: int, flip_x: bool, flip_y: bool) -> tuple[str, ViewBox]:
    """The contents of an SVG flipped first, then turned clockwise, about the middle of the box; and its new box."""
    left, top, width, height = box
    x, y = 2 * left + width, 2 * top + height
    if flip_x:
        body = f'<g transform="translate({x:g} 0) scale(-1 1)">{body}</g>'
    if flip_y:
        body = f'<g transform="translate(0 {y:g}) scale(1 -1)">{body}</g>'
    if turns := quarters % 4:
        body = f'<g transform="rotate({90 * turns} {x / 2:g} {y / 2:g})">{body}</g>'
        if turns % 2:  # the box turns with its contents
            left, top = (x - height) / 2, (y - width) / 2
            width, height = height, width
    return body, (left, top, width, height)


def view_box(box: ViewBox) -> str:
    return " ".join(f"{number:g}" for number in box)
