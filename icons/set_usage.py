"""How much public icon sets are used: of icons that look the same, that of the most used set is the likeliest."""

from functools import cache
from pathlib import Path

USAGE = Path(__file__).parent / "data" / "set_usage.tsv"


@cache
def known_usage() -> dict[str, int]:
    """Downloads a month of the sets of Iconify by prefix, 0 where none are known; read once."""
    lines = (line.split("\t") for line in USAGE.read_text().splitlines() if line and not line.startswith("#"))
    return {prefix: int(downloads) for prefix, downloads, *_packages in lines}


def usage_or_known(prefix: str, usage: int | None) -> int | None:
    """How often a set is used: as entered, or else as known of its prefix; None for a set of one's own."""
    return known_usage().get(prefix) if usage is None else usage
