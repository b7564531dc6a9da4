"""Fit the second stage to labelled screenshots, by the icons that a filled database has for them.

    python -m training.second_stage --queries folder [folder ...] --export weights/second_stage_2.json

Each folder has the pictures and a queries.jsonl of {"file", "icon"} lines, as the benchmark makes them. The database
is DATABASE_URL's; its icons must be indexed. Nothing is written to it. With --again-in SET, each screenshot of an icon
of that set, and each picture of no icon, is searched in that set alone as well: libraries may be small.
"""

import argparse
import json
import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from search.matching.comparison import unique_icons
from search.matching.features import FEATURES
from search.matching.ranking import EVIDENCE, Coefficients, evidence
from search.matching.signature import Floats
from training.labelled import Query, read_labelled, read_nothing

STEPS, RATE, PENALTY = 1500, 0.05, 1e-3  # of the fit: gradient steps, first learning rate, weight of the L2 penalty
# The weight of each kind of sample of the presence: a screenshot, a picture of no icon, a screenshot whose icon is
# taken out of the library.
WEIGHTS = {"icon": 1.0, "nothing": 0.6, "taken out": 0.1}
HELD_BACK = 0.25  # share of the queries that the report is about

Doubles = NDArray[np.float64]
Sample = Literal["icon", "nothing", "taken out"]


def main() -> None:
    """Fit, report and export, as the command line says."""
    options = _options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iconsite.settings")
    import django

    django.setup()
    queries = []
    for prefix in dict.fromkeys(("", options.again_in or "")):
        queries += [query for folder in options.queries for query in read_labelled(folder, prefix)]
        queries += [query for folder in options.nothing for query in read_nothing(folder, prefix)]
    random.Random(1).shuffle(queries)
    held_back = int(HELD_BACK * len(queries))
    _report(queries[:held_back], _fit(queries[held_back:]))
    if options.export:
        fit = _fit(queries)
        fitted = {
            "order": dict(zip(FEATURES, np.round(fit.order.astype(float), 4).tolist(), strict=True)),
            "prior": round(fit.prior, 4),
            "present": dict(zip(EVIDENCE, np.round(fit.present.astype(float), 5).tolist(), strict=True)),
        }
        options.export.write_text(json.dumps(fitted, indent=2, ensure_ascii=False) + "\n")
        print(f"Written to {options.export}.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.second_stage",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--queries", type=Path, nargs="+", required=True, help="folders of labelled screenshots")
    parser.add_argument("--nothing", type=Path, nargs="*", default=[], help="folders of pictures that hold no icon")
    parser.add_argument("--again-in", metavar="SET", help="prefix of an icon set")
    parser.add_argument("--export", type=Path, help="write the coefficients there")
    return parser.parse_args()


def _fit(queries: Sequence[Query]) -> Coefficients:
    order, prior = _fit_order([query for query in queries if query.right.any()])
    return Coefficients(order, prior, _fit_presence(_presence_samples(queries, order)))


def _fit_order(queries: Sequence[Query]) -> tuple[Floats, float]:
    """A conditional logit: D. McFadden, "Conditional logit analysis of qualitative choice behavior" (1974).

    The coefficients of the features, (len(FEATURES),), and that of the log prior.
    """
    seen = [np.column_stack([query.comparison.rows, query.comparison.priors]) for query in queries]
    rows = np.concatenate(seen).astype(np.float64)
    scale = np.maximum(rows.std(axis=0), 1e-3)
    rows /= scale
    right = np.concatenate([query.right for query in queries])
    owner = np.repeat(np.arange(len(queries)), [len(query.right) for query in queries])
    starts = np.concatenate([[0], np.cumsum([len(query.right) for query in queries])[:-1]])

    def gradient(w: Doubles) -> Doubles:
        value = rows @ w
        value -= np.maximum.reduceat(value, starts)[owner]
        exponential = np.exp(value)
        of_right = exponential * right
        share = exponential / np.add.reduceat(exponential, starts)[owner]
        share_of_right = of_right / np.maximum(np.add.reduceat(of_right, starts), 1e-12)[owner]
        return np.asarray(rows.T @ (share - share_of_right) / len(queries) + PENALTY * w)

    *order, prior = _descend(gradient, rows.shape[1]) / scale
    return np.array(order, np.float32), float(prior)


@dataclass(frozen=True)
class _Samples:
    """What the presence is fitted to: n best candidates, each query's as it is and without what it shows."""

    evidence: Doubles  # (n, len(EVIDENCE))
    right: NDArray[np.bool_]  # (n,)
    kind: NDArray[np.str_]  # (n,): keys of WEIGHTS

    @property
    def weight(self) -> Doubles:
        """(n,): how much each sample counts."""
        return np.array([WEIGHTS[kind] for kind in self.kind])


def _fit_presence(samples: _Samples) -> Floats:
    """A logistic regression on the best candidate of each sample."""
    mean, spread = samples.evidence.mean(axis=0), np.maximum(samples.evidence.std(axis=0), 1e-3)
    mean[0], spread[0] = 0, 1  # the constant
    x, weight = (samples.evidence - mean) / spread, samples.weight

    def gradient(w: Doubles) -> Doubles:
        wrong = (1 / (1 + np.exp(-x @ w)) - samples.right) * weight
        return np.asarray(x.T @ wrong / weight.sum() + PENALTY * w * (np.arange(len(w)) > 0))

    present = _descend(gradient, x.shape[1]) / spread
    present[0] -= mean @ present
    return np.asarray(present, np.float32)


def _descend(gradient: Callable[[Doubles], Doubles], count: int) -> Doubles:
    """The `count` numbers at which a gradient is 0, by Adam from 0, with a falling rate: D. Kingma and J. Ba (2014)."""
    w, m, v = np.zeros(count), np.zeros(count), np.zeros(count)
    for step in range(1, STEPS + 1):
        g = gradient(w)
        m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g * g
        w -= RATE * (1 - step / STEPS) * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.99**step)) + 1e-8)
    return w


