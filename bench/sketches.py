"""Sketches as people draw them in some seconds with a mouse or a finger, and how often the site finds what they mean.

`python -m bench.sketches http://127.0.0.1:8000/` posts them to a running site that has the demo set. A subject is what
a person has in mind; its strokes are drawn with wobble, gaps, overshoots and wrong proportions, in one of three pens.
"""
# ruff: noqa: E501  (a subject stays on a line, so that the table can be read)

import argparse
import math
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
import requests
from numpy.typing import NDArray
from PIL import Image

SIDE = 320  # px: the sheet of the page
PENS = (12, 24, 24, 40)  # px: thin, medium (the page's own choice, so twice as frequent) and thick
VARIANTS = 4  # sketches of each subject
OTHER_DRAWING = re.compile(r"(-[23])?(-filled)?\Z")  # the end of names of the same subject
Point = tuple[float, float]
Stroke = list[Point]
Floats = NDArray[np.float64]


def arc(x: float, y: float, wide: float, high: float, start: float = 0, end: float = 360) -> Stroke:
    """A part of an ellipse around (x, y) with these half axes; angles in degrees, clockwise from the right."""
    angles = np.radians(np.linspace(start, end, 24))
    return [(x + wide * math.cos(angle), y + high * math.sin(angle)) for angle in angles]


def box(left: float, top: float, right: float, bottom: float) -> Stroke:
    """A rectangle in one stroke."""
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]


def rays(x: float, y: float, inner: float, outer: float, count: int) -> list[Stroke]:
    """Short strokes around (x, y)."""
    angles = [2 * math.pi * number / count for number in range(count)]
    return [[(x + r * math.cos(a), y + r * math.sin(a)) for r in (inner, outer)] for a in angles]


def star(x: float, y: float, outer: float, inner: float) -> Stroke:
    """A star of five points in one stroke."""
    radii = [outer if number % 2 == 0 else inner for number in range(11)]
    return [
        (x + r * math.sin(math.pi * number / 5), y - r * math.cos(math.pi * number / 5))
        for number, r in enumerate(radii)
    ]


@dataclass(frozen=True)
class Subject:
    """What a person has in mind: strokes on a sheet of 100 × 100, and the icons that show it."""

    strokes: list[Stroke]
    names: str  # of icons of the demo set, apart from -2, -3 and -filled, between spaces


