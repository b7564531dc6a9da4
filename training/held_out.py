"""What the network learns from and what it is judged by, apart by drawing: sets contain each other's drawings."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.batches import ALIKE, coarse
from training.library import Library

PRINCIPAL = 64  # components kept of the coarse drawings, for ordering batches
CHUNK = 4096


@dataclass(frozen=True)
class Parts:
    learnt: NDArray[np.int64]  # icons to learn from
    held_out: NDArray[np.int64]  # icons of the same sets, and none that looks like one of them is learnt
    unseen: NDArray[np.int64]  # the icons of one whole set, likewise
    features: NDArray[np.float32]  # (all icons, PRINCIPAL)
    coloured: NDArray[np.bool_]  # (all icons,)


def split(library: Library, unseen_prefix: str, held_out: int, seed: int) -> Parts:
    """The same split for the same library and seed."""
    path = library.folder / f"split-{unseen_prefix}-{held_out}-{seed}.npz"
    if not path.exists():
        parts = _split(library, unseen_prefix, held_out, seed)
        np.savez(path, **vars(parts))
    with np.load(path) as arrays:
        return Parts(**arrays)


def _split(library: Library, unseen_prefix: str, held_out: int, seed: int) -> Parts:
    rng = np.random.default_rng(seed)
    starts = range(0, len(library.ids), CHUNK)
    known = np.concatenate([coarse(library.drawings[start : start + CHUNK]).astype(np.float16) for start in starts])
    drawn = np.concatenate([library.drawings[s : s + CHUNK].any(axis=(1, 2, 3)) for s in starts])
    coloured = np.concatenate([np.ptp(library.drawings[s : s + CHUNK], axis=3).any(axis=(1, 2)) for s in starts])
    of_unseen = library.prefixes == unseen_prefix
    unseen = np.flatnonzero(of_unseen & drawn)
    chosen = np.sort(rng.choice(np.flatnonzero(~of_unseen & drawn), held_out, replace=False))
    apart = known[np.concatenate([chosen, unseen])].astype(np.float32).T
    near = np.concatenate([(known[s : s + CHUNK].astype(np.float32) @ apart).max(axis=1) for s in starts])
    learnt = np.flatnonzero(drawn & (near <= ALIKE))
    sample = known[rng.choice(learnt, 20_000)].astype(np.float32)
    sample -= sample.mean(axis=0)
    _, axes = np.linalg.eigh(sample.T @ sample)
    axes = axes[:, -PRINCIPAL:].astype(np.float32)
    features = np.concatenate([known[s : s + CHUNK].astype(np.float32) @ axes for s in starts])
    features /= np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-6)
    return Parts(learnt, chosen, unseen, features, coloured)
