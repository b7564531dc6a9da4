"""Fit the second stage to labelled screenshots, by the icons that a filled database has for them.

    python -m training.second_stage --queries folder [folder ...] --export weights/second_stage_1.json

Each folder has a queries.jsonl of {"file", "icon"} lines and the pictures, as the benchmark makes them. The
database is DATABASE_URL's; its icons must be indexed. Nothing is written to it. With --again-in SET, what
should be found in that set, or nowhere, is asked in that set alone as well: libraries may be small.
"""

import argparse
import json
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from search.matching.second_stage import EVIDENCE, FEATURES, Compared, compared, correlatable, evidence, unique, unpack

RIGHT = 0.98  # correlation of shapes from which another icon is as right
NEAR = 0.9  # and from which one is too alike to stand for an icon that the library lacks
SAME_COLOURS = 0.06  # root mean square difference of chroma, -1 to 1, up to which colours are the same
STEPS, RATE, PENALTY = 1500, 0.05, 1e-3
# How much a sample of the presence weighs: a screenshot, a picture of no icon, a screenshot whose icon is taken out.
WEIGHTS = {"icon": 1.0, "nothing": 0.6, "taken out": 0.1}
HELD_BACK = 0.25  # share of the queries that the report is about

Floats = NDArray[np.float32]


@dataclass
class Query:
    """What was found for one screenshot: one row for each pair of a view and an icon."""

    every: Compared
    right: NDArray[np.bool_]  # (n,)
    near: NDArray[np.bool_]  # (n,) right, or too alike to be called wrong
    shows_icon: bool


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.second_stage",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--queries", type=Path, nargs="+", required=True)
    parser.add_argument("--nothing", type=Path, nargs="*", default=[], help="folders of pictures that hold no icon")
    parser.add_argument("--again-in", metavar="SET", help="prefix of an icon set")
    parser.add_argument("--export", type=Path)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iconsite.settings")
    import django

    django.setup()
    queries = []
    for within in dict.fromkeys(("", options.again_in or "")):
        queries += [query for folder in options.queries for query in _read(folder, within)]
        queries += [query for folder in options.nothing for query in _read_nothing(folder, within)]
    random.Random(1).shuffle(queries)
    held_back = int(HELD_BACK * len(queries))
    order, present = _fit(queries[held_back:])
    _report(queries[:held_back], order, present)
    if options.export:
        order, present = _fit(queries)
        fitted = {
            "order": dict(zip(FEATURES, np.round(order.astype(float), 4).tolist(), strict=True)),
            "present": dict(zip(EVIDENCE, np.round(present.astype(float), 5).tolist(), strict=True)),
        }
        options.export.write_text(json.dumps(fitted, indent=2, ensure_ascii=False) + "\n")
        print(f"Written to {options.export}.")


def _read(folder: Path, within: str) -> list[Query]:
    lines = [json.loads(line) for line in (folder / "queries.jsonl").read_text().splitlines()]
    lines = [line for line in lines if not within or line["icon"].startswith(f"{within}:")]
    every = [_ask(folder / line["file"], line["icon"], within) for line in _bar(lines, folder, within)]
    return [query for query in every if query]


def _read_nothing(folder: Path, within: str) -> list[Query]:
    files = [path for path in sorted(folder.iterdir()) if path.suffix in (".png", ".jpg", ".webp")]
    return [query for path in _bar(files, folder, within) if (query := _ask(path, None, within))]


def _bar(asked: Sequence[Any], folder: Path, within: str) -> Any:
    return tqdm(asked, desc=f"{folder.name} {within}", unit=" pictures")


def _ask(path: Path, icon: str | None, within: str) -> Query | None:
    from django.core.files import File

    from search.filters import ALL, Filter
    from search.matching.embedding import active_model
    from search.models import IconVector
    from search.nearest import nearest_icons
    from search.uploads import open_upload

    model = active_model()
    with open(path, "rb") as file:
        seen = model.of_query(open_upload(File(file)))
    if not seen:
        return None
    chosen = Filter(sets=(within,)) if within else ALL
    found = nearest_icons(model.id, model.embed([pixels for pixels, _ in seen]), within=chosen)
    close = np.zeros(len(found))
    if icon:
        prefix, _, name = icon.partition(":")
        own = IconVector.objects.filter(model=model.id, icon__set__prefix=prefix, icon__name=name, error="")
        truths = [(pk, bytes(one)) for pk, one in own.values_list("icon", "signature")]
        if not truths:
            return None
        close = look_alike([bytes(one.signature) for one in found], [one for _, one in truths])
        close[[one.icon_id == truths[0][0] for one in found]] = 1
    if not found:
        return None
    every = compared([view for _, view in seen], found)
    return Query(replace(every, ink=every.ink[:0]), close > RIGHT, close > NEAR, bool(icon))


def look_alike(found: Sequence[bytes], truths: Sequence[bytes]) -> Floats:
    """(n,): how alike what was found is to any look of an icon; never right where the colours differ."""
    both = unpack([*truths, *found])
    known, count = correlatable(both.ink.reshape(len(both.ink), -1)), len(truths)
    shape = known[count:] @ known[:count].T
    apart = np.sqrt(((both.chroma[count:, None] - both.chroma[None, :count]) ** 2).mean(axis=2))
    result: Floats = np.where(apart < SAME_COLOURS, shape, np.minimum(shape, (RIGHT + NEAR) / 2)).max(axis=1)
    return result


