"""The old system's file of vectors, vgg_featureCNN.h5: written for its search, and read in place of computing anew.

`dataset_1` has N rows of 512 numbers, L2-normalised, float32; `dataset_2` the N names, UTF-8: those of its 32 px
samples, "home.jpeg".
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import h5py
import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from icons.batches import batched
from icons.models import Icon, IconSet
from icons.names import stem, to_name
from icons.rendering import render_many
from search.indexing import embed_icons
from search.legacy import old_name
from search.matching.embedding import MODELS
from search.models import IconVector, Outcome

MODEL = "vgg16-imagenet"  # the network of the old system
VECTORS, NAMES = "dataset_1", "dataset_2"
BATCH = 256  # icons that are read, computed and written together
NEARLY_ZERO = 1e-6  # length of a vector that says nothing

Progress = Callable[[int], object]  # called with the number of icons that are done


class FeatureFileError(Exception):
    """A file that is not one of vectors; the message is a sentence for a person."""


@dataclass
class Matched:
    """How the rows of a file fared; those that were left out, by name."""

    stored: int = 0
    unknown: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)


def write_file(path: Path, sets: Sequence[IconSet], progress: Progress) -> int:
    """Write the vectors of all icons of the sets that can be drawn; returns how many. Raises OSError.

    Vectors that are not stored are computed, which takes about a tenth of a second each on one core.
    """
    names: list[str] = []
    with h5py.File(path, "w") as file:
        dimensions = MODELS[MODEL].dimensions
        rows = file.create_dataset(VECTORS, (0, dimensions), "float32", maxshape=(None, dimensions))
        for icons in batched(_icons(sets), BATCH):
            vectors = _vectors(icons)
            drawn = [icon for icon in icons if icon.pk in vectors]
            rows.resize(len(names) + len(drawn), axis=0)
            if drawn:
                rows[len(names) :] = np.stack([vectors[icon.pk] for icon in drawn])
            names += [old_name(icon) for icon in drawn]
            progress(len(icons))
        encoded = np.array([name.encode() for name in names], dtype="S") if names else np.empty(0, "S1")
        file.create_dataset(NAMES, data=encoded)
    return len(names)


def read_file(path: Path) -> tuple[list[str], NDArray[np.float32]]:
    """The names and the vectors, (n, 512) float32. Raises FeatureFileError."""
    try:
        with h5py.File(path, "r") as file:
            vectors, names = np.asarray(file[VECTORS], np.float32), list(np.asarray(file[NAMES]).ravel())
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise FeatureFileError(f"{path} is not a file with {VECTORS} and {NAMES}: {error}") from None
    dimensions = MODELS[MODEL].dimensions
    if vectors.ndim != 2 or vectors.shape[1] != dimensions or len(vectors) != len(names):
        raise FeatureFileError(
            f"{VECTORS} of {path} must have a row of {dimensions} numbers for each name of {NAMES};"
            f" it has the shape {vectors.shape} for {len(names)} names."
        )
    texts = [name.decode(errors="replace") if isinstance(name, bytes) else str(name) for name in names]
    return texts, vectors


def store_rows(names: Sequence[str], vectors: NDArray[np.float32], sets: Sequence[IconSet]) -> Matched:
    """Take the vectors for those of the icons of these sets that the names mean, as computed from what they are now."""
    icons_of_name = _icons_of_name(sets)
    matched, rows = Matched(), dict[int, tuple[str, NDArray[np.float32]]]()
    lengths = np.linalg.norm(vectors, axis=1)
    for name, vector, length in zip(names, vectors, lengths, strict=True):
        known = icons_of_name.get(stem(name)) or icons_of_name.get(to_name(stem(name))) or {}
        if not np.isfinite(length) or length < NEARLY_ZERO:
            matched.empty.append(name)
        elif len(known) != 1:
            (matched.ambiguous if known else matched.unknown).append(name)
        else:
            [(pk, svg_hash)] = known.items()
            rows[pk] = svg_hash, vector / length
    started = timezone.now()
    for batch in batched(rows.items(), BATCH):
        outcomes = [Outcome(pk, svg_hash, [(vector, b"")]) for pk, (svg_hash, vector) in batch]
        matched.stored += IconVector.objects.store(MODEL, outcomes, started)
    return matched


def _icons(sets: Sequence[IconSet]) -> Iterator[Icon]:
    icons = Icon.objects.filter(set__in=sets).order_by("set__prefix", "name")
    return icons.only("name", "file_name", "svg", "svg_hash").iterator(BATCH)


def _vectors(icons: Sequence[Icon]) -> dict[int, NDArray[np.float32]]:
    """The vectors of the icons by their ids, without those of icons that cannot be drawn."""
    hashes = {icon.pk: icon.svg_hash for icon in icons}
    rows = IconVector.objects.filter(icon__in=hashes, model=MODEL, rendition=0, error="")
    known = rows.values_list("icon_id", "svg_hash", "vector")
    vectors = {pk: np.asarray(vector, np.float32) for pk, svg_hash, vector in known if svg_hash == hashes[pk]}
    missing = [icon for icon in icons if icon.pk not in vectors]
    if missing:
        model = MODELS[MODEL]
        pictures = render_many([icon.svg for icon in missing], model.size)
        for outcome in embed_icons(model, missing, pictures):
            if outcome.renditions:
                vectors[outcome.icon_id] = outcome.renditions[0][0]
    # What Postgres keeps has half the precision, so that its lengths are not quite 1.
    return {pk: vector / np.linalg.norm(vector) for pk, vector in vectors.items()}


def _icons_of_name(sets: Sequence[IconSet]) -> dict[str, dict[int, str]]:
    """For each name that an icon goes by, the ids and the hashes of the icons that it may mean.

    Those are the name of its file, which the old system called it by, and its own.
    """
    by_file: dict[str, dict[int, str]] = defaultdict(dict)
    by_name: dict[str, dict[int, str]] = defaultdict(dict)
    rows = Icon.objects.filter(set__in=sets).values_list("pk", "svg_hash", "name", "file_name")
    for pk, svg_hash, name, file_name in rows.iterator():
        if file_name:
            by_file[stem(file_name)][pk] = svg_hash
        by_name[name][pk] = svg_hash
    return {**by_name, **by_file}
