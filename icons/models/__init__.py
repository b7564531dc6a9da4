"""What an icon is, and the imports that bring icons in. The search index over them lives in the `search` app."""

from icons.models.icon import DRAWING, Icon, IconQuerySet, IconSet, hash_svg
from icons.models.iconify_source import IconifySource
from icons.models.import_run import AttemptEnded, ImportProblem, ImportRun, ImportRunQuerySet

__all__ = [
    "DRAWING",
    "AttemptEnded",
    "Icon",
    "IconQuerySet",
    "IconSet",
    "IconifySource",
    "ImportProblem",
    "ImportRun",
    "ImportRunQuerySet",
    "hash_svg",
]
