"""The filled outlines of icons, made by child processes: a drawing may crash or hang the libraries that trace it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bags.downloads.download import took_too_long

CHILDREN = min(4, os.cpu_count() or 1)  # processes
SECONDS = 5  # of the processor's time that one icon may take
TOO_SLOW = "too-slow"

# By the codes of bags.downloads.tracing_child, which knows no languages, and TOO_SLOW.
PROBLEMS = {
    "nothing-painted": _("It has no fill and no stroke."),
    "looks-different": _("Its outline would look different: it may have a mask, a filter or a pattern."),
    "filter": _("It has a filter, such as a blur or a shadow, which a glyph cannot have."),
    "error": _("It cannot be turned into outlines (%(detail)s)."),
    TOO_SLOW: _("It cannot be turned into outlines within %(seconds)s seconds."),
}


Segments = Sequence[tuple[str, Sequence[tuple[float, float]]]]


@dataclass(frozen=True)
class Outline:
    """What a glyph is made of: (verb, points) in units of the view box, with the verbs of pathops.PathVerb."""

    segments: Segments
    one_colour: bool  # whether the icon is of one colour, and opaque
    faint: bool = False  # whether a second, fainter shade is left out
    vanishing: Sequence[str] = ()  # colours that lie on others, and cannot be seen where all become one
    layers: Sequence[
        tuple[str, float, Segments]
    ] = ()  # of an icon of several colours: a colour, an opacity, an outline


@dataclass(frozen=True)
class NoOutline:
    """Why an icon has no outline: a code of PROBLEMS, and what a library said."""

    problem: str
    detail: str = ""

    def sentence(self) -> str:
        """The reason in the language of the reader."""
        return str(PROBLEMS[self.problem]) % {"detail": self.detail, "seconds": SECONDS}


def outlines(svgs: Sequence[str], deadline: float) -> list[Outline | NoOutline]:
    """For each SVG its outline, or why it has none, in the order of the SVGs.

    Raises ValidationError at `deadline`, a time.monotonic() value, and RuntimeError if the child program fails.
    """
    shares = [svgs[child::CHILDREN] for child in range(CHILDREN)]
    with ThreadPoolExecutor(CHILDREN) as executor:
        results = [iter(share) for share in executor.map(partial(_trace, deadline=deadline), shares)]
    return [next(results[index % CHILDREN]) for index in range(len(svgs))]


def _trace(svgs: Sequence[str], deadline: float) -> list[Outline | NoOutline]:
    results: list[Outline | NoOutline] = []
    while len(results) < len(svgs):
        results += map(_result, _run_child(svgs[len(results) :], deadline))
        if len(results) < len(svgs):
            results.append(NoOutline(TOO_SLOW))  # the child ended at this icon; another child does the rest
    return results


def _result(line: Mapping[str, Any]) -> Outline | NoOutline:
    if "problem" in line:
        return NoOutline(line["problem"], line["detail"])
    colours = {name: line[name] for name in ("vanishing", "layers") if name in line}
    return Outline(line["outline"], line["one_colour"], line["faint"], **colours)


def _run_child(svgs: Sequence[str], deadline: float) -> list[Mapping[str, Any]]:
    """What one child says of the SVGs until it ends. Raises RuntimeError if no icon is to blame for its end."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", "bags.downloads.tracing_child", str(SECONDS)],
            input=json.dumps(svgs),
            stdout=subprocess.PIPE,
            text=True,
            cwd=settings.BASE_DIR,
            timeout=max(0.0, deadline - time.monotonic()),
        )
    except subprocess.TimeoutExpired:
        raise took_too_long() from None
    if child.returncode > 0:
        raise RuntimeError("The program that traces icons does not run.")
    return [json.loads(line) for line in child.stdout.splitlines(keepends=True) if line.endswith("\n")]
