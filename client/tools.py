"""The tools for agents, of the Model Context Protocol: the same for `iconsite mcp` and for /mcp on a site.

Who serves them says with `access` which site they ask, and how a call that blocks is run beside the event loop.
"""

import base64
import json
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from anyio import to_thread
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, ContentBlock, ImageContent, TextContent, ToolAnnotations
from pydantic import Field

from . import __version__
from .errors import IconsiteError, Refused
from .pictures import ENDINGS, PREVIEW, on_white, read_picture
from .site import Client, Filters
from .tool_answers import (
    IconInForm,
    Named,
    PictureMatches,
    Screenshot,
    Sets,
    matches_of,
    named_in,
    screenshot_of,
    set_of,
)

T = TypeVar("T")
MOST_PREVIEWS = 8  # pictures in one answer
IN_PIXELS = ("png", "webp")
PREVIEW_SIZE = str(PREVIEW)
LARGEST = 512  # px, the side of a picture that an answer holds
ENCODED = ("data:", "<")  # how a picture begins that is no path

INSTRUCTIONS = """\
Finds icons of a library by picture or by words. To name an icon that you see on a screenshot, do not guess: call
list_icons_on_screenshot for all of them, or find_icons_by_picture for one. A score is the probability that the icon is
the one meant; below 0.5 look at the previews, or say that the library may not have it. On a screenshot with several
icons, prefer the set that holds most of them. Then call get_icon for the code. Keep to the licence of each icon."""

Picture = Annotated[
    str,
    Field(
        description="The picture: base64 of a file (PNG, JPEG, WebP, GIF, SVG, …), a data URI, or the source of an SVG."
        " A server on your own machine (iconsite mcp) also takes the path of a file."
    ),
]
Crop = Annotated[
    list[float] | None,
    Field(description="The part that shows the icon: x, y, width, height in fractions of the picture, as a box is."),
]
Limit = Annotated[int, Field(ge=1, le=50, description="How many icons.")]
SetNames = Annotated[list[str] | None, Field(description="Only icons of these sets, by their prefixes.")]
Styles = Annotated[list[Literal["outline", "filled", "duotone"]] | None, Field(description="Only icons in this style.")]
Previews = Annotated[
    bool, Field(description=f"Whether the answer also shows the first {MOST_PREVIEWS} icons as small pictures.")
]
IconId = Annotated[str, Field(description="The id of an icon, such as tabler:home.")]
Form = Literal["svg", "jsx", "vue", "svelte", "css", "data", "iconify", "id", "django", "png", "webp"]


@dataclass(frozen=True)
class Access:
    """Whom tools ask: a site, how a function that blocks is run, and whether files of this machine may be read."""

    client: Client
    run: Callable[[Callable[[], Any]], Awaitable[Any]]
    files: bool


access: ContextVar[Access] = ContextVar("access")
server: MCPServer[Any] = MCPServer(
    "iconsite", title="Iconsite", version=__version__, instructions=INSTRUCTIONS, log_level="WARNING"
)
READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True)


@server.tool(title="Find icons by picture", annotations=READS)
async def find_icons_by_picture(
    picture: Picture,
    crop: Crop = None,
    limit: Limit = 5,
    sets: SetNames = None,
    styles: Styles = None,
    min_score: Annotated[float, Field(ge=0, le=1, description="Only icons with this score or more.")] = 0.0,
    previews: Previews = False,
) -> Annotated[CallToolResult, PictureMatches]:
    """Which icons of the library a picture shows, the likeliest first, each with its probability and licence."""
    narrowing: Filters = {"set": sets or [], "style": list(styles or [])}

    def find() -> CallToolResult:
        client = access.get().client
        image = opened(picture)
        answer = client.find(image, limit=limit, crop=crop, min_score=min_score or None, filters=narrowing)
        matches = matches_of(answer)
        return result(matches, shown([icon["icon"] for icon in matches["icons"]], previews))

    return await run(find)


@server.tool(title="List the icons on a screenshot", annotations=READS)
async def list_icons_on_screenshot(
    picture: Picture,
    limit: Annotated[int, Field(ge=1, le=5, description="How many candidates for each icon.")] = 3,
    sets: SetNames = None,
    previews: Previews = False,
) -> Annotated[CallToolResult, Screenshot]:
    """Every icon on a screenshot with its box and its likeliest names, and which sets hold most of them."""

    def look() -> CallToolResult:
        answer = access.get().client.find(opened(picture), filters={"set": sets or []})
        screenshot = screenshot_of(answer, limit)
        best = [place["icons"][0]["icon"] for place in screenshot["places"] if place["icons"]]
        return result(screenshot, shown(list(dict.fromkeys(best)), previews))

    return await run(look)


