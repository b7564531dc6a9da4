"""docs/benchmark.md: the tables, pictures beside them, and what somebody wrote about them by hand, which is kept."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench import calibration
from bench.misses import contact_sheet
from bench.report import Results, bins
from bench.tables import Section

KEPT = re.compile(r"<!-- by hand: (.+?) -->\n(.*?)<!-- end -->", re.DOTALL)


def write(path: Path, sections: Sequence[Section], of: Results, facts: Sequence[str], seed: int) -> None:
    """Write the file and its pictures; what stands between the markers of an older one stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = dict(KEPT.findall(path.read_text())) if path.exists() else {}
    done = [
        replace(section, picture=_reliability(path, of)) if "score" in section.title else section
        for section in sections
    ]
    if sheet := contact_sheet([*of.main, *of.groups, *of.others], of.library.icons, seed):
        file = path.with_name(f"{path.stem}-misses.webp")
        file.write_bytes(sheet)
        note = "A query, the icon that it shows, and the icon that was found."
        done.append(Section("Typical misses", notes=[note], picture=file.name))
    lines = ["# Benchmark", "", *(f"- {fact}" for fact in facts), "", _by_hand("Summary", kept)]
    for section in done:
        lines += ["", f"## {section.title}", *(f"\n{table.markdown()}" for table in section.tables)]
        lines += [f"\n{note}" for note in section.notes]
        lines += ["", f"![{section.title}]({section.picture})"] if section.picture else []
        lines += ["", _by_hand(section.title, kept)]
    path.write_text("\n".join(lines) + "\n")


def _by_hand(title: str, kept: dict[str, str]) -> str:
    return f"<!-- by hand: {title} -->\n{kept.get(title, '')}<!-- end -->"


def _reliability(path: Path, of: Results) -> str:
    if not (found := bins(of)):
        return ""
    file = path.with_name(f"{path.stem}-reliability.svg")
    file.write_text(calibration.diagram(found))
    return file.name
