"""The site as a Python program sees it."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import quote

import httpx

from .answers import Having, IconFile, IconSet, Import, ListedIcon, PictureAnswer, Status, WordAnswer
from .connection import Connection
from .errors import Unusable

API = "/api/v1"
BATCH, BATCH_BYTES = 500, 30_000_000  # pictures, and their bytes, in one request of a batch
Filters = Mapping[str, str | Iterable[str]]
"""What narrows a search down: `set`, `licence`, `style`, `tag`, `category` (a text or several), `palette`, `words`."""


def fields_of(filters: Filters | None, **more: Any) -> dict[str, Any]:
    """The fields of a request: lists of texts, and no empty ones."""
    fields: dict[str, Any] = {}
    for name, value in {**(filters or {}), **more}.items():
        if value is None or value == "" or value is False:
            continue
        if isinstance(value, str | int | float):
            fields[name] = "1" if value is True else str(value)
        else:
            fields[name] = [str(each) for each in value]
    return fields


def segment(name: str) -> str:
    """An id or a prefix as one part of an address. Raises Unusable for a text that is none."""
    try:
        part = quote(name, safe=":")
    except UnicodeError:
        part = ""
    if not part.strip("."):
        raise Unusable(f"There is no icon and no set called {name!r}.")
    return part


def crop_text(crop: Iterable[float] | str | None) -> str | None:
    """A crop as the API takes it: `x,y,w,h` in fractions of the picture."""
    return crop if crop is None or isinstance(crop, str) else ",".join(f"{number:g}" for number in crop)


class Client:
    """What a site can do, for programs.

        with Client("https://icons.example.com") as client:
            answer = client.find(open("shot.png", "rb").read(), limit=5)

    Takes what `Connection` takes. Every method raises Refused, SiteFailed or Unreachable, which are IconsiteErrors.
    """

    def __init__(self, url: str | None = None, token: str | None = None, **options: Any) -> None:
        self.connection = Connection(url, token, **options)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connections to the site."""
        self.connection.close()

    def get(self, path: str, **parameters: Any) -> Any:
        """The JSON at a path below /api/v1/."""
        return self.connection.json("GET", f"{API}/{path}", params=fields_of(parameters))

    def find(
        self,
        picture: bytes | str,
        *,
        limit: int | None = None,
        crop: Iterable[float] | str | None = None,
        min_score: float | None = None,
        sketch: bool = False,
        filters: Filters | None = None,
    ) -> PictureAnswer:
        """Icons that look like a picture: its bytes, or base64, a data URI or the source of an SVG as text.

        `crop` is x, y, width, height in fractions of the picture; what it shows is taken for one icon.
        """
        fields = fields_of(filters, limit=limit, crop=crop_text(crop), min_score=min_score, sketch=sketch)
        path = f"{API}/search/image/"
        if isinstance(picture, str):
            answer = self.connection.json("POST", path, json={"image": picture, **fields})
        else:
            answer = self.connection.json("POST", path, data=fields, files={"image": ("picture", picture)})
        return cast(PictureAnswer, answer)

    def have(self, pictures: Iterable[tuple[str, bytes]], filters: Filters | None = None) -> Iterator[Having]:
        """Which of these pictures, each of one icon with a name, the library has; in their order."""
        for batch in batches(pictures):
            left = batch
            while left:
                answer = self.connection.json(
                    "POST",
                    f"{API}/search/batch/",
                    data=fields_of(filters),
                    files=[("image", (f"{place}", data)) for place, (_name, data) in enumerate(left)],
                )
                for entry in answer["answers"]:
                    yield cast(Having, {**entry, "name": left[entry["index"]][0]})
                left = [left[place] for place in answer["left"]]

    def words(
        self, words: str, *, limit: int | None = None, offset: int | None = None, filters: Filters | None = None
    ) -> WordAnswer:
        """Icons that words in English or Chinese find, or an id such as mdi:home."""
        parameters = fields_of(filters, q=words, limit=limit, offset=offset or None)
        return cast(WordAnswer, self.connection.json("GET", f"{API}/search/words/", params=parameters))

    def icon(self, icon: str) -> ListedIcon:
        """One icon with its SVG, by its id."""
        return cast(ListedIcon, self.get(f"icons/{segment(icon)}/"))

    def icon_as(self, icon: str, form: str, **look: Any) -> IconFile:
        """An icon as code or as a file; `look`: colour, size, stroke, rotate, flip, credit."""
        parameters = fields_of(look, form=form)
        response = self.connection.request("GET", f"{API}/icons/{segment(icon)}/", params=parameters)
        return {"content": response.content, "content_type": response.headers.get("Content-Type", "")}

    def sets(self) -> Iterator[IconSet]:
        """All icon sets, by prefix."""
        return self.pages("sets/", {})

    def icon_set(self, prefix: str) -> IconSet:
        """One set, with how many icons it has."""
        return cast(IconSet, self.get(f"sets/{segment(prefix)}/"))

    def icons_of(self, prefix: str) -> Iterator[ListedIcon]:
        """The icons of a set with their SVG, by name."""
        return self.pages(f"sets/{segment(prefix)}/icons/", {"svg": "1", "limit": "500"})

    def pages(self, path: str, parameters: dict[str, str]) -> Iterator[Any]:
        """What is on all pages of a list."""
        asked: Any = parameters
        while True:
            page = self.connection.json("GET", f"{API}/{path}", params=asked)
            yield from page["results"]
            if not page["next"]:
                return
            asked = httpx.URL(page["next"]).params  # alone: the host may be one that only a proxy knows

    def add(self, file_name: str, data: bytes, **options: Any) -> Import:
        """Have a file (.svg, .zip, .json) imported in the background; `options` are prefix, title, licence_spdx, …."""
        answer = self.connection.json(
            "POST",
            f"{API}/imports/",
            data=fields_of(options),
            files={"file": (file_name, data)},
            headers={"Idempotency-Key": uuid.uuid4().hex},
        )
        return cast(Import, answer)

    def import_state(self, number: int) -> Import:
        """Where an import stands."""
        return cast(Import, self.get(f"imports/{number}/"))

    def stop_import(self, number: int) -> Import:
        """End an import; what has come in stays."""
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        return cast(Import, self.connection.json("POST", f"{API}/imports/{number}/stop/", headers=headers))

    def wait_for(self, run: Import, tell: Callable[[Import], None] = lambda run: None) -> Import:
        """Wait until an import has ended; `tell` is called with each state of it."""
        pause = 0.2
        while not run["finished"]:
            tell(run)
            self.connection.sleep(pause)
            pause = min(2.0, pause * 1.5)
            run = self.import_state(run["id"])
        tell(run)
        return run

    def status(self) -> Status:
        """Whether the site is ready, and which of its parts are."""
        parts = self.connection.json("GET", "/readyz", accepted=(503,))
        return {"ready": bool(parts.pop("ready", False)), "parts": parts}


def batches(pictures: Iterable[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    """Pictures in groups that one request can take."""
    batch: list[tuple[str, bytes]] = []
    size = 0
    for name, data in pictures:
        if batch and (len(batch) == BATCH or size + len(data) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append((name, data))
        size += len(data)
    if batch:
        yield batch