@server.tool(title="Find icons by words", annotations=READS)
async def find_icons_by_words(
    words: Annotated[str, Field(description="Words in English or Chinese, or an id such as mdi:home.", max_length=200)],
    limit: Limit = 10,
    sets: SetNames = None,
    styles: Styles = None,
    previews: Previews = False,
) -> Annotated[CallToolResult, Named]:
    """Icons that words find by name, tag, category or synonym, the best first."""
    narrowing: Filters = {"set": sets or [], "style": list(styles or [])}

    def look_up() -> CallToolResult:
        named = named_in(access.get().client.words(words, limit=limit, filters=narrowing))
        return result(named, shown([icon["icon"] for icon in named["icons"]], previews))

    return await run(look_up)


@server.tool(title="Get an icon in a form", annotations=READS)
async def get_icon(
    icon: IconId,
    form: Annotated[Form, Field(description="Code, or png and webp for a picture to look at.")] = "svg",
    colour: Annotated[str, Field(description="Such as #ff8800 or tomato; else its own.")] = "",
    size: Annotated[int | None, Field(ge=1, le=4096, description="Width and height in px.")] = None,
    stroke: Annotated[float | None, Field(ge=0.1, le=20, description="Stroke width in units of the view box.")] = None,
    credit: Annotated[bool, Field(description="Whether the code names the licence.")] = False,
) -> Annotated[CallToolResult, IconInForm]:
    """One icon as SVG, JSX, Vue, Svelte, CSS, data URI, Iconify or Django code, or as a picture."""

    def get() -> CallToolResult:
        client = access.get().client
        pixels = form in IN_PIXELS
        side = min(size or LARGEST // 2, LARGEST) if pixels else size
        file = client.icon_as(icon, form, colour=colour, size=side, stroke=stroke, credit=credit and not pixels)
        answer: IconInForm = {"icon": icon, "form": form, "licence": client.icon(icon)["licence"], "code": ""}
        if pixels:
            return result(answer, [picture_content(file["content"], file["content_type"])])
        answer["code"] = file["content"].decode()
        return result(answer, [])

    return await run(get)


@server.tool(title="List the icon sets", annotations=READS)
async def list_sets() -> Annotated[CallToolResult, Sets]:
    """All icon sets of the library, with their prefixes and licences."""
    return await run(lambda: result({"sets": [set_of(each) for each in access.get().client.sets()]}, []))


async def run(call: Callable[[], T]) -> T:
    """What a call that blocks returns; errors of the site become sentences that the model reads."""
    try:
        returned: T = await access.get().run(call)
    except Refused as error:
        wait = f" Ask again in {error.retry_after:.0f} seconds." if error.retry_after is not None else ""
        raise ToolError(f"{error}{wait}") from error
    except IconsiteError as error:
        raise ToolError(str(error)) from error
    return returned


def opened(picture: str) -> str | bytes:
    """The picture that a model sent: as it is, or the file at a path. Raises ToolError or Unusable."""
    text = picture.strip()
    if text.startswith(ENCODED) or "<svg" in text or len(text) > 4096:
        return text
    path = Path(text)
    if path.suffix.lower() not in ENDINGS:
        return text  # base64 has no full stop
    if not access.get().files:
        raise ToolError("This server cannot read files of your machine: send the picture as base64 or as a data URI.")
    return read_picture(path)


def result(data: Any, more: list[ContentBlock]) -> CallToolResult:
    """An answer as data and, for clients that read text alone, as JSON; then pictures."""
    text = TextContent(type="text", text=json.dumps(data, ensure_ascii=False))
    return CallToolResult(content=[text, *more], structured_content=data)


def shown(icons: list[str], previews: bool) -> list[ContentBlock]:
    """Small pictures of the first icons, each after its id."""
    blocks: list[ContentBlock] = []
    for icon in icons[:MOST_PREVIEWS] if previews else []:
        file = access.get().client.icon_as(icon, "png", size=PREVIEW_SIZE)
        blocks.append(TextContent(type="text", text=icon))
        blocks.append(picture_content(on_white(file["content"]), "image/png"))
    return blocks


def picture_content(data: bytes, content_type: str) -> ImageContent:
    """A picture in an answer."""
    return ImageContent(type="image", data=base64.b64encode(data).decode(), mime_type=content_type)


def serve_stdio(client: Client) -> None:
    """Answer the agent that has started this program, on standard input and output, until it ends them."""
    access.set(Access(client, to_thread.run_sync, files=True))
    server.run("stdio")
