"""The filled outlines of icons, made by child processes: a drawing may crash or hang the libraries that trace it."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
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


def outlines(
    svgs: Sequence[str], deadline: float, on_progress: Callable[[int], None] = lambda count: None
) -> list[Outline | NoOutline]:
    """For each SVG its outline, or why it has none, in the order of the SVGs.

    `on_progress` is called with 1 for each of them, in another thread. Raises ValidationError at `deadline`, a
    time.monotonic() value, and RuntimeError if the child program fails.
    """
    shares = [svgs[child::CHILDREN] for child in range(CHILDREN)]
    trace = partial(_trace, deadline=deadline, on_progress=on_progress)
    with ThreadPoolExecutor(CHILDREN) as executor:
        results = [iter(share) for share in executor.map(trace, shares)]
    return [next(results[index % CHILDREN]) for index in range(len(svgs))]


def _trace(svgs: Sequence[str], deadline: float, on_progress: Callable[[int], None]) -> list[Outline | NoOutline]:
    results: list[Outline | NoOutline] = []
    while len(results) < len(svgs):
        for line in _run_child(svgs[len(results) :], deadline):
            results.append(_result(line))
            on_progress(1)
        if len(results) < len(svgs):
            results.append(NoOutline(TOO_SLOW))  # the child ended at this icon; another child does the rest
            on_progress(1)
    return results


def _result(line: Mapping[str, Any]) -> Outline | NoOutline:
    if "problem" in line:
        return NoOutline(line["problem"], line["detail"])
    colours = {name: line[name] for name in ("vanishing", "layers") if name in line}
    return Outline(line["outline"], line["one_colour"], line["faint"], **colours)


def _run_child(svgs: Sequence[str], deadline: float) -> Iterator[Mapping[str, Any]]:
    """What one child says of the SVGs until it ends, as it says it.

    Raises ValidationError at the deadline, and RuntimeError if no icon is to blame for its end.
    """
    command = [sys.executable, "-m", "bags.downloads.tracing_child", str(SECONDS)]
    with tempfile.TemporaryFile("w+") as source:  # a pipe would be full before the child reads it
        json.dump(svgs, source)
        source.seek(0)
        child = subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR)
    ending = threading.Timer(max(0.0, deadline - time.monotonic()), child.kill)
    ending.start()
    with child:
        assert child.stdout
        try:
            yield from (json.loads(line) for line in child.stdout if line.endswith("\n"))
            child.wait()
        except BaseException:
            child.kill()
            raise
        finally:
            ending.cancel()
    if time.monotonic() >= deadline:
        raise took_too_long()
    if child.returncode > 0:
        raise RuntimeError("The program that traces icons does not run.")