def _presence_samples(queries: Sequence[Query], order: Floats) -> _Samples:
    """The best candidate of each query as it is, and of each with all that is right or nearly so taken out."""
    samples: list[tuple[Floats, bool, Sample]] = []

    def add(query: Query, values: Floats, chosen: NDArray[np.bool_], right: bool, kind: Sample) -> None:
        rows, readings = query.comparison.rows[chosen], query.comparison.readings[chosen]
        samples.append((evidence(values[chosen], rows, readings), right, kind))

    for query in queries:
        values = query.comparison.rows @ order
        best, all_of_them = int(values.argmax()), np.ones(len(values), bool)
        if not query.shows_icon:
            add(query, values, all_of_them, False, "nothing")
        elif query.right[best] or not query.near[best]:  # an answer that is nearly right is neither right nor wrong
            add(query, values, all_of_them, bool(query.right[best]), "icon")
        if query.near.any() and not query.near.all():
            add(query, values, ~query.near, False, "taken out")
    rows, right, kind = zip(*samples, strict=True)
    return _Samples(np.array(rows, np.float64), np.array(right), np.array(kind))


def _report(queries: Sequence[Query], fit: Coefficients) -> None:
    """Print how well the order and the presence do for queries that they were not fitted to."""
    ranks = []
    for query in queries:
        if query.shows_icon:
            values = query.comparison.rows @ fit.order + fit.prior * query.comparison.priors
            places = np.flatnonzero(query.right[unique_icons(query.comparison, values)])
            ranks.append(int(places[0]) if len(places) else len(query.right))
    rank = np.array(ranks)
    print(f"R@1 {np.mean(rank < 1):.3f}, R@10 {np.mean(rank < 10):.3f} of {len(rank)} queries held back")
    samples = _presence_samples(queries, fit.order)
    p = 1 / (1 + np.exp(-samples.evidence @ fit.present))
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
