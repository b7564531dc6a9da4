"""The models that turn a picture into vectors: each one's network, preprocessing and ordering in one place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from numpy.typing import NDArray
from PIL import Image

from search.matching import vgg16
from search.matching.imagenet_input import drawing_view, network_picture
from search.matching.second_stage import Candidate, Match, best_matches, signature
from search.vision.renditions import icon_renditions
from search.vision.readings import Reading, readings_of

View = NDArray[np.uint8]  # what a network sees, of its input_shape

# Numbers in a vector, by model id: each has an index of its own, which a migration makes.
DIMENSIONS = {"vgg16-icons-1": 256, "vgg16-block4": 512, "vgg16-imagenet": 512}


@dataclass(frozen=True)
class EmbeddingModel:
    """From pictures to vectors that can be compared with each other, and with no other model's."""

    id: str
    size: int  # px: the side at which icons are rendered for this model
    network: Callable[[NDArray[np.uint8]], NDArray[np.float32]]
    # Of an icon, for each way that it looks: what the network sees, and what is stored for the second stage.
    # Empty: nothing is drawn on it.
    of_icon: Callable[[Image.Image], list[tuple[View, bytes]]]
    # Of a query, for each drawing that may be meant, the likeliest first: what the network and the second stage see.
    of_query: Callable[[Image.Image], list[tuple[View, Any]]]
    # The second stage: each icon found once, best first, given what it sees of the query and what was found.
    best_matches: Callable[[Sequence[Any], Sequence[Candidate]], list[Match]]

    @property
    def dimensions(self) -> int:
        return DIMENSIONS[self.id]

    def embed(self, views: Sequence[View]) -> NDArray[np.float32]:
        """The vectors of any number of views: (n, dimensions) float32, L2-normalised, in the same order.

        Raises search.matching.vgg16.WeightsError if the network's weights are missing or damaged.
        """
        return self.network(np.stack(views)) if len(views) else np.empty((0, self.dimensions), np.float32)


def by_inner_product(views: Sequence[Any], found: Sequence[Candidate]) -> list[Match]:
    """The order of a model without a second stage: the largest inner product over the views, as score."""
    best: dict[int, float] = {}
    for one in found:
        best[one.icon_id] = max(best.get(one.icon_id, 0.0), one.inner_product)
    return sorted(
        (Match(icon, min(score, 1.0), min(score, 1.0)) for icon, score in best.items()), key=lambda match: -match.score
    )


def single_view(
    id: str, view: Callable[[Image.Image], View | None], network: Callable[[NDArray[np.uint8]], NDArray[np.float32]]
) -> EmbeddingModel:
    """A model that sees icons, drawn at 32 px, and queries through the same function, one view each."""

    def of_icon(picture: Image.Image) -> list[tuple[View, bytes]]:
        return [] if (seen := view(picture)) is None else [(seen, b"")]

    def of_query(picture: Image.Image) -> list[tuple[View, Any]]:
        return [] if (seen := view(picture)) is None else [(seen, None)]

    return EmbeddingModel(id, 32, network, of_icon, of_query, by_inner_product)


def several_views(
    id: str,
    network: Callable[[NDArray[np.uint8]], NDArray[np.float32]],
    best_matches: Callable[[Sequence[Reading], Sequence[Candidate]], list[Match]],
) -> EmbeddingModel:
    """A model for the drawings of search.vision.drawing, with all that a query may mean and a second stage."""

    def of_icon(picture: Image.Image) -> list[tuple[View, bytes]]:
        return [(drawing.pixels, signature(drawing)) for drawing in icon_renditions(picture)]

    def of_query(picture: Image.Image) -> list[tuple[View, Any]]:
        return [(view.drawing.pixels, view) for view in readings_of(picture)]

    return EmbeddingModel(id, 48, network, of_icon, of_query, best_matches)


MODELS = {
    model.id: model
    for model in (
        # Tuned on icons; all that a screenshot may mean is looked for.
        several_views("vgg16-icons-1", vgg16.ICONS, best_matches),
        # Drawings, normalised alike on both sides, through untuned early layers. Icons are drawn as small as
        # screenshots show them: their views are then as soft as a screenshot's, which finds more than crisp ones do.
        single_view("vgg16-block4", drawing_view, vgg16.BLOCK4),
        # The public Keras example, 32 px samples stretched to 224 px: what older collections were made with.
        single_view("vgg16-imagenet", network_picture, vgg16.WHOLE),
    )
}


def active_model() -> EmbeddingModel:
    """The model that EMBEDDING_MODEL names; ImproperlyConfigured if there is no such model."""
    try:
        return MODELS[settings.EMBEDDING_MODEL]
    except KeyError:
        raise ImproperlyConfigured(
            f"EMBEDDING_MODEL must be one of {', '.join(MODELS)}, not {settings.EMBEDDING_MODEL!r}."
        ) from None
