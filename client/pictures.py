"""Pictures as people have them: in files, on standard input, on the clipboard."""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageGrab

from .errors import Unusable

ENDINGS = (
    *(".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".bmp", ".tif", ".tiff", ".ico", ".svg", ".svgz"),
    *(".jsx", ".tsx", ".vue", ".svelte"),
)
STDIN = "-"
PREVIEW = 64  # px, the side of a preview
MARGIN = 8  # px around it


def read_picture(path: Path) -> bytes:
    """The bytes of a file. Raises Unusable."""
    try:
        return path.expanduser().read_bytes()
    except (OSError, ValueError, RuntimeError) as error:  # the last two: a NUL in it, and nobody's home
        raise Unusable(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None


def pictures_of(names: tuple[str, ...], paste: bool) -> Iterator[tuple[str, bytes]]:
    """The pictures that a command line names, each with what to call it. Raises Unusable."""
    if paste:
        yield "clipboard", from_clipboard()
    for name in names:
        if name == STDIN:
            yield "standard input", sys.stdin.buffer.read()
        else:
            yield name, read_picture(Path(name))


def from_clipboard() -> bytes:
    """The picture that was copied, as PNG, or the file of a picture that was. Raises Unusable."""
    try:
        copied = ImageGrab.grabclipboard()
    except (NotImplementedError, OSError, ValueError) as error:
        raise Unusable(f"The clipboard cannot be read here: {error or 'this system has none'}.") from None
    if isinstance(copied, list) and copied:
        return read_picture(Path(str(copied[0])))
    if not isinstance(copied, Image.Image):
        raise Unusable("There is no picture on the clipboard.")
    buffer = BytesIO()
    copied.save(buffer, "PNG")
    return buffer.getvalue()


def files_in(folder: Path, endings: tuple[str, ...] = ENDINGS) -> list[Path]:
    """The pictures in a folder and the folders in it, by path; those that begin with a dot are left out.

    Raises Unusable where there are none.
    """
    if not folder.is_dir():
        raise Unusable(f"{folder} is no folder.")
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in endings and path.is_file())
    paths = [path for path in paths if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    if not paths:
        raise Unusable(f"There are no files in {folder} that end in {', '.join(endings)}.")
    return paths


def on_white(png: bytes) -> bytes:
    """A picture on white, with a margin, as PNG: black icons on nothing look black on black to some viewers."""
    with Image.open(BytesIO(png)) as picture:
        icon = picture.convert("RGBA")
    sheet = Image.new("RGBA", (icon.width + 2 * MARGIN, icon.height + 2 * MARGIN), "white")
    sheet.alpha_composite(icon, (MARGIN, MARGIN))
    buffer = BytesIO()
    sheet.convert("RGB").save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
