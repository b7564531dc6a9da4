"""Colours of any space of CSS, and what CSS computes of several: color-mix() and light-dark() (Color Level 5)."""

import re

from coloraide import Color

SPACES = {"xyz": "xyz-d65", "rgb": "srgb"}  # the names of the library, where they are others than those of CSS
MOST = 4  # mixtures within one another
_mixture = re.compile(r"color-mix\(\s*in\s+([\w-]+)(?:\s+(\w+)\s+hue)?\s*,(.*)\)\Z", re.DOTALL).match
_choice = re.compile(r"light-dark\((.*)\)\Z", re.DOTALL).match
_share = re.compile(r"\A([\d.]+)%\s|\s([\d.]+)%\Z")


def in_its_space(text: str, depth: int = 0) -> Color | None:
    """The colour that a text in lower case means, in the space that it is given in; None where it is no colour."""
    if depth > MOST:
        return None
    if match := _choice(text):
        return in_its_space(_parts(match[1])[0], depth + 1)
    match = _mixture(text)
    try:
        if match:
            return _mixed(match[1], match[2] or "shorter", _parts(match[3]), depth)
        return Color("black" if text == "currentcolor" else text)
    except (ValueError, KeyError):  # a space or a hue that the library does not know
        return None


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
