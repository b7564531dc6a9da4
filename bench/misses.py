"""A contact sheet of queries that were not answered rightly."""

import io
from collections.abc import Mapping, Sequence
from itertools import chain, zip_longest
from random import Random

from PIL import Image, ImageDraw, ImageFont

from bench.pictures import in_colour, opaque
from bench.report import Judged
from bench.screenshots import encoded

ACROSS, DOWN = 3, 8  # misses
PICTURE = 72  # px of each of the three pictures of a miss
EDGE, TEXT = 8, 28  # px around the pictures, and below them for two lines
QUALITY = 80  # of WebP: some 60 KB


def contact_sheet(judged: Sequence[Judged], icons: Mapping[str, str], seed: int) -> bytes:
    """WebP of up to 24 misses, from as many conditions as there are; empty where nothing was missed."""
    misses: dict[str, list[Judged]] = {}
    for row in Random(seed).sample(judged, len(judged)):
        if row.place != 1:
            misses.setdefault(row.query.condition, []).append(row)
    in_turn = [row for row in chain.from_iterable(zip_longest(*misses.values())) if row]
    chosen = sorted(in_turn[: ACROSS * DOWN], key=lambda row: row.query.condition)
    if not chosen:
        return b""
    width, height = 3 * (PICTURE + EDGE) + 2 * EDGE, PICTURE + 2 * EDGE + TEXT
    sheet = Image.new("RGB", (ACROSS * width, -(-len(chosen) // ACROSS) * height), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(10)
    for i, row in enumerate(chosen):
        x, y = i % ACROSS * width + EDGE, i // ACROSS * height + EDGE
        found = row.answer.found[0] if row.answer.found else ""
        sheet.paste(_fitted(Image.open(io.BytesIO(row.query.picture))), (x, y))
        for column, icon in enumerate((row.query.icon, found), 1):
            if icon in icons:
                sheet.paste(_fitted(in_colour(icons[icon], PICTURE)), (x + column * (PICTURE + EDGE), y))
        draw.text((x, y + PICTURE + 2), f"{row.query.condition}: {row.query.icon}"[:48], "black", font)
        draw.text((x, y + PICTURE + 14), f"found {found or 'nothing'}"[:48], "#a00", font)
    return encoded(sheet, "WEBP", QUALITY)


def _fitted(picture: Image.Image) -> Image.Image:
    """As large as fits, on grey, on which white icons show too; small ones unsmoothed."""
    picture = picture.convert("RGBA")
    ratio = PICTURE / max(picture.size)
    size = max(1, round(ratio * picture.width)), max(1, round(ratio * picture.height))
    picture = picture.resize(size, Image.Resampling.NEAREST if ratio > 1 else Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", (PICTURE, PICTURE))
    ground.paste(picture, ((PICTURE - picture.width) // 2, (PICTURE - picture.height) // 2))
    return opaque(ground, "#ddd")
