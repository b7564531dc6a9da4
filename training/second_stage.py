"""Fit the second stage to labelled screenshots, by the icons that a filled database has for them.

    python -m training.second_stage --queries folder [folder ...] --export weights/second_stage_1.json

Each folder has a queries.jsonl of {"file", "icon"} lines and the pictures, as the benchmark makes them. The
database is DATABASE_URL's; its icons must be indexed. Nothing is written to it.
"""

import argparse
import json
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

RIGHT = 0.98  # correlation of shapes from which another icon is as right
NEAR = 0.9  # and from which one is too alike to stand for an icon that the library lacks
STEPS, RATE, PENALTY = 1500, 0.05, 1e-3
HELD_BACK = 0.25  # share of the queries that the report is about

Floats = NDArray[np.float32]


@dataclass
class Query:
    """What was found for one screenshot: one row for each pair of a view and an icon."""

    rows: Floats  # (n, features)
    few: Floats  # (n,)
    right: NDArray[np.bool_]  # (n,)
    near: NDArray[np.bool_]  # (n,) right, or too alike to be called wrong


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.second_stage",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--queries", type=Path, nargs="+", required=True)
    parser.add_argument("--nothing", type=Path, nargs="*", default=[], help="folders of pictures that hold no icon")
    parser.add_argument("--export", type=Path)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iconsite.settings")
    import django

    django.setup()
    queries = [query for folder in options.queries for query in _read(folder)]
    queries += [query for folder in options.nothing for query in _read_nothing(folder)]
    random.Random(1).shuffle(queries)
    held_back = int(HELD_BACK * len(queries))
    order, present = _fit(queries[held_back:])
    _report(queries[:held_back], order, present)
    if options.export:
        from search.second_stage import EVIDENCE, FEATURES

        order, present = _fit(queries)
        fitted = {
            "order": dict(zip(FEATURES, np.round(order.astype(float), 4).tolist(), strict=True)),
            "present": dict(zip(EVIDENCE, np.round(present.astype(float), 4).tolist(), strict=True)),
        }
        options.export.write_text(json.dumps(fitted, indent=2) + "\n")
        print(f"Written to {options.export}.")


def _read(folder: Path) -> list[Query]:
    lines = [json.loads(line) for line in (folder / "queries.jsonl").read_text().splitlines()]
    every = [_ask(folder / line["file"], line["icon"]) for line in tqdm(lines, desc=folder.name, unit=" queries")]
    return [query for query in every if query]


def _read_nothing(folder: Path) -> list[Query]:
    files = [path for path in sorted(folder.iterdir()) if path.suffix in (".png", ".jpg", ".webp")]
    return [query for path in tqdm(files, desc=folder.name, unit=" pictures") if (query := _ask(path, None))]


def _ask(path: Path, icon: str | None) -> Query | None:
    from django.core.files import File

    from search.embedding import active_model
    from search.models import IconVector
    from search.second_stage import compared, correlatable, unpack
    from search.uploads import open_upload

    model = active_model()
    with open(path, "rb") as file:
        seen = model.of_query(open_upload(File(file)))
    if not seen:
        return None
    found = IconVector.objects.nearest(model.id, model.embed([pixels for pixels, _ in seen]))
    alike: dict[int, float] = {}
    if icon:
        prefix, _, name = icon.partition(":")
        truth = IconVector.objects.filter(model=model.id, icon__set__prefix=prefix, icon__name=name).first()
        if truth is None or truth.vector is None:
            return None
        every = {one.icon_id: bytes(one.signature) for one in found}
        ink = unpack([bytes(truth.signature), *every.values()]).ink
        known = correlatable(ink.reshape(len(ink), -1))
        alike = dict(zip(every, (known[1:] @ known[0]).tolist(), strict=True)) | {truth.icon_id: 1.0}
    if not found:
        return None
    every = compared([view for _, view in seen], found)
    close = np.array([alike.get(icon, 0.0) for icon in every.icons.tolist()])
    return Query(every.rows, every.few, close > RIGHT, close > NEAR)


