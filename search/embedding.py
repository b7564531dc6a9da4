"""The models that turn a picture into a vector: each one's network and its preprocessing in one place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from numpy.typing import NDArray
from PIL import Image

from search import vgg
from search.normalise import drawing_view, network_picture

DIMENSIONS = vgg.FEATURES


@dataclass(frozen=True)
class EmbeddingModel:
    """From pictures to vectors that can be compared with each other, and with no other model's."""

    id: str
    size: int  # px: the side at which icons are rendered for this model
    view: Callable[[Image.Image], NDArray[np.uint8] | None]  # None: nothing is drawn on the picture
    network: Callable[[NDArray[np.uint8]], NDArray[np.float32]]

    def embed(self, views: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """The vectors of any number of views: (n, DIMENSIONS) float32, L2-normalised, in the same order.

        Raises search.vgg.WeightsError if the network's weights are missing or damaged.
        """
        return self.network(np.stack(views)) if len(views) else np.empty((0, DIMENSIONS), np.float32)


MODELS = {
    model.id: model
    for model in (
        # Drawings, normalised alike on both sides. Icons are drawn as small as screenshots show them: their
        # views are then as soft as a screenshot's, which finds more than crisp ones do.
        EmbeddingModel("vgg16-block4", size=32, view=drawing_view, network=vgg.BLOCK4),
        # The public Keras example, 32 px samples stretched to 224 px: what older collections were made with.
        EmbeddingModel("vgg16-imagenet", size=32, view=network_picture, network=vgg.WHOLE),
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
