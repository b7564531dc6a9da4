"""Commands about icons: `find`, `words`, `get`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from .answers import Hit, PictureAnswer
from .commands import NOTHING, main, narrowing
from .errors import Refused, Unusable
from .pictures import pictures_of
from .site import Client, Filters
from .tables import for_people, progress, say, show, show_json

HEADINGS = ("icon", "score", "set", "licence", "looks the same")
FORMS = ("svg", "jsx", "vue", "svelte", "css", "data", "iconify", "id", "django", "png", "webp", "ico")
IMPROBABLE = 0.005  # the score below which people are only shown the first icon
IN_PIXELS = ("png", "webp", "ico")


@main.command()
@click.argument("pictures", nargs=-1)
@click.option("--paste", is_flag=True, help="The picture on the clipboard.")
@click.option("--crop", metavar="X,Y,W,H", help="The part that shows the icon, in fractions of the picture.")
@click.option("--limit", type=click.IntRange(1, 200), default=5, show_default=True, help="Icons for each picture.")
@click.option("--min-score", type=click.FloatRange(0, 1), help="Only icons that are at least so probable.")
@click.option("--words", help="Only icons that these words find.")
@click.option("--sketch", is_flag=True, help="The picture was drawn by hand.")
@narrowing
@click.option("--open", "open_page", is_flag=True, help="Open the page of the likeliest icon.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each picture.")
@click.pass_obj
def find(
    client: Client,
    /,
    pictures: tuple[str, ...],
    paste: bool,
    limit: int,
    filters: Filters,
    words: str | None,
    open_page: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Tell which icons PICTURES show: files, or - for standard input. Screenshots of several icons will do."""
    if not pictures and not paste:
        raise click.UsageError("Name a picture, or say --paste.")
    narrowed = {**filters, **({"words": words} if words else {})}
    several = len(pictures) + paste > 1
    code = NOTHING
    for name, data in pictures_of(pictures, paste):
        try:
            answer = client.find(data, limit=limit, filters=narrowed, **options)
        except Refused as error:
            if not several:
                raise
            say(f"{name}: {error}")
            code = error.exit_code
            continue
        if as_json:
            show_json({"picture": name, **answer})
        else:
            show_answer(name, answer, limit, several)
        if answer["results"]:
            code = 0 if code == NOTHING else code
            if open_page:
                click.launch(answer["results"][0]["url"])
    sys.exit(code)


def show_answer(name: str, answer: PictureAnswer, limit: int, several: bool) -> None:
    """The icons for one picture, and of a screenshot those of each of its places."""
    places = [(region["box"], region["results"]) for region in answer["regions"]] or [([], answer["results"])]
    places = [(box, hits[:limit]) for box, hits in places]
    if not for_people():  # the same columns for each picture
        show((), [[name, ",".join(f"{edge:g}" for edge in box), *row_of(hit)] for box, hits in places for hit in hits])
        return
    if several:
        click.secho(name, bold=True)
    for number, (box, hits) in enumerate(places, start=1):
        if box:
            click.echo(f"{number}. at {', '.join(f'{edge:.3g}' for edge in box)}")
        show(HEADINGS, [row_of(hit) for hit in hits if hit is hits[0] or hit["score"] >= IMPROBABLE])
    if shares := answer["sets"][:3]:
        click.echo("; ".join(f"{share['icons']} of {share['of']} are in {share['prefix']}" for share in shares))
    if not answer["results"]:
        click.echo(answer.get("reason") or "No icon is likely enough.")
    elif not answer["confident"]:
        click.echo("The library may not have it.")


def row_of(hit: Hit) -> Sequence[str]:
    """A result as a row of a table."""
    twins = " ".join(twin["icon"] for twin in hit["twins"][:3])
    return (hit["icon"], f"{hit['score']:.2f}", hit["set"], hit["licence"], twins)


@main.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 200), default=24, show_default=True, help="How many icons.")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many to skip.")
@narrowing
@click.option("--open", "open_page", is_flag=True, help="Open the page of the first icon.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def words(
    client: Client,
    /,
    words: tuple[str, ...],
    limit: int,
    offset: int,
    filters: Filters,
    open_page: bool,
    as_json: bool,
) -> None:
    """List the icons that WORDS find, in English or Chinese."""
    answer = client.words(" ".join(words), limit=limit, offset=offset, filters=filters)
    if as_json:
        show_json(answer)
    else:
        show(("icon", "set", "licence"), [(icon["icon"], icon["set"], icon["licence"]) for icon in answer["results"]])
        if answer["left_out"]:
            say(f"Left out, since no icon fits: {', '.join(answer['left_out'])}")
    if not answer["results"]:
        say("No icon fits these words.")
        sys.exit(NOTHING)
    if open_page:
        click.launch(answer["results"][0]["url"])


@main.command()
@click.argument("icons", nargs=-1, required=True, metavar="ID...")
@click.option("-f", "--form", type=click.Choice(FORMS), default="svg", show_default=True, help="As what.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A file, or a folder for several icons.")
@click.option("--colour", help="Such as #ff8800 or tomato.")
@click.option("--size", type=click.IntRange(1, 4096), help="Width and height in px.")
@click.option("--stroke", type=click.FloatRange(0.1, 20), help="Stroke width in units of the view box.")
@click.option("--rotate", type=click.IntRange(0, 3), help="Quarter turns.")
@click.option("--flip", multiple=True, type=click.Choice(["x", "y"]), help="Across or upside down.")
@click.option("--credit", is_flag=True, help="With the licence in it.")
@click.pass_obj
def get(client: Client, /, icons: tuple[str, ...], form: str, output: Path | None, **look: Any) -> None:
    """Print icons as SVG or as code, or save them: iconsite get tabler:home -f jsx"""
    into_folder = output is not None and (output.is_dir() or len(icons) > 1)
    if form in IN_PIXELS and output is None and (for_people() or len(icons) > 1):
        raise Unusable(f"A {form.upper()} is no text: name a file or a folder, with -o.")
    with progress(output is not None) as bar:
        for icon in bar.track(icons, description="Reading"):
            content = client.icon_as(icon, form, **look)["content"]
            if output is None:
                sys.stdout.buffer.write(content if form in IN_PIXELS or content.endswith(b"\n") else content + b"\n")
                sys.stdout.buffer.flush()
                continue
            ending = form if form in (*IN_PIXELS, "svg", "jsx", "vue", "svelte", "css") else "txt"
            path = output / f"{icon.replace(':', '-').replace('/', '-')}.{ending}" if into_folder else output
            write(path, content)


def write(path: Path, content: bytes) -> None:
    """Write a file, and the folders that it is in. Raises Unusable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise Unusable(f"{path} cannot be written: {error.strerror or error}.") from None
