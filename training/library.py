"""The icons to learn from: every visible icon of the npm package @iconify/json, and its renditions."""

import json
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from icons.importing.iconify_json import icon_view_box
from icons.rasteriser_child import draw
from search.vision.drawing import SIDE
from search.vision.renditions import icon_renditions

RENDERED = 48  # px: the side at which icons are rendered, the same as in search.matching.embedding
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{}">{}</svg>'
MOST_RENDITIONS = 3  # of an icon
CHUNK = 500  # icons that a process draws at once
LONGEST = 60_000  # characters of an SVG: the few longer ones take too long to draw in every scene


def rasterised(svg: str, side: int) -> Image.Image:
    """The SVG drawn on transparent, RGBA, its longer side `side` px. Raises some Exception if resvg cannot draw it."""
    try:
        return draw("resvg", svg, side)
    except (Exception, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as panic:  # of Rust, which is no Exception, nor can it be sent between processes
        raise RuntimeError(str(panic)) from None


def _draw(svgs: Sequence[str]) -> NDArray[np.uint8]:
    """(n, MOST_RENDITIONS, SIDE, SIDE, 3) RGB: the renditions of each icon, all 0 where there are fewer."""
    drawings = np.zeros((len(svgs), MOST_RENDITIONS, SIDE, SIDE, 3), np.uint8)
    for index, svg in enumerate(svgs):
        try:
            renditions = icon_renditions(rasterised(svg, RENDERED))
        except Exception:  # whatever the rasteriser makes of a broken icon
            continue
        for number, rendition in enumerate(renditions):
            drawings[index, number] = rendition.pixels
    return drawings


@dataclass(frozen=True)
class Library:
    """Icons kept in a folder, so that worker processes share them through the page cache."""

    folder: Path

    @cached_property
    def ids(self) -> list[str]:
        """`prefix:name` of every icon."""
        return (self.folder / "ids.txt").read_text().splitlines()

    @cached_property
    def prefixes(self) -> NDArray[np.str_]:
        """The prefix of every icon's set."""
        return np.array([icon.partition(":")[0] for icon in self.ids])

    @cached_property
    def _drawings(self) -> NDArray[np.uint8]:
        drawings: NDArray[np.uint8] = np.load(self.folder / "drawings.npy", mmap_mode="r")
        return drawings

    @property
    def drawings(self) -> NDArray[np.uint8]:
        """(n, SIDE, SIDE, 3) RGB, on disk: the rendition on white of every icon; all 0 if it is blank."""
        return self._drawings[:, 0]

    def renditions(self, index: int) -> NDArray[np.uint8]:
        """(n, SIDE, SIDE, 3) RGB: the renditions of one icon, n from 1 to MOST_RENDITIONS."""
        drawings: NDArray[np.uint8] = self._drawings[index]
        return drawings[: max(1, int(drawings.any(axis=(1, 2, 3)).sum()))]

    @cached_property
    def _offsets(self) -> NDArray[np.int64]:
        offsets: NDArray[np.int64] = np.load(self.folder / "offsets.npy")
        return offsets

    @cached_property
    def _bodies(self) -> NDArray[np.uint8]:
        return np.memmap(self.folder / "bodies.bin", dtype=np.uint8, mode="r")

    def source(self, index: int) -> tuple[str, str]:
        """The view box, `left top width height`, and the SVG body of one icon."""
        start, end = self._offsets[index], self._offsets[index + 1]
        view_box, _, body = bytes(self._bodies[start:end]).decode().partition("\n")
        return view_box, body

    def is_read(self) -> bool:
        """Whether `read` has come to its end."""
        return (self.folder / "offsets.npy").exists()

    def read(self, sources: Path) -> None:
        """Copy the icons of all Iconify JSON files in a folder into the library."""
        self.folder.mkdir(parents=True, exist_ok=True)
        offsets, ids = [0], []
        with open(self.folder / "bodies.bin", "wb") as bodies:
            for path in tqdm(sorted(sources.glob("*.json")), desc="reading", unit=" sets"):
                for icon, view_box, body in _icons(json.loads(path.read_text())):
                    offsets.append(offsets[-1] + bodies.write(f"{view_box}\n{body}".encode()))
                    ids.append(icon)
        (self.folder / "ids.txt").write_text("\n".join(ids))
        np.save(self.folder / "offsets.npy", np.array(offsets))

    def draw(self, workers: int) -> None:
        """Draw the renditions of every icon, in so many processes; does nothing if that was done before."""
        if (self.folder / "drawings.npy").exists():
            return
        count, unfinished = len(self.ids), self.folder / "drawings.unfinished.npy"
        shape = (count, MOST_RENDITIONS, SIDE, SIDE, 3)
        drawings = np.lib.format.open_memmap(unfinished, mode="w+", dtype=np.uint8, shape=shape)
        starts = range(0, count, CHUNK)
        with (
            ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool,
            tqdm(total=count, desc="drawing", unit=" icons") as bar,
        ):
            chunks = ([SVG.format(*self.source(i)) for i in range(s, min(s + CHUNK, count))] for s in starts)
            for start, drawn in zip(starts, pool.map(_draw, chunks), strict=True):
                for icon, number in np.argwhere(drawn.any(axis=(2, 3, 4))):  # what is 0 takes no room on disk
                    drawings[start + icon, number] = drawn[icon, number]
                bar.update(len(drawn))
        drawings.flush()
        unfinished.rename(self.folder / "drawings.npy")


def _icons(data: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The id, the view box and the body of every visible icon of an Iconify JSON file."""
    for name, icon in data["icons"].items():
        if not icon.get("hidden") and len(icon["body"]) <= LONGEST:
            yield f"{data['prefix']}:{name}", str(icon_view_box(icon, data)), icon["body"]