def _fit(queries: Sequence[Query]) -> tuple[Floats, Floats]:
    """The coefficients of the order and of the presence.

    The order is a conditional logit: D. McFadden, "Conditional logit analysis of qualitative choice behavior"
    (1974). The presence is a logistic regression on the best candidate, of each query as it is and of each
    with what it shows taken out.
    """
    answerable = [query for query in queries if query.right.any()]
    rows = np.concatenate([query.every.rows for query in answerable]).astype(np.float64)
    scale = np.maximum(rows.std(axis=0), 1e-3)
    rows /= scale
    right = np.concatenate([query.right for query in answerable])
    owner = np.repeat(np.arange(len(answerable)), [len(query.right) for query in answerable])
    starts = np.concatenate([[0], np.cumsum([len(query.right) for query in answerable])[:-1]])

    def gradient(w: NDArray[np.float64]) -> NDArray[np.float64]:
        value = rows @ w
        value -= np.maximum.reduceat(value, starts)[owner]
        every = np.exp(value)
        only = every * right
        of_all = every / np.add.reduceat(every, starts)[owner]
        of_right = only / np.maximum(np.add.reduceat(only, starts), 1e-12)[owner]
        return rows.T @ (of_all - of_right) / len(answerable) + PENALTY * w

    order = (_descend(gradient, rows.shape[1]) / scale).astype(np.float32)
    samples = _presence(queries, order)
    mean, spread = samples.evidence.mean(axis=0), np.maximum(samples.evidence.std(axis=0), 1e-3)
    mean[0], spread[0] = 0, 1  # the constant
    x, weight = (samples.evidence - mean) / spread, samples.weight

    def logistic(w: NDArray[np.float64]) -> NDArray[np.float64]:
        wrong = (1 / (1 + np.exp(-x @ w)) - samples.right) * weight
        return x.T @ wrong / weight.sum() + PENALTY * w * (np.arange(len(w)) > 0)

    present = _descend(logistic, x.shape[1]) / spread
    present[0] -= mean @ present
    return order, present.astype(np.float32)


def _descend(gradient: Any, count: int) -> NDArray[np.float64]:
    """Adam from 0, with a falling rate: D. Kingma and J. Ba (2014)."""
    w, m, v = np.zeros(count), np.zeros(count), np.zeros(count)
    for step in range(1, STEPS + 1):
        g = gradient(w)
        m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g * g
        w -= RATE * (1 - step / STEPS) * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.99**step)) + 1e-8)
    return w


@dataclass(frozen=True)
class _Samples:
    """What the presence is fitted to: n best candidates, each query's as it is and without what it shows."""

    evidence: NDArray[np.float64]  # (n, len(EVIDENCE))
    right: NDArray[np.bool_]  # (n,)
    kind: NDArray[np.str_]  # (n,) of WEIGHTS

    @property
    def weight(self) -> NDArray[np.float64]:
        return np.array([WEIGHTS[kind] for kind in self.kind])


def _presence(queries: Sequence[Query], order: Floats) -> _Samples:
    samples: list[tuple[Floats, bool, str]] = []

    def add(query: Query, value: Floats, kept: NDArray[np.bool_], right: bool, kind: str) -> None:
        every = query.every
        samples.append((evidence(value[kept], every.rows[kept], every.view[kept]), right, kind))

    for query in queries:
        value = query.every.rows @ order
        best, all_of_them = int(value.argmax()), np.ones(len(value), bool)
        if not query.shows_icon:
            add(query, value, all_of_them, False, "nothing")
        elif query.right[best] or not query.near[best]:  # an answer nearly right is neither
            add(query, value, all_of_them, bool(query.right[best]), "icon")
        if query.near.any() and not query.near.all():
            add(query, value, ~query.near, False, "taken out")
    rows, right, kind = zip(*samples, strict=True)
    return _Samples(np.array(rows, np.float64), np.array(right), np.array(kind))


def _report(queries: Sequence[Query], order: Floats, present: Floats) -> None:
    ranks = []
    for query in queries:
        if query.shows_icon:
            places = np.flatnonzero(query.right[unique(query.every, query.every.rows @ order)])
            ranks.append(int(places[0]) if len(places) else len(query.right))
    found = np.array(ranks)
    print(f"R@1 {np.mean(found < 1):.3f}, R@10 {np.mean(found < 10):.3f} of {len(found)} queries held back")
    samples = _presence(queries, order)
    p = 1 / (1 + np.exp(-samples.evidence @ present))
    for low in np.arange(0, 1, 0.1):
        inside = (p >= low) & (p < low + 0.1 + 1e-9)
        if inside.any():
            print(f"presence {low:.1f} to {low + 0.1:.1f}: {samples.right[inside].mean():.3f} right of {inside.sum()}")
    for threshold in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        sure = p >= threshold
        nothing, taken_out = sure[samples.kind == "nothing"], sure[samples.kind == "taken out"]
        print(
            f"from {threshold}: {sure[samples.right].mean():.3f} of the right, {nothing.mean():.3f} of no icon, "
            f"{taken_out.mean():.3f} of those without theirs"
        )


if __name__ == "__main__":
    main()
