"""A contact sheet of queries whose first answer was wrong."""

import io
from collections.abc import Mapping, Sequence
from itertools import chain, zip_longest
from random import Random

from PIL import Image, ImageDraw, ImageFont

from bench.pictures import draw_in_colour, flatten
from bench.results import JudgedQuery
from bench.screenshots import encode

COLUMNS, ROWS = 3, 8  # of misses on the sheet
PICTURE_SIDE = 72  # px; the side of each of the three pictures of a miss
EDGE = 8  # px around each picture
TEXT_HEIGHT = 28  # px below the pictures for two lines of text
TEXT_LENGTH = 48  # characters that a line of text may have
QUALITY = 80  # of WebP; the sheet takes some 60 KB


def contact_sheet(judged: Sequence[JudgedQuery], icons: Mapping[str, str], seed: int) -> bytes:
    """WebP of up to 24 misses, from as many conditions as there are; empty where nothing was missed.

    Each miss is shown as the query, the icon that it shows, and the first icon of the answer. `icons` are SVG by id.
    """
    chosen = _choose(judged, seed)
    if not chosen:
        return b""
    width, height = 3 * (PICTURE_SIDE + EDGE) + 2 * EDGE, PICTURE_SIDE + 2 * EDGE + TEXT_HEIGHT
    sheet = Image.new("RGB", (COLUMNS * width, -(-len(chosen) // COLUMNS) * height), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(10)
    for index, row in enumerate(chosen):
        x, y = index % COLUMNS * width + EDGE, index // COLUMNS * height + EDGE
        answer = row.answer.icons[0] if row.answer.icons else ""
        sheet.paste(_fit(Image.open(io.BytesIO(row.query.picture))), (x, y))
        for column, icon in enumerate((row.query.icon, answer), 1):
            if icon in icons:
                picture = _fit(draw_in_colour(icons[icon], PICTURE_SIDE))
                sheet.paste(picture, (x + column * (PICTURE_SIDE + EDGE), y))
        title = f"{row.query.condition}: {row.query.icon}"
        draw.text((x, y + PICTURE_SIDE + 2), title[:TEXT_LENGTH], "black", font)
        draw.text((x, y + PICTURE_SIDE + 14), f"found {answer or 'nothing'}"[:TEXT_LENGTH], "#a00", font)
    return encode(sheet, "WEBP", QUALITY)


def _choose(judged: Sequence[JudgedQuery], seed: int) -> list[JudgedQuery]:
    """Some misses of each condition, at random, ordered by condition."""
    misses: dict[str, list[JudgedQuery]] = {}
    for row in Random(seed).sample(judged, len(judged)):
        if row.rank != 1:
            misses.setdefault(row.query.condition, []).append(row)
    in_turn = [row for row in chain.from_iterable(zip_longest(*misses.values())) if row]
    return sorted(in_turn[: COLUMNS * ROWS], key=lambda row: row.query.condition)


def _fit(picture: Image.Image) -> Image.Image:
    """The picture as large as fits, on grey, on which white icons show too; small pictures are enlarged unsmoothed."""
    picture = picture.convert("RGBA")
    ratio = PICTURE_SIDE / max(picture.size)
    size = max(1, round(ratio * picture.width)), max(1, round(ratio * picture.height))
    picture = picture.resize(size, Image.Resampling.NEAREST if ratio > 1 else Image.Resampling.LANCZOS)
    square = Image.new("RGBA", (PICTURE_SIDE, PICTURE_SIDE))
    square.paste(picture, ((PICTURE_SIDE - picture.width) // 2, (PICTURE_SIDE - picture.height) // 2))
    return flatten(square, "#ddd")
