"""What an icon is, and the imports that bring icons in. The search index over them lives in the `search` app."""

from icons.models.drawing import DRAWING, hash_svg
from icons.models.earlier_drawing import EarlierDrawing, drawn_as_before, index_anew
from icons.models.icon import Icon, IconQuerySet, IconSet
from icons.models.iconify_source import IconifySource
from icons.models.import_run import AttemptEnded, ImportProblem, ImportRun, ImportRunQuerySet

__all__ = [
    "DRAWING",
    "AttemptEnded",
    "EarlierDrawing",
    "Icon",
    "IconQuerySet",
    "IconSet",
    "IconifySource",
    "ImportProblem",
    "ImportRun",
    "ImportRunQuerySet",
    "drawn_as_before",
    "hash_svg",
    "index_anew",
]
