"""Tables, for the terminal and for Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """Rows of text below a head."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    left_aligned: int = 1  # the number of columns from the left that are aligned to the left, the others to the right

    def text(self) -> str:
        """The table for a terminal."""
        lines = [self.head, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        aligned = [
            "  ".join(
                f"{cell:{'<' if column < self.left_aligned else '>'}{width}}"
                for column, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in lines
        ]
        return "\n".join([aligned[0], "  ".join("─" * width for width in widths), *aligned[1:]])

    def markdown(self) -> str:
        """The table as GitHub writes it."""
        marks = ["---" if column < self.left_aligned else "--:" for column in range(len(self.head))]
        return "\n".join(f"| {' | '.join(row)} |" for row in (self.head, marks, *self.rows))


@dataclass(frozen=True)
class Section:
    """A part of the report."""

    title: str
    tables: Sequence[Table] = ()
    notes: Sequence[str] = ()  # sentences
    picture: str = ""  # the name of a file beside the document

    def text(self) -> str:
        """The section for a terminal, without its picture."""
        tables = [table.text() for table in self.tables]
        return "\n\n".join([f"== {self.title} ==", *tables, "\n".join(self.notes)]).rstrip()