SUBJECTS = {
    "house": Subject([[(10, 50), (50, 12), (90, 50)], [(20, 45), (20, 90), (80, 90), (80, 45)], [(42, 90), (42, 62), (60, 62), (60, 90)]], "home building-cottage smart-home"),
    "plain house": Subject([[(15, 45), (15, 92), (85, 92), (85, 45), (50, 10), (15, 45)], [(40, 92), (40, 65), (62, 65), (62, 92)]], "home building-cottage smart-home"),
    "cart": Subject([[(5, 12), (20, 12), (34, 68), (82, 68)], [(23, 25), (93, 25), (84, 56), (31, 56)], arc(40, 84, 7, 7), arc(76, 84, 7, 7)], "shopping-cart garden-cart"),
    "other cart": Subject([[(8, 10), (22, 10), (26, 62), (84, 62), (92, 28), (24, 28)], arc(36, 82, 8, 8), arc(76, 82, 8, 8)], "shopping-cart garden-cart"),
    "heart": Subject([[(50, 88), (22, 62), (8, 40), (12, 20), (28, 12), (44, 20), (50, 32), (57, 20), (72, 12), (88, 20), (92, 40), (78, 62), (50, 88)]], "heart"),
    "star": Subject([star(50, 52, 46, 19)], "star"),
    "envelope": Subject([box(6, 20, 94, 80), [(6, 22), (50, 56), (94, 22)]], "mail"),
    "person": Subject([arc(50, 28, 17, 18), [(16, 92), (18, 74), (32, 62), (68, 62), (82, 74), (85, 92)]], "user"),
    "magnifier": Subject([arc(42, 42, 32, 32), [(65, 65), (94, 94)]], "search zoom"),
    "bell": Subject([[(12, 76), (22, 64), (25, 40), (36, 22), (50, 18), (64, 22), (75, 40), (78, 64), (88, 76), (12, 76)], [(40, 84), (50, 92), (60, 84)]], "bell"),
    "camera": Subject([[(8, 32), (30, 32), (38, 18), (62, 18), (70, 32), (92, 32), (92, 84), (8, 84), (8, 32)], arc(50, 57, 16, 16)], "camera"),
    "bin": Subject([[(12, 24), (88, 24)], [(22, 24), (28, 92), (72, 92), (78, 24)], [(38, 24), (38, 10), (62, 10), (62, 24)], [(42, 42), (43, 76)], [(58, 42), (57, 76)]], "trash"),
    "padlock": Subject([box(18, 46, 82, 92), [(30, 46), (30, 28), (38, 14), (50, 10), (62, 14), (70, 28), (70, 46)], arc(50, 69, 4, 4)], "lock"),
    "cloud": Subject([[(26, 80), (10, 72), (8, 56), (20, 46), (28, 46), (32, 28), (48, 20), (64, 26), (70, 42), (86, 46), (94, 60), (88, 76), (74, 80), (26, 80)]], "cloud"),
    "sun": Subject([arc(50, 50, 18, 18), *rays(50, 50, 32, 46, 8)], "sun sun-high brightness-up"),
    "moon": Subject([[(56, 8), (34, 14), (16, 34), (14, 58), (26, 80), (48, 92), (72, 86), (88, 68), (68, 70), (50, 60), (42, 42), (46, 22), (56, 8)]], "moon"),
    "cup": Subject([[(14, 28), (16, 72), (28, 86), (58, 86), (70, 72), (72, 28), (14, 28)], [(72, 38), (88, 38), (92, 52), (86, 64), (71, 64)]], "mug coffee cup tea"),
    "car": Subject([[(6, 70), (6, 50), (20, 46), (34, 24), (66, 24), (80, 46), (94, 52), (94, 70), (6, 70)], arc(26, 72, 9, 9), arc(74, 72, 9, 9)], "car car-suv car-4wd"),
    "receiver": Subject([[(12, 14), (34, 10), (44, 34), (32, 44), (56, 68), (66, 56), (90, 66), (86, 88), (72, 92), (40, 78), (20, 56), (10, 30), (12, 14)]], "phone"),
    "clock": Subject([arc(50, 50, 42, 42), [(50, 24), (50, 52), (68, 62)]], "clock clock-hour-4 clock-hour-5"),
    "key": Subject([arc(28, 64, 20, 20), [(43, 50), (88, 8)], [(74, 22), (86, 34)], [(62, 33), (72, 44)]], "key"),
    "folder": Subject([[(8, 22), (38, 22), (48, 34), (92, 34), (92, 84), (8, 84), (8, 22)]], "folder"),
    "sheet": Subject([[(20, 8), (60, 8), (82, 30), (82, 92), (20, 92), (20, 8)], [(60, 8), (60, 30), (82, 30)]], "file"),
    "eye": Subject([[(4, 50), (22, 28), (50, 18), (78, 28), (96, 50), (78, 72), (50, 82), (22, 72), (4, 50)], arc(50, 50, 14, 14)], "eye"),
    "pencil": Subject([[(10, 90), (14, 68), (72, 10), (90, 28), (32, 86), (10, 90)], [(60, 22), (78, 40)]], "pencil"),
    "bulb": Subject([[(38, 70), (36, 60), (24, 48), (24, 28), (36, 12), (50, 8), (64, 12), (76, 28), (76, 48), (64, 60), (62, 70), (38, 70)], [(40, 80), (60, 80)], [(44, 90), (56, 90)]], "bulb"),
    "umbrella": Subject([[(6, 52), (14, 28), (32, 14), (50, 10), (68, 14), (86, 28), (94, 52), (6, 52)], [(50, 52), (50, 84), (56, 92), (66, 90), (68, 82)]], "umbrella"),
    "fish": Subject([[(6, 50), (26, 32), (48, 28), (68, 40), (92, 68)], [(6, 50), (26, 68), (48, 72), (68, 60), (92, 32)], arc(24, 46, 3, 3)], "fish fish-christianity"),
    "flag": Subject([[(18, 94), (18, 10), (84, 10), (84, 54), (18, 54)]], "flag"),
    "present": Subject([box(10, 32, 90, 50), [(18, 50), (18, 92), (82, 92), (82, 50)], [(50, 32), (50, 92)], [(50, 32), (34, 30), (26, 20), (34, 10), (44, 16), (50, 32)], [(50, 32), (66, 30), (74, 20), (66, 10), (56, 16), (50, 32)]], "gift"),
    "note": Subject([arc(24, 78, 14, 11), [(38, 78), (38, 16), (86, 8), (86, 70)], arc(72, 70, 14, 11)], "music"),
    "bag": Subject([[(18, 32), (10, 90), (90, 90), (82, 32), (18, 32)], [(34, 44), (34, 22), (42, 10), (58, 10), (66, 22), (66, 44)]], "shopping-bag paper-bag"),
    "briefcase": Subject([box(8, 32, 92, 86), [(34, 32), (34, 16), (66, 16), (66, 32)], [(8, 56), (92, 56)]], "briefcase"),
    "headphones": Subject([[(10, 66), (10, 46), (20, 24), (38, 12), (62, 12), (80, 24), (90, 46), (90, 66)], box(10, 58, 26, 88), box(74, 58, 90, 88)], "headphones headset"),
    "pin": Subject([[(50, 94), (24, 60), (16, 40), (24, 18), (50, 6), (76, 18), (84, 40), (76, 60), (50, 94)], arc(50, 38, 12, 12)], "map-pin"),
    "mobile": Subject([box(24, 6, 76, 94), [(46, 82), (54, 82)]], "device-mobile"),
    "screen": Subject([box(6, 12, 94, 70), [(50, 70), (50, 88)], [(28, 88), (72, 88)]], "device-desktop device-imac"),
    "lightning": Subject([[(58, 6), (18, 56), (46, 56), (40, 94), (82, 42), (54, 42), (58, 6)]], "bolt"),
    "drop": Subject([[(50, 6), (28, 38), (18, 60), (24, 80), (40, 92), (60, 92), (76, 80), (82, 60), (72, 38), (50, 6)]], "droplet"),
    "calendar": Subject([box(10, 20, 90, 90), [(10, 42), (90, 42)], [(32, 8), (32, 28)], [(68, 8), (68, 28)]], "calendar calendar-event calendar-week calendar-month"),
    "speech bubble": Subject([[(24, 92), (26, 72), (8, 72), (8, 14), (92, 14), (92, 72), (48, 72), (24, 92)]], "message message-2"),
    "smiley": Subject([arc(50, 50, 42, 42), arc(36, 40, 3, 3), arc(64, 40, 3, 3), arc(50, 54, 20, 18, 20, 160)], "mood-smile mood-happy"),
    "check": Subject([[(10, 54), (38, 82), (92, 20)]], "check"),
    "cross": Subject([[(14, 14), (86, 86)], [(86, 14), (14, 86)]], "x"),
    "arrow": Subject([[(6, 50), (92, 50)], [(64, 22), (92, 50), (64, 78)]], "arrow-right arrow-narrow-right"),
    "download": Subject([[(50, 8), (50, 64)], [(28, 44), (50, 66), (72, 44)], [(10, 66), (10, 90), (90, 90), (90, 66)]], "download"),
    "menu": Subject([[(10, 22), (90, 22)], [(10, 50), (90, 50)], [(10, 78), (90, 78)]], "menu-2 menu menu-deep align-justified"),
    "picture": Subject([box(8, 14, 92, 86), [(8, 74), (34, 46), (54, 68), (70, 54), (92, 76)], arc(68, 34, 6, 6)], "photo"),
    "plug": Subject([[(30, 36), (70, 36), (70, 56), (60, 70), (40, 70), (30, 56), (30, 36)], [(40, 36), (40, 10)], [(60, 36), (60, 10)], [(50, 70), (50, 94)]], "plug"),
    "tree": Subject([[(50, 6), (22, 40), (36, 40), (12, 76), (88, 76), (64, 40), (78, 40), (50, 6)], [(50, 76), (50, 94)]], "christmas-tree tree"),
}  # fmt: skip