def _fit(queries: Sequence[Query]) -> tuple[Floats, Floats]:
    """The coefficients of the order and of the presence.

    The order is a conditional logit: D. McFadden, "Conditional logit analysis of qualitative choice behavior"
    (1974). The presence is a logistic regression on the best candidate, of each query as it is and of each
    with what it shows taken out.
    """
    answerable = [query for query in queries if query.right.any()]
    rows = np.concatenate([query.rows for query in answerable]).astype(np.float64)
    scale = np.maximum(rows.std(axis=0), 1e-3)
    rows /= scale
    right = np.concatenate([query.right for query in answerable])
    owner = np.repeat(np.arange(len(answerable)), [len(query.rows) for query in answerable])
    starts = np.concatenate([[0], np.cumsum([len(query.rows) for query in answerable])[:-1]])

    def gradient(w: NDArray[np.float64]) -> NDArray[np.float64]:
        value = rows @ w
        value -= np.maximum.reduceat(value, starts)[owner]
        every = np.exp(value)
        only = every * right
        of_all = every / np.add.reduceat(every, starts)[owner]
        of_right = only / np.maximum(np.add.reduceat(only, starts), 1e-12)[owner]
        return rows.T @ (of_all - of_right) / len(answerable) + PENALTY * w

    order = (_descend(gradient, rows.shape[1]) / scale).astype(np.float32)
    samples, labels = _presence(queries, order)
    spread = np.maximum(samples.std(axis=0), 1e-3)
    spread[0] = 1
    x = samples / spread

    def logistic(w: NDArray[np.float64]) -> NDArray[np.float64]:
        return x.T @ (1 / (1 + np.exp(-x @ w)) - labels) / len(x) + PENALTY * w * (np.arange(len(w)) > 0)

    return order, (_descend(logistic, x.shape[1]) / spread).astype(np.float32)


def _descend(gradient: Any, count: int) -> NDArray[np.float64]:
    """Adam from 0, with a falling rate: D. Kingma and J. Ba (2014)."""
    w, m, v = np.zeros(count), np.zeros(count), np.zeros(count)
    for step in range(1, STEPS + 1):
        g = gradient(w)
        m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g * g
        w -= RATE * (1 - step / STEPS) * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.99**step)) + 1e-8)
    return w


def _presence(queries: Sequence[Query], order: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Evidence for the best candidate, and whether it is right; each query also without what it shows."""
    from search.second_stage import evidence

    samples, labels = [], []
    for query in queries:
        value = query.rows @ order
        best = int(value.argmax())
        if not query.near[best] or query.right[best]:  # an answer nearly right is neither
            samples.append(evidence(float(value[best]), query.rows[best], float(query.few[best])))
            labels.append(float(query.right[best]))
        if query.near.any() and not query.near.all():
            best = int(np.where(query.near, -np.inf, value).argmax())
            samples.append(evidence(float(value[best]), query.rows[best], float(query.few[best])))
            labels.append(0.0)
    return np.array(samples, np.float64), np.array(labels)


def _report(queries: Sequence[Query], order: Floats, present: Floats) -> None:
    ranks = []
    for query in queries:
        value = query.rows @ order
        if query.right.any() or query.near.any():
            best = value[query.right].max() if query.right.any() else -np.inf
            ranks.append(int((value > best).sum()))
    print(f"R@1 {np.mean(np.array(ranks) == 0):.3f} of {len(ranks)} queries held back that the first stage answered")
    samples, labels = _presence(queries, order)
    p = 1 / (1 + np.exp(-samples @ present))
    for low in np.arange(0, 1, 0.1):
        inside = (p >= low) & (p < low + 0.1 + 1e-9)
        if inside.any():
            print(f"presence {low:.1f} to {low + 0.1:.1f}: {labels[inside].mean():.3f} right of {inside.sum()}")
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7):
        sure = p >= threshold
        right, wrong = sure[labels == 1].mean(), sure[labels == 0].mean()
        print(f"from {threshold}: {right:.3f} of the right, {wrong:.3f} of the wrong")


if __name__ == "__main__":
    main()
