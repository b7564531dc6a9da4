"""What commands print: tables for people; lines with tabs between the columns, or JSON, for programs."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table


def for_people() -> bool:
    """Whether somebody reads the output, not a program or a file."""
    return sys.stdout.isatty()


def say(sentence: str) -> None:
    """A remark beside the output."""
    click.echo(sentence, err=True)


def show(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table, or lines with tabs."""
    if not for_people():
        for row in rows:
            click.echo("\t".join(" ".join(cell.split()) for cell in row))
        return
    table = Table(box=None, pad_edge=False, header_style="dim", show_header=any(headings))
    for number, heading in enumerate(headings):
        table.add_column(heading, overflow="fold", style="bold" if number == 0 else None)
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, markup=False).print(table)


def show_json(data: Any) -> None:
    """One line of JSON."""
    click.echo(json.dumps(data, ensure_ascii=False))


def progress(shown: bool = True) -> Progress:
    """A bar beside the output, which is gone when it is full; none where nobody looks, or it is not to be shown."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not (shown and console.is_terminal))
