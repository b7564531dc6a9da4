"""System checks: settings, files and servers without which no icon can be found."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from search.detection.detector import DETECTOR_WEIGHTS
from search.detection.places import PLACES_WEIGHTS
from search.matching.embedding import MODELS, EmbeddingModel
from search.matching.pairs import PAIR_WEIGHTS
from search.matching.vgg16 import Network


@register()
def check_model(**kwargs: Any) -> list[CheckMessage]:
    """EMBEDDING_MODEL names a model."""
    if settings.EMBEDDING_MODEL in MODELS:
        return []
    hint = f"Set EMBEDDING_MODEL to one of: {', '.join(MODELS)}."
    return [Error(f"EMBEDDING_MODEL is {settings.EMBEDDING_MODEL!r}.", hint=hint, id="search.E001")]


@register()
def check_weights(**kwargs: Any) -> list[CheckMessage]:
    """The weights of the active model's network and those of the detection are there and whole."""
    model = MODELS.get(settings.EMBEDDING_MODEL)
    hint = (
        "The weights come with the project, in weights/: restore the file, or set WEIGHTS_DIR to the folder"
        " that has it."
    )
    return [Error(problem, hint=hint, id="search.E002") for problem in problems_of_weights(model)]


def problems_of_weights(model: EmbeddingModel | None) -> list[str]:
    """What is wrong with the weights files of a search: those of the model, where it has any, and all others."""
    of_model = [model.network.weights] if model and isinstance(model.network, Network) else []
    problems = (weights.problem() for weights in (*of_model, DETECTOR_WEIGHTS, PLACES_WEIGHTS, PAIR_WEIGHTS))
    return [problem for problem in problems if problem]


@register(Tags.database)
def check_database(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The databases are PostgreSQL, and their servers have the extension “vector”."""
    return [problem for alias in databases or () for problem in _check(alias)]


def _check(alias: str) -> list[CheckMessage]:
    connection = connections[alias]
    if connection.vendor != "postgresql":
        hint = "Set DATABASE_URL to postgres://USER:PASSWORD@HOST/NAME."
        return [Error("The database is not PostgreSQL.", hint=hint, id="search.E003")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'")
        if not cursor.fetchone()[0]:
            hint = "Install pgvector on the database server (Debian: apt-get install postgresql-17-pgvector)."
            return [Error("The database server lacks the extension “vector”.", hint=hint, id="search.E004")]
    return []