def smooth_noise(numbers: np.random.Generator, count: int, amplitude: float) -> Floats:
    """(count, 2): how far a hand strays along a line, in units of the sheet."""
    along = np.linspace(0, 1, count)[:, None]
    waves = np.zeros((count, 2))
    for number in range(1, 6):
        waves += numbers.normal(0, 1 / (1 + number / 2), 2) * np.sin(
            np.pi * (number * along + numbers.uniform(0, 2, 2))
        )
    return amplitude * waves / 1.6


def hand_drawn(strokes: list[Stroke], seed: str) -> tuple[list[Floats], int]:
    """The strokes as a hand draws them, each (n, 2) in px of the sheet, and the width of the pen in px."""
    numbers = np.random.default_rng(random.Random(seed).getrandbits(64))
    angle = numbers.normal(0, 3) * np.pi / 180
    wide, high = numbers.uniform(0.86, 1.14, 2)
    linear = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.diag([wide, high])
    linear[0, 1] += numbers.normal(0, 0.05)
    pen = int(numbers.choice(PENS))
    size = numbers.uniform(2.4, 2.9) if pen == max(PENS) else numbers.uniform(1.7, 2.7)  # px per unit of the sheet
    lines = []
    for stroke in strokes:
        corners = np.array(stroke, float) + numbers.normal(0, 1.5, (len(stroke), 2)) * (len(stroke) < 20)
        corners += numbers.normal(0, 1.8, 2)
        for end, before in ((0, 1), (-1, -2)):  # a stroke ends too early or too late
            along = corners[end] - corners[before]
            corners[end] += along / max(np.hypot(*along), 1e-6) * numbers.normal(0, 3)
        steps = np.hypot(*np.diff(corners, axis=0).T)
        at = np.concatenate([[0], np.cumsum(steps)])
        count = max(8, int(at[-1] / 2))
        points = np.stack([np.interp(np.linspace(0, at[-1], count), at, corners[:, axis]) for axis in (0, 1)], 1)
        if len(points) > 12:  # corners are rounded
            kernel = np.ones(3) / 3
            points[1:-1] = np.stack([np.convolve(points[:, axis], kernel, "valid") for axis in (0, 1)], 1)
        points += smooth_noise(numbers, count, numbers.uniform(0.8, 2.4))
        lines.append(((points - 50) @ linear.T) * size + SIDE / 2)
    return lines, pen


