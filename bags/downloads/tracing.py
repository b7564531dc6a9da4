"""The filled outlines of icons, made by child processes: a drawing may crash or hang the libraries that make them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.conf import settings

from bags.downloads.download import took_too_long

CHILDREN = min(4, os.cpu_count() or 1)
SECONDS = 5  # for one icon
GIVEN_UP = {"reason": f"It cannot be turned into outlines within {SECONDS} seconds."}


def outlines(svgs: Sequence[str], deadline: float) -> list[dict[str, Any]]:
    """For each SVG in order {"outline", "plain"} or {"reason"}, as bags.downloads.tracing_child tells them.

    Raises ValidationError at `deadline`, a time.monotonic() value.
    """
    parts = [svgs[i::CHILDREN] for i in range(CHILDREN)]
    with ThreadPoolExecutor(CHILDREN) as executor:
        traced = [iter(part) for part in executor.map(partial(_trace, deadline=deadline), parts)]
    return [next(traced[i % CHILDREN]) for i in range(len(svgs))]


def _trace(svgs: Sequence[str], deadline: float) -> list[dict[str, Any]]:
    traced: list[dict[str, Any]] = []
    while len(traced) < len(svgs):
        done = _run(svgs[len(traced) :], deadline)
        traced += done
        if len(traced) < len(svgs):
            traced.append(GIVEN_UP)  # the one at which the child ended; another child does the rest
    return traced


def _run(svgs: Sequence[str], deadline: float) -> list[dict[str, Any]]:
    """What one child makes of the SVGs until it ends. Raises RuntimeError where that was no icon's fault."""
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
