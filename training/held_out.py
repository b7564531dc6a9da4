"""What the network learns from and what it is judged by, kept apart by drawing: sets contain each other's drawings."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.batches import LOOK_ALIKE, coarse
from training.library import Library

PRINCIPAL = 64  # principal components of the coarse drawings that are kept, by which families are chosen
CHUNK = 4096  # drawings read at once
SAMPLE = 20_000  # drawings from which the principal components are computed


@dataclass(frozen=True)
class Split:
    """The icons of a library, as indices, by what they are for."""

    learnt: NDArray[np.int64]  # icons to learn from
    held_out: NDArray[np.int64]  # icons of the same sets; none that looks like one of them is learnt
    unseen: NDArray[np.int64]  # the icons of one whole set; none that looks like one of them is learnt
    features: NDArray[np.float32]  # (all icons, PRINCIPAL), of length 1
    coloured: NDArray[np.bool_]  # (all icons,)


def split(library: Library, unseen_prefix: str, held_out: int, seed: int) -> Split:
    """The split with one set unseen and so many icons held out; the same for the same library and seed."""
    path = library.folder / f"split-{unseen_prefix}-{held_out}-{seed}.npz"
    if not path.exists():
        np.savez(path, **vars(_split(library, unseen_prefix, held_out, seed)))
    with np.load(path) as arrays:
        return Split(**arrays)


def _split(library: Library, unseen_prefix: str, held_out: int, seed: int) -> Split:
    rng = np.random.default_rng(seed)

    chunks = [library.drawings[start : start + CHUNK] for start in range(0, len(library.ids), CHUNK)]
    shapes = np.concatenate([coarse(drawings).astype(np.float16) for drawings in chunks])
    drawn = np.concatenate([drawings.any(axis=(1, 2, 3)) for drawings in chunks])
    coloured = np.concatenate([np.ptp(drawings, axis=3).any(axis=(1, 2)) for drawings in chunks])
    of_unseen = library.prefixes == unseen_prefix
    unseen = np.flatnonzero(of_unseen & drawn)
    chosen = np.sort(rng.choice(np.flatnonzero(~of_unseen & drawn), held_out, replace=False))
    kept_out = shapes[np.concatenate([chosen, unseen])].astype(np.float32).T
    near = np.concatenate([(chunk.astype(np.float32) @ kept_out).max(axis=1) for chunk in _chunks(shapes)])
    learnt = np.flatnonzero(drawn & (near <= LOOK_ALIKE))
    axes = _principal_axes(shapes[rng.choice(learnt, SAMPLE)].astype(np.float32))
    features = np.concatenate([chunk.astype(np.float32) @ axes for chunk in _chunks(shapes)])
    features /= np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-6)
    return Split(learnt, chosen, unseen, features, coloured)


def _chunks(rows: NDArray[np.float16]) -> list[NDArray[np.float16]]:
    return [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]


def _principal_axes(sample: NDArray[np.float32]) -> NDArray[np.float32]:
    """(d, PRINCIPAL): the axes along which the rows of (n, d) vary most."""
    sample -= sample.mean(axis=0)
    _, axes = np.linalg.eigh(sample.T @ sample)
    return np.asarray(axes[:, -PRINCIPAL:], np.float32)