def sketch(strokes: list[Stroke], seed: str) -> Image.Image:
    """The sheet with the strokes drawn by hand."""
    lines, pen = hand_drawn(strokes, seed)
    sheet = np.full((SIDE, SIDE), 255, np.uint8)
    for line in lines:
        cv2.polylines(sheet, [np.round(line * 16).astype(np.int32)], False, 0, pen, cv2.LINE_AA, shift=4)
    return Image.fromarray(sheet).convert("RGB")


def sketches(variants: int = VARIANTS) -> Iterator[tuple[str, Image.Image]]:
    """The name of each subject, with a sketch of it, `variants` times."""
    for name, subject in SUBJECTS.items():
        for number in range(variants):
            yield name, sketch(subject.strokes, f"{name} {number}")


def measure(address: str, variants: int) -> tuple[float, float]:
    """Recall in the first place and in the first ten, of a site with the demo set at this address."""
    session = requests.Session()
    session.trust_env = False  # The machine's proxies are for other sites.
    first = ten = total = 0
    for name, picture in sketches(variants):
        buffer = BytesIO()
        picture.save(buffer, "PNG")
        fields = {"sketch": "1", "limit": "10"}
        reply = session.post(
            f"{address.rstrip('/')}/api/v1/search/image/", fields, files={"image": ("sketch.png", buffer.getvalue())}
        )
        icons = [result["icon"].partition(":")[2] for result in reply.json()["results"]]
        right = [OTHER_DRAWING.sub("", icon) in SUBJECTS[name].names.split() for icon in icons]
        first, ten, total = first + any(right[:1]), ten + any(right), total + 1
    return first / total, ten / total


def main() -> None:
    """Print the recall of the site that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--variants", type=int, default=VARIANTS, help="sketches of each subject")
    options = parser.parse_args()
    first, ten = measure(options.address, options.variants)
    print(f"R@1 {first:.3f}, R@10 {ten:.3f}")


if __name__ == "__main__":
    main()
