"""Commands about many icons: `add`, `have`, `export`."""

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import click

from .answers import Import
from .commands import NOTHING, main, narrowing
from .errors import SiteFailed
from .icon_commands import write
from .pictures import files_in, read_picture
from .site import Client, Filters
from .tables import progress, say, show, show_json

SOURCES = (".svg", ".svgz")
FILE_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*\Z", re.IGNORECASE)  # of an icon: never a path that leads elsewhere
PROBLEMS_SHOWN = 20
FAILED = 3  # the exit code of an import that was not finished


@main.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--set", "prefix", required=True, help="The prefix of the set that the icons come into.")
@click.option("--title", default="", help="The title of the set, if it is new.")
@click.option("--licence", "licence_spdx", default="", help="The licence of the set, as its SPDX id.")
@click.option("--prune", is_flag=True, help="Delete the icons of the set that are not in the folder.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def add(
    client: Client, /, source: Path, prefix: str, title: str, licence_spdx: str, prune: bool, as_json: bool
) -> None:
    """Add the SVG files of a folder, or a .svg, .zip or .json file, to a set. Needs a key with the scope “import”."""
    name, data = (f"{prefix}.zip", zip_of(source)) if source.is_dir() else (source.name, read_picture(source))
    run = client.add(name, data, prefix=prefix, title=title, licence_spdx=licence_spdx, prune=prune)
    with progress() as bar:
        task = bar.add_task("Adding", total=None)

        def tell(state: Import) -> None:
            done = state["added"] + state["changed"] + state["unchanged"] + state["rejected"]
            bar.update(task, completed=done, total=state["expected"])

        try:
            say(f"Import {run['id']} has begun; Ctrl-C stops it.")
            run = client.wait_for(run, tell)
        except KeyboardInterrupt:
            run = client.stop_import(run["id"])
            say("Stopped; what has come in stays.")
    if as_json:
        show_json(run)
    else:
        counts = ("added", "changed", "unchanged", "rejected")
        show(counts, [[str(run[count]) for count in counts]])  # type: ignore[literal-required]
        for problem in run["problems"][:PROBLEMS_SHOWN]:
            say(f"{problem['icon']}: {problem['reason']}")
    if run["status"] != "done":
        say(run["reason"] or f"The import was not finished: {run['status']}.")
        sys.exit(FAILED)
    if run["rejected"]:
        sys.exit(NOTHING)


def zip_of(folder: Path) -> bytes:
    """The SVG files of a folder as a zip. Raises Unusable."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files_in(folder, SOURCES):
            archive.writestr(path.relative_to(folder).as_posix(), read_picture(path))
    return buffer.getvalue()


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--missing", is_flag=True, help="List only those that the library does not have.")
@narrowing
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each picture.")
@click.pass_obj
def have(client: Client, /, folder: Path, missing: bool, filters: Filters, as_json: bool) -> None:
    """Tell which pictures in FOLDER, each of one icon, the library has; the exit code is 1 if it lacks some."""
    paths = files_in(folder)
    rows: list[tuple[str, str, str, str]] = []
    lacks = unreadable = 0
    with progress() as bar:
        task = bar.add_task("Looking", total=len(paths))
        for entry in client.have(((str(path), read_picture(path)) for path in paths), filters):
            bar.advance(task)
            lacks += not entry["have"]
            if missing and entry["have"]:
                continue
            if as_json:
                show_json(entry)
                continue
            best = entry.get("best")
            if problem := entry.get("problem"):
                unreadable += 1
                rows.append((entry["name"], "unreadable", "", str(problem["detail"])))
            else:
                score = f"{best['score']:.2f}" if best else ""
                rows.append((entry["name"], "yes" if entry["have"] else "no", best["icon"] if best else "", score))
    if not as_json:
        show(("picture", "have", "likeliest", "score"), rows)
        say(f"The library has {len(paths) - lacks} of {len(paths)}.")
    if lacks:
        sys.exit(NOTHING)


@main.command()
@click.argument("prefix", metavar="SET")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A folder, or a .zip file; ./SET if absent.")
@click.pass_obj
def export(client: Client, /, prefix: str, output: Path | None) -> None:
    """Save all icons of SET as SVG files, with icon-set.json, which says whose they are."""
    icon_set = client.icon_set(prefix)
    target = output or Path(prefix)
    total = icon_set.get("icons", 0)
    with progress() as bar:
        files = bar.track(files_of(client, prefix), total=total, description="Reading")
        about = ("icon-set.json", json.dumps(icon_set, indent=2, ensure_ascii=False).encode())
        if target.suffix.lower() == ".zip":
            buffer = BytesIO()
            with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, content in [about, *files]:
                    archive.writestr(name, content)
            write(target, buffer.getvalue())
        else:
            for name, content in (*files, about):
                write(target / name, content)
    say(
        f"{total} icons are in {target}. Their licence: {icon_set['licence'] or icon_set['licence_spdx'] or 'unknown'}."
    )


def files_of(client: Client, prefix: str) -> Iterator[tuple[str, bytes]]:
    """The icons of a set as files. Raises SiteFailed for a name that is none."""
    for icon in client.icons_of(prefix):
        if not FILE_NAME.match(icon["name"]):
            raise SiteFailed(f"The site has an icon whose name cannot be that of a file: {icon['name']!r}.")
        yield f"{icon['name']}.svg", icon.get("svg", "").encode()
