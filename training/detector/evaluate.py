"""How well the detector does on pages that it never learnt from."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from bench.regions import matches
from search.detection.boxes import overlap_of
from search.detection.detector import Detection, detect_with
from search.networks.compiled import traced
from training.detector.pages import PagePicture

TOLD = 0.3  # confidence of the detector from which a place counts
OVERLAP = 0.5  # intersection over union from which an icon is found
SIDES = (12, 16, 24, 48)  # px: bounds of the sizes that are told apart


def evaluate(network: Any, folder: Path, held_out: int) -> None:
    """Print, for every `held_out`-th page of the folder, how many icons are found and how many places are none."""
    forward = traced(network)
    files = [path for path in sorted(folder.glob("*.npz")) if int(path.stem) % held_out == 0]
    sides: list[float] = []
    found_at: list[float] = []
    spurious = 0
    for path in tqdm(files, "Evaluating", unit=" pages", disable=None):
        page = PagePicture.read(path)
        overlaps, false = compare(detect_with(forward, page.pixels), page)
        sides += (page.icons[:, 2:] - page.icons[:, :2]).max(axis=1).tolist()
        found_at += overlaps.tolist()
        spurious += false
    side, overlap = np.array(sides), np.array(found_at)
    print(f"{len(files)} pages, {len(side)} icons: {(overlap >= OVERLAP).mean():.3f} found, ", end="")
    print(f"{spurious / max(1, len(side)):.3f} false an icon, mean overlap {overlap[overlap >= OVERLAP].mean():.3f}")
    for least, most in zip((0, *SIDES), (*SIDES, 10_000), strict=True):
        chosen = (side >= least) & (side < most)
        if chosen.any():
            print(f"  {least} to {most} px: {(overlap[chosen] >= OVERLAP).mean():.3f} of {chosen.sum()}")


def compare(detection: Detection, page: PagePicture) -> tuple[NDArray[np.float64], int]:
    """For each icon of a page its best overlap with a sure place, and how many such places are at no icon."""
    boxes = detection.boxes[detection.confidence >= TOLD]
    overlaps = overlap_of(page.icons, boxes)
    unsure = overlap_of(page.unsure, boxes)
    best_of_box = np.concatenate([overlaps, unsure]).max(axis=0, initial=0)
    return overlaps.max(axis=1, initial=0), int((best_of_box < OVERLAP).sum())


def are_same(boxes: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.bool_]:
    """(n, m): whether the benchmark would take each of n boxes for each of m others, px."""
    first, second = (np.hstack([some[:, :2], some[:, 2:] - some[:, :2]]).tolist() for some in (boxes, others))
    same = [matches(box, other) for box in first for other in second]
    return np.array(same, bool).reshape(len(first), len(second))
