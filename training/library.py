"""The icons to learn from: every visible icon of the npm package @iconify/json, and its drawing."""

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
from tqdm import tqdm

from icons.rasterise import draw
from search.drawing import SIDE, icon_drawings

RENDERED = 48  # px: the side at which icons are rendered, as search.embedding does it
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{}">{}</svg>'
NONE = 255  # all over a drawing: there is none
CHUNK = 500  # icons that a worker draws at once
LONGEST = 60_000  # characters of SVG: the few longer ones take too long to draw in every scene


def _draw(svgs: Sequence[str]) -> NDArray[np.uint8]:
    """(n, 2, SIDE, SIDE, 3) drawings, on white and in colours: all white where there is none."""
    drawings = np.full((len(svgs), 2, SIDE, SIDE, 3), NONE, np.uint8)
    for index, svg in enumerate(svgs):
        try:
            looks = icon_drawings(draw("resvg", svg, RENDERED))
        except Exception:  # whatever the rasteriser makes of a broken icon
            continue
        for look, drawing in enumerate(looks):
            drawings[index, look] = drawing.pixels
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
        return np.array([icon.partition(":")[0] for icon in self.ids])

    @cached_property
    def _drawings(self) -> NDArray[np.uint8]:
        return np.load(self.folder / "drawings.npy", mmap_mode="r")

    @property
    def drawings(self) -> NDArray[np.uint8]:
        """(n, SIDE, SIDE, 3), on disk: each icon on white."""
        return self._drawings[:, 0]

    def looks(self, index: int) -> NDArray[np.uint8]:
        """(1 or 2, SIDE, SIDE, 3): one icon on white and, where that differs, in its colours."""
        both: NDArray[np.uint8] = self._drawings[index]
        return both if both[1].min() < NONE else both[:1]

    @cached_property
    def _offsets(self) -> NDArray[np.int64]:
        return np.load(self.folder / "offsets.npy")

    @cached_property
    def _bodies(self) -> NDArray[np.uint8]:
        return np.memmap(self.folder / "bodies.bin", dtype=np.uint8, mode="r")

    def source(self, index: int) -> tuple[str, str]:
        """The view box, `left top width height`, and the body of one icon."""
        start, end = self._offsets[index], self._offsets[index + 1]
        view_box, _, body = bytes(self._bodies[start:end]).decode().partition("\n")
        return view_box, body

    def is_read(self) -> bool:
        return (self.folder / "offsets.npy").exists()

    def read(self, sources: Path) -> None:
        """Keep the icons of the Iconify JSON files in a folder."""
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
        """Draw every icon, in so many processes; does nothing if that is done."""
        if (self.folder / "drawings.npy").exists():
            return
        count, unfinished = len(self.ids), self.folder / "drawings.unfinished.npy"
        shape = (count, 2, SIDE, SIDE, 3)
        drawings = np.lib.format.open_memmap(unfinished, mode="w+", dtype=np.uint8, shape=shape)
        starts = range(0, count, CHUNK)
        with (
            ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool,
            tqdm(total=count, desc="drawing", unit=" icons") as bar,
        ):
            chunks = ([SVG.format(*self.source(i)) for i in range(s, min(s + CHUNK, count))] for s in starts)
            for start, drawn in zip(starts, pool.map(_draw, chunks), strict=True):
                drawings[start : start + len(drawn)] = drawn
                bar.update(len(drawn))
        drawings.flush()
        unfinished.rename(self.folder / "drawings.npy")


def _icons(data: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, icon in data["icons"].items():
        if not icon.get("hidden") and len(icon["body"]) <= LONGEST:
            box = [icon.get(key, data.get(key, usual)) for key, usual in BOX]
            yield f"{data['prefix']}:{name}", "{} {} {} {}".format(*box), icon["body"]


BOX = (("left", 0), ("top", 0), ("width", 16), ("height", 16))
