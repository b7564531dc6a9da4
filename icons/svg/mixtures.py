"""Colours of any space of CSS, and what CSS computes of several: color-mix() and light-dark() (Color Level 5)."""

import re

from coloraide import Color

from icons.svg.lengths import Context, user_units

SPACES = {"xyz": "xyz-d65", "rgb": "srgb"}  # the names of the library, where they are others than those of CSS
MOST = 4  # mixtures within one another
_mixture = re.compile(r"color-mix\(\s*in\s+([\w-]+)(?:\s+(\w+)\s+hue)?\s*,(.*)\)\Z", re.DOTALL).match
_choice = re.compile(r"light-dark\((.*)\)\Z", re.DOTALL).match
_relative = re.compile(r"(rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(\s*from\s+(.*)\)\Z", re.DOTALL).match
_keyword = re.compile(r"(?<![\w.%])(?:alpha|[rgbhslwac])(?![\w(])")
SCALES = {"rgb": (255.0, 255.0, 255.0), "hsl": (1.0, 100.0, 100.0), "hwb": (1.0, 100.0, 100.0)}  # of CSS's numbers
_share = re.compile(r"\A([\d.]+)%\s|\s([\d.]+)%\Z")


def in_its_space(text: str, depth: int = 0) -> Color | None:
    """The colour that a text in lower case means, in the space that it is given in; None where it is no colour."""
    if depth > MOST:
        return None
    if match := _choice(text):
        return in_its_space(_parts(match[1])[0], depth + 1)
    if match := _relative(text):
        return _derived(match[1].removesuffix("a") if match[1] in ("rgba", "hsla") else match[1], match[2], depth)
    match = _mixture(text)
    try:
        if match:
            return _mixed(match[1], match[2] or "shorter", _parts(match[3]), depth)
        return Color("black" if text == "currentcolor" else text)
    except (ValueError, KeyError):  # a space or a hue that the library does not know
        return None


def _derived(name: str, text: str, depth: int) -> Color | None:
    """A colour of the channels of another one: `red r g calc(b / 2) / 50%` within rgb(from …)."""
    components, _slash, opacity = text.rpartition(" / ") if " / " in text else (text, "", "alpha")
    words = [word for word in _outer_words(components) if word]
    origin = in_its_space(" ".join(words[:-3]), depth + 1) if len(words) >= 4 else None
    if origin is None:
        return None
    scale = SCALES.get(name, (1.0, 1.0, 1.0))
    coordinates = origin.convert("srgb" if name == "rgb" else name).coords(nans=False)
    known = {
        letter: coordinate * factor for letter, coordinate, factor in zip(name[-3:], coordinates, scale, strict=True)
    }
    known["alpha"] = origin.alpha(nans=False)
    values = [_keyword.sub(lambda match: f"{known.get(match[0], match[0])}", word) for word in (*words[-3:], opacity)]
    numbers = [user_units(value, "x", Context(1, 1), whole=1) for value in values]
    if any(number is None for number in numbers):
        return None
    channels = [number / factor for number, factor in zip(numbers[:3], scale, strict=True) if number is not None]
    return Color("srgb" if name == "rgb" else name, channels, numbers[3] if numbers[3] is not None else 1.0)


def _outer_words(text: str) -> list[str]:
    """The words between spaces that are in no brackets."""
    words, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == " " and depth == 0:
            words.append("")
        else:
            words[-1] += character
    return words


def _parts(text: str) -> list[str]:
    """What stands between the commas that are in no brackets."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def _mixed(space: str, hue: str, parts: list[str], depth: int) -> Color | None:
    if len(parts) != 2:
        return None
    shares = [float(match[1] or match[2]) / 100 if (match := _share.search(part)) else -1.0 for part in parts]
    first, second = (in_its_space(_share.sub("", part).strip(), depth + 1) for part in parts)
    if first is None or second is None or max(shares) > 1:
        return None
    if shares[0] < 0:
        shares[0] = 0.5 if shares[1] < 0 else 1 - shares[1]
    if shares[1] < 0:
        shares[1] = 1 - shares[0]
    whole = sum(shares)
    if whole == 0:
        return None
    rest = shares[1] / whole
    mixture = first.mix(second, rest, space=SPACES.get(space, space), hue=hue, powerless=True, carryforward=True)
    mixture.set("alpha", lambda alpha: alpha * min(1.0, whole))
    return mixture
