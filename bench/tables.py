"""Tables, for the terminal and for Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    left: int = 1  # so many columns are aligned to the left, the others to the right

    def text(self) -> str:
        lines = [self.head, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        aligned = [
            "  ".join(
                f"{cell:{'<' if i < self.left else '>'}{width}}"
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in lines
        ]
        return "\n".join([aligned[0], "  ".join("─" * width for width in widths), *aligned[1:]])

    def markdown(self) -> str:
        marks = ["---" if i < self.left else "--:" for i in range(len(self.head))]
        return "\n".join(f"| {' | '.join(row)} |" for row in (self.head, marks, *self.rows))


@dataclass(frozen=True)
class Section:
    title: str
    tables: Sequence[Table] = ()
    notes: Sequence[str] = ()  # sentences
    picture: str = ""  # file name, beside the document

    def text(self) -> str:
        return "\n\n".join([f"== {self.title} ==", *(t.text() for t in self.tables), *["\n".join(self.notes)]]).rstrip()
