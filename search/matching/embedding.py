"""The models that turn a picture into vectors: each one's network, its input and its ranking in one place."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from numpy.typing import NDArray
from PIL import Image

from search.matching import vgg16
from search.matching.comparison import compare
from search.matching.imagenet_input import imagenet_input
from search.matching.matches import Candidate, Match
from search.matching.ranking import best_matches, present_in
from search.matching.signature import signature
from search.matching.sketch_ranking import best_sketch_matches
from search.vision.readings import Reading, likeliest_readings
from search.vision.renditions import icon_renditions
from search.vision.sketches import sketch_readings

NetworkInput = NDArray[np.uint8]  # one input of a network, (height, width, 3) RGB, of the side that it takes
Embed = Callable[[NDArray[np.uint8]], NDArray[np.float32]]  # from n inputs, stacked, to n vectors of length 1

# Numbers in a vector, by model id. Each model has an index of its own, which a migration makes.
DIMENSIONS = {
    "vgg16-icons-2": vgg16.ICONS_2.dimensions,
    "vgg16-icons-1": vgg16.ICONS_1.dimensions,
    "vgg16-imagenet": vgg16.IMAGENET.dimensions,
}


@dataclass(frozen=True)
class SecondStage:
    """From the candidates near the readings of a query to its matches."""

    # Candidates, at least one, beside the readings that they are near. It may go on from what it made of others that
    # were near some of the first readings of the same query.
    compare: Callable[[Sequence[Any], Sequence[Candidate], Any | None], Any]
    present: Callable[[Any], float]  # how probably the library has what is shown, 0 to 1, by such a comparison
    # Of each of several queries, the readings and the comparison, each icon once, best first.
    best_matches: Callable[[Sequence[tuple[Sequence[Any], Any]]], list[list[Match]]]


@dataclass(frozen=True)
class EmbeddingModel:
    """From pictures to vectors that can be compared with each other, and with no other model's."""

    id: str
    size: int  # px: the side at which icons are rendered for this model
    network: Embed
    # From an icon to, for each of its renditions, the network's input and the signature for the second stage. Empty
    # if the icon is blank.
    of_icon: Callable[[Image.Image], list[tuple[NetworkInput, bytes]]]
    # From a query to, for each of its readings, the likeliest first, the network's input and the reading, which only
    # the second stage of the same model understands. Each is made when it is asked for. None if the picture is blank.
    of_query: Callable[[Image.Image], Iterator[tuple[NetworkInput, Any]]]
    stage: "SecondStage"
    # The same for a sketch, which somebody drew by hand: its readings, and the matches among the candidates near them.
    of_sketch: Callable[[Image.Image], list[tuple[NetworkInput, Any]]]
    best_sketch_matches: Callable[[Sequence[Any], Sequence[Candidate]], list[Match]]

    @property
    def dimensions(self) -> int:
        """Numbers in a vector."""
        return DIMENSIONS[self.id]

    def embed(self, inputs: Sequence[NetworkInput]) -> NDArray[np.float32]:
        """The vectors of any number of inputs: (n, dimensions) float32, of length 1, in the same order.

        Raises WeightsError if the network's weights are missing or damaged.
        """
        return self.network(np.stack(inputs)) if len(inputs) else np.empty((0, self.dimensions), np.float32)


def by_inner_product(readings: Sequence[Any], candidates: Sequence[Candidate]) -> list[Match]:
    """The ranking of a model without a second stage: the score is an icon's largest inner product, 0 to 1."""
    best: dict[int, float] = {}
    for candidate in candidates:
        best[candidate.icon_id] = max(best.get(candidate.icon_id, 0.0), candidate.inner_product)
    matches = [Match(icon, min(product, 1.0), min(product, 1.0)) for icon, product in best.items()]
    return sorted(matches, key=lambda match: -match.score)


INNER_PRODUCTS = SecondStage(
    lambda _, candidates, known: [*(known or ()), *candidates],
    lambda candidates: max(min(candidate.inner_product, 1.0) for candidate in candidates),
    lambda queries: [by_inner_product(*query) for query in queries],
)
SHAPES = SecondStage(compare, present_in, best_matches)


def whole_picture_model(
    id: str, size: int, network: Embed, input_of: Callable[[Image.Image], NetworkInput]
) -> EmbeddingModel:
    """A model that makes one vector of a whole picture, be it an icon, drawn at `size` px, or a query."""

    def of_icon(picture: Image.Image) -> list[tuple[NetworkInput, bytes]]:
        return [(input_of(picture), b"")]

    def of_query(picture: Image.Image) -> Iterator[tuple[NetworkInput, Any]]:
        yield input_of(picture), None

    def of_sketch(picture: Image.Image) -> list[tuple[NetworkInput, Any]]:
        return list(of_query(picture))

    return EmbeddingModel(id, size, network, of_icon, of_query, INNER_PRODUCTS, of_sketch, by_inner_product)


def readings_model(
    id: str,
    size: int,
    network: Embed,
    stage: SecondStage,
    best_sketch_matches: Callable[[Sequence[Reading], Sequence[Candidate]], list[Match]],
) -> EmbeddingModel:
    """A model that makes a vector of each rendition of an icon, drawn at `size` px, and of each reading of a query."""

    def of_icon(picture: Image.Image) -> list[tuple[NetworkInput, bytes]]:
        return [(drawing.pixels, signature(drawing)) for drawing in icon_renditions(picture)]

    def of_query(picture: Image.Image) -> Iterator[tuple[NetworkInput, Any]]:
        return ((reading.drawing.pixels, reading) for reading in likeliest_readings(picture))

    def of_sketch(picture: Image.Image) -> list[tuple[NetworkInput, Any]]:
        return [(reading.drawing.pixels, reading) for reading in sketch_readings(picture)]

    return EmbeddingModel(id, size, network, of_icon, of_query, stage, of_sketch, best_sketch_matches)


MODELS = {
    model.id: model
    for model in (
        # They were trained on icons and recognise all readings of a screenshot; the second takes a fifth of the time.
        readings_model("vgg16-icons-2", 48, vgg16.ICONS_2, SHAPES, best_sketch_matches),
        readings_model("vgg16-icons-1", 48, vgg16.ICONS_1, SHAPES, best_sketch_matches),
        # The public Keras example, icons of 32 px stretched to 224 px: what older collections were made with.
        whole_picture_model("vgg16-imagenet", 32, vgg16.IMAGENET, imagenet_input),
    )
}


def configured_model() -> EmbeddingModel:
    """The model that EMBEDDING_MODEL names. Raises ImproperlyConfigured if there is no such model."""
    try:
        return MODELS[settings.EMBEDDING_MODEL]
    except KeyError:
        raise ImproperlyConfigured(
            f"EMBEDDING_MODEL must be one of {', '.join(MODELS)}, not {settings.EMBEDDING_MODEL!r}."
        ) from None
