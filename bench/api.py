"""`python -m bench.api`: requests a second of the API, without and with a key; pages deep in a large list.

A site of its own has the demo set. With --url, only what needs no key is measured, on a site that runs elsewhere.
"""

import argparse
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests

from bench.own_site import ROOT, manage, servers, web_server

CLIENTS = (1, 4)  # that ask at once
SIDE = 48  # px, of the icon on the picture that is searched for
PAGE = 100  # icons
BATCH = 40  # pictures
FILL = """
    INSERT INTO icons_icon (set_id, name, svg, view_box, svg_hash, coloured, pale, form, name_en, name_zh, file_name,
        tags, category, aliases, hidden, created_at, updated_at)
    SELECT %s, 'made-' || number, '<svg/>', '0 0 24 24', md5(number::text) || md5(number::text), false, false, 0, '',
        '', '', ARRAY['tag-' || number %% 1000], 'category-' || number %% 50, '{}', false, now(), now()
    FROM generate_series(1, %s) AS number
"""


class Asking:
    """Requests of one kind, from several clients at once, each of which waits for its answer."""

    def __init__(self, address: str, path: str, pictures: Sequence[bytes], key: str) -> None:
        """`pictures` are posted, where there are any."""
        self.address = address + path
        self.files = [("image", (f"{number}.png", picture)) for number, picture in enumerate(pictures)]
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def ask(self, session: requests.Session) -> float:
        """Ask once; the seconds until the answer. Raises HTTPError."""
        started = time.perf_counter()
        if not self.files:
            reply = session.get(self.address, headers=self.headers, timeout=60)
        else:
            reply = session.post(self.address, files=self.files, headers=self.headers, timeout=60)
        reply.raise_for_status()
        return time.perf_counter() - started

    def measure(self, clients: int, seconds: float) -> tuple[float, float]:
        """(answers a second, the median of their milliseconds)."""
        took: list[float] = []
        deadline = time.perf_counter() + seconds

        def client() -> None:
            with requests.Session() as session:
                session.trust_env = False
                self.ask(session)  # opens the connection
                while not took or time.perf_counter() < deadline:
                    took.append(self.ask(session))

        started = time.perf_counter()
        threads = [threading.Thread(target=client) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return len(took) / (time.perf_counter() - started), 1000 * statistics.median(took)


@contextmanager
def own_site() -> Iterator[tuple[str, str, bytes]]:
    """A site with the demo set, indexed: its address, a key, and a picture of one of its icons."""
    # As limits are usually on, so that what they cost is measured, but so high that nobody is refused.
    os.environ.update(LIMIT_RATE="1000", LIMIT_RATE_SESSION="1000", LIMIT_AT_ONCE="100")
    with servers() as folder:
        manage("prepare_site", str(ROOT / "demo"))
        from django.contrib.auth.models import User

        from api.models import ApiKey
        from icons.models import Icon
        from icons.rendering import render
        from search.indexing import index_icons

        index_icons(list(Icon.objects.values_list("pk", flat=True)))
        _, secret = ApiKey.objects.issue(User.objects.get(username="admin"), "bench", ["read", "search"])
        path = folder / "shot.png"
        render(Icon.objects.visible().order_by("pk")[0].svg, SIDE).save(path)
        with web_server(folder) as (address, _program):
            yield address, secret, path.read_bytes()


def table(address: str, key: str, picture: bytes, seconds: float) -> None:
    """Print the requests a second of each kind."""
    with requests.Session() as session:
        session.trust_env = False
        icon_set = session.get(f"{address}api/v1/sets/", timeout=60).json()["results"][0]["prefix"]
        icons = f"api/v1/sets/{icon_set}/icons/"
        icon = session.get(address + icons, timeout=60).json()["results"][0]["icon"]
    kinds: dict[str, tuple[str, list[bytes]]] = {
        "one icon": (f"api/v1/icons/{icon}/", []),
        "a list of 100": (icons, []),
        "a search by picture": ("api/v1/search/image/", [picture]),
        f"a batch of {BATCH} pictures": ("api/v1/search/batch/", [picture] * BATCH),
    }
    if not key:  # a site that may be one of before there were batches
        kinds.popitem()
    print("| what | clients | key | answers a second | median, ms |\n|---|---|---|---|---|")
    for kind, (path, sent) in kinds.items():
        for clients in CLIENTS:
            for secret in ("", key) if key else ("",):
                rate, median = Asking(address, path, sent, secret).measure(clients, seconds)
                print(f"| {kind} | {clients} | {'yes' if secret else 'no'} | {rate:,.1f} | {median:.1f} |", flush=True)


def deep_pages(address: str, count: int) -> None:
    """Print how long the first and the last page of a list take among so many icons, and what noting changes costs."""
    from django.db import connection

    from api.models import Change
    from icons.models import Icon, IconSet

    icon_set = IconSet.objects.create(prefix="made", title="Made up")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE icons_icon DISABLE TRIGGER api_icons_added")
        without = _seconds(lambda: cursor.execute(FILL, [icon_set.pk, count]))
        Icon.objects.filter(set=icon_set)._raw_delete("default")
        cursor.execute("ALTER TABLE icons_icon ENABLE TRIGGER api_icons_added")
        noted = _seconds(lambda: cursor.execute(FILL, [icon_set.pk, count]))
        cursor.execute("ANALYZE")
    published = _seconds(lambda: [None for _ in iter(Change.objects.publish, 0)])
    print(f"\n{count:,} icons were written in {without:.1f} s, with their changes noted in {noted:.1f} s;", end=" ")
    print(f"the changes got their places in {published:.1f} s.\n")
    print("| list | first page, ms | last page, ms |\n|---|---|---|")
    with requests.Session() as session:
        session.trust_env = False
        for query in ("", "set=made&", "tag=tag-7&", "category=category-7&", "palette=mono&"):
            list_address = f"{address}api/v1/icons/?{query}limit={PAGE}"
            last = _cursor_before_the_end(query, icon_set)
            times = [_median(session, each) for each in (list_address, f"{list_address}&cursor={last}")]
            print(f"| `{query.rstrip('&') or 'all'}` | {times[0]:.1f} | {times[1]:.1f} |", flush=True)
        changes = f"{address}api/v1/changes/?limit={PAGE}&since="
        times = [_median(session, changes + str(since)) for since in (0, Change.objects.last_position() - PAGE)]
        print(f"| `changes` | {times[0]:.1f} | {times[1]:.1f} |")


def _cursor_before_the_end(query: str, icon_set: object) -> str:
    """The cursor of the last page of a list."""
    from base64 import b64encode

    from icons.models import Icon

    name, _, value = query.rstrip("&").partition("=")
    filters: dict[str, dict[str, object]] = {
        "tag": {"tags__contains": [value]},
        "category": {"category": value},
        "set": {"set": icon_set},
    }
    pks = Icon.objects.visible().filter(**filters.get(name, {})).order_by("-pk").values_list("pk", flat=True)
    return b64encode(f"p={pks[PAGE]}".encode()).decode()


def _median(session: requests.Session, address: str) -> float:
    def ask() -> float:
        started = time.perf_counter()
        session.get(address, timeout=60).raise_for_status()
        return time.perf_counter() - started

    ask()
    return 1000 * statistics.median(ask() for _ in range(15))


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="", help="address of a site that runs and has icons")
    parser.add_argument("--picture", type=Path, help="what is searched for there")
    parser.add_argument("--seconds", type=float, default=5, help="of each measurement")
    parser.add_argument(
        "--deep", type=int, default=0, help="icons in the list whose pages are measured, such as 390000"
    )
    options = parser.parse_args()
    if options.url:
        table(options.url.rstrip("/") + "/", "", options.picture.read_bytes(), options.seconds)
        return
    with own_site() as (address, key, picture):
        table(address, key, picture, options.seconds)
        if options.deep:
            deep_pages(address, options.deep)


if __name__ == "__main__":
    main()
