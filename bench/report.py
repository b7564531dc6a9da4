"""The tables that the benchmark prints."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from bench.judging import Recall

CPU = Path("/proc/cpuinfo")
MB = 1_000_000


@dataclass(frozen=True)
class Figure:
    name: str
    unit: str
    measured: float
    target: float | None = None
    old: float | None = None
    more_is_better: bool = False
    digits: int = 0

    @property
    def met(self) -> bool:
        if self.target is None:
            return True
        return self.measured >= self.target if self.more_is_better else self.measured < self.target

    @property
    def ratio(self) -> float | None:
        """How many times better than the old way."""
        if not self.old or not self.measured:
            return None
        return self.measured / self.old if self.more_is_better else self.old / self.measured

    def cells(self) -> list[str]:
        sign = "≥" if self.more_is_better else "<"
        target = "" if self.target is None else f"{sign} {self._number(self.target)}"
        verdict = "" if self.target is None else "met" if self.met else "MISSED"
        old = "" if self.old is None else self._number(self.old)
        ratio = "" if self.ratio is None else f"{self.ratio:.1f} ×"
        return [self.name, self.unit, self._number(self.measured), target, verdict, old, ratio]

    def _number(self, value: float) -> str:
        return f"{value:,.{self.digits}f}"


def machine() -> str:
    """One line about the hardware, and what else it was busy with."""
    lines = CPU.read_text().splitlines() if CPU.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    memory = psutil.virtual_memory().total / 1e9
    system = f"{platform.system()}, Python {platform.python_version()}"
    busy = f"load before the start {os.getloadavg()[0]:.1f}"
    return f"{os.cpu_count()} × {name}, {memory:.0f} GB, {system}; {busy}"


def latency(milliseconds: Sequence[float]) -> tuple[float, float]:
    """p50 and p95."""
    p50, p95 = np.percentile(milliseconds, (50, 95))
    return float(p50), float(p95)


def figures_table(figures: Sequence[Figure]) -> str:
    head = ["figure", "unit", "measured", "target", "", "old way", "better by"]
    table = _table([head, *(figure.cells() for figure in figures)], left=2)
    missed = [figure.name for figure in figures if not figure.met]
    return f"{table}\n\nTARGETS MISSED: {', '.join(missed)}" if missed else table


def recall_table(counts: dict[str, int], new: Recall, old: Recall | None) -> str:
    head = ["condition", "queries", "R@1", "R@10"] + (["old R@1", "old R@10"] if old else [])
    rows = []
    for name, values in new.items():
        both = [*values, *(old[name] if old else ())]
        rows.append([name, str(counts[name]), *(f"{value:.3f}" for value in both)])
    return _table([head, *rows], left=1)


def _table(rows: Sequence[Sequence[str]], left: int) -> str:
    """Aligned columns, so many of them to the left, with a line under the head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            f"{cell:{'<' if i < left else '>'}{width}}"
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(line.rstrip() for line in lines)
