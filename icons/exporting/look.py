"""How an icon is to look where it is used."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """What to change in an icon; the default is the icon as it is."""

    colour: str = ""  # CSS colour that replaces the current colour; "" keeps it
    size: int | None = None  # px, of the longer side
    stroke: float | None = None  # width of the widest stroke, in units of the view box
    rotate: int = 0  # quarter turns clockwise, after the flips
    flip_x: bool = False  # horizontally: what is left comes to the right
    flip_y: bool = False  # vertically: what is above comes below

    @property
    def turns_or_flips(self) -> bool:
        """Whether the drawing does not stand as its author drew it."""
        return bool(self.rotate % 4 or self.flip_x or self.flip_y)


PLAIN = Look()
