"""The clients of `make chaos`: two that ask without end, and one that has an account, a bag and icons to import."""

import random
import re
import socket
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from types import TracebackType

import requests
from PIL import Image, ImageDraw

PAUSE = 0.2  # seconds between two requests of a client
TIMEOUT = 60  # seconds that a request may take before it counts as one without an answer
START_TIMEOUT = 300  # seconds in which a new site says the password of its account
PASSWORD = re.compile(r"user admin, password (\S+)")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Account:
    """Somebody who has signed in."""

    address: str
    session: requests.Session

    def post(self, path: str, fields: Mapping[str, str | Sequence[str]], **options: object) -> requests.Response:
        """Post a form with the token of its page, again and again until the site answers."""
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            try:
                page = self.session.get(self.address + path, timeout=TIMEOUT)
                if page.ok and (token := TOKEN.search(page.text)):
                    data = {**fields, "csrfmiddlewaretoken": token[1]}
                    reply = self.session.post(self.address + path, data, timeout=TIMEOUT, **options)  # type: ignore[arg-type]
                    if reply.ok:
                        return reply
            except requests.RequestException:
                pass
            if time.monotonic() > deadline:
                raise SystemExit(f"The site does not take the form at {path}.")
            time.sleep(1)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def sign_in(address: str, log: Path) -> Account:
    """Sign in to the new site at this address, with the password that it prints into this log."""
    deadline = time.monotonic() + START_TIMEOUT
    while not (password := PASSWORD.search(log.read_text(errors="replace"))):
        if time.monotonic() > deadline:
            raise SystemExit(f"The site does not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.5)
    session = requests.Session()
    session.trust_env = False
    account = Account(address, session)
    account.post("login/", {"username": "admin", "password": password[1]})
    return account


def collect_bag(account: Account) -> str:
    """The address of a bag with an icon in it, which the account owns."""
    page = account.session.get(account.address + "icons/tabler/home/", timeout=TIMEOUT)
    token = TOKEN.search(page.text)
    assert token
    fields = {"add": "tabler:home", "csrfmiddlewaretoken": token[1]}
    account.session.post(account.address + "bag/change/", fields, timeout=TIMEOUT).raise_for_status()
    return account.session.get(account.address + "bag/", timeout=TIMEOUT).url


def zip_of_icons(name: str, count: int, chance: random.Random) -> tuple[str, bytes]:
    """The name and the bytes of a zip of so many SVGs, no two alike."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(count):
            points = " ".join(f"{chance.randrange(24)} {chance.randrange(24)}" for _ in range(5))
            svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M{points}z"/>'
            svg += '<circle cx="12" cy="12" r="3"/></svg>'
            archive.writestr(f"icon-{number}.svg", svg)
    return f"{name}.zip", buffer.getvalue()


def start_import(account: Account, name: str, data: bytes) -> str:
    """Have the site import a zip; the prefix of the set that comes of it."""
    account.post("admin/icons/importrun/add/", {}, files={"file": (name, data)})
    return name.removesuffix(".zip")


@dataclass
class Probes:
    """What clients were told from a moment on until the site was back."""

    back: float | None = None  # seconds
    statuses: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0  # seconds


class Prober:
    """Two clients for the time of a `with` block: one reads a page again and again, the other searches by picture."""

    def __init__(self, address: str) -> None:
        """`address` is that of the site."""
        self.address = address
        self.answers: list[tuple[float, float, str, str]] = []  # when asked and answered, by whom, with which status
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self._ask, args=[what]) for what in ("page", "search")]

    def until_back(self, since: float, enough: int, most: float) -> Probes:
        """Wait until each client got so many good answers in a row to what it asked after `since`."""
        probes = Probes()
        while time.monotonic() < since + most and probes.back is None:
            time.sleep(PAUSE)
            answers = [answer for answer in list(self.answers) if answer[1] > since]
            ends = []
            for what in ("page", "search"):
                own = [answer for answer in answers if answer[2] == what]
                tail = own[-enough:]
                if len(tail) == enough and all(status == "200" and asked > since for asked, _, _, status in tail):
                    bad = max((answered for _, answered, _, status in own if status != "200"), default=since)
                    ends.append(next(answered for asked, answered, _, _ in own if asked >= bad))
            if len(ends) == 2:
                probes.back = max(ends) - since
        probes.statuses = Counter(status for _, _, _, status in answers if status != "200")
        probes.longest = max((answered - asked for asked, answered, _, _ in answers), default=0.0)
        return probes

    def _ask(self, what: str) -> None:
        picture = BytesIO()
        drawing = Image.new("RGB", (64, 64), "white")
        ImageDraw.Draw(drawing).ellipse((12, 12, 52, 52), outline="black", width=5)
        drawing.save(picture, "PNG")
        with requests.Session() as session:
            session.trust_env = False
            while not self.ended.wait(PAUSE):
                asked = time.monotonic()
                try:
                    if what == "page":
                        reply = session.get(f"{self.address}sets/", timeout=TIMEOUT)
                    else:
                        files = {"image": picture.getvalue()}
                        reply = session.post(f"{self.address}api/v1/search/image/", files=files, timeout=TIMEOUT)
                    status = str(reply.status_code)
                    if reply.status_code == 503 and not reply.headers.get("Retry-After"):
                        status = "503 without Retry-After"
                except requests.Timeout:
                    status = f"no answer in {TIMEOUT} s"
                except requests.RequestException:
                    status = "connection refused"
                self.answers.append((asked, time.monotonic(), what, status))

    def __enter__(self) -> "Prober":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join()
