"""docs/benchmark.md: the tables, the pictures beside it, and what people wrote into it by hand, which is kept."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bench import calibration
from bench.misses import contact_sheet
from bench.report import RELIABILITY
from bench.results import Results
from bench.tables import Section

BY_HAND = re.compile(r"<!-- by hand: (.+?) -->\n(.*?)<!-- end -->", re.DOTALL)


def write_document(path: Path, sections: Sequence[Section], results: Results, facts: Sequence[str], seed: int) -> None:
    """Write the file and its pictures; text between the markers of the file that it replaces stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    by_hand = dict(BY_HAND.findall(path.read_text())) if path.exists() else {}
    illustrated = [
        replace(section, picture=_write_diagram(path, results)) if section.title == RELIABILITY else section
        for section in sections
    ]
    if sheet := contact_sheet(results.all_singles, results.library.icons, seed):
        file = path.with_name(f"{path.stem}-misses.webp")
        file.write_bytes(sheet)
        note = "A query, the icon that it shows, and the icon that was found."
        illustrated.append(Section("Typical misses", notes=[note], picture=file.name))
    lines = ["# Benchmark", "", *(f"- {fact}" for fact in facts), "", _block("Summary", by_hand)]
    for section in illustrated:
        lines += ["", *_markdown(section), "", _block(section.title, by_hand)]
    path.write_text("\n".join(lines) + "\n")


def _markdown(section: Section) -> list[str]:
    lines = [f"## {section.title}", *(f"\n{table.markdown()}" for table in section.tables)]
    lines += [f"\n{note}" for note in section.notes]
    lines += ["", f"![{section.title}]({section.picture})"] if section.picture else []
    return lines


def _block(title: str, by_hand: Mapping[str, str]) -> str:
    """Markers with what was written by hand between them."""
    return f"<!-- by hand: {title} -->\n{by_hand.get(title, '')}<!-- end -->"


def _write_diagram(path: Path, results: Results) -> str:
    """The name of the picture of the reliability, which is written beside the document; "" without data."""
    bins = results.calibration_bins()
    if not bins:
        return ""
    file = path.with_name(f"{path.stem}-reliability.svg")
    file.write_text(calibration.diagram(bins))
    return file.name
